with

by_source as (
    select * from {{ ref('int_throughput_by_source') }}
),

final as (
    select
        port_locode,
        period_grain,
        period_start,
        measure,
        teu,
        source_teu,
        is_corrected,
        source_id,
        page,
        precision,
        status,
        citation,
        vintage_at
    from by_source
    where source_rank = 1
)

select * from final
