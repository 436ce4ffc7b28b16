with

figures as (
    select * from {{ ref('int_throughput_current') }}
    where period_grain = 'month'
),

final as (
    select
        port_locode,
        period_start as month,
        measure,
        teu,
        source_teu,
        is_corrected,
        source_id,
        precision,
        status,
        citation,
        vintage_at
    from figures
)

select * from final
