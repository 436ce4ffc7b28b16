with

totals as (
    select * from {{ ref('int_throughput_totals') }}
),

final as (
    select
        port_locode,
        month,
        total_teu,
        side,
        side_total_teu,
        share_of_side,
        year_earlier_teu,
        change_on_year,
        trailing_12_months_teu
    from totals
)

select * from final
