with

unpublished as (
    select
        port_locode,
        month,
        row_number() over (partition by port_locode order by month nulls last) as position
    from {{ ref('fct_port_throughput_totals') }}
    where total_teu is null
),

-- Consecutive months have the same difference between month and position.
runs as (
    select
        port_locode,
        month,
        {{ dbt.dateadd('month', '-position', 'month') }} as run_id
    from unpublished
),

final as (
    select
        port_locode,
        min(month) as first_month,
        max(month) as last_month,
        count(*) as months
    from runs
    group by port_locode, run_id
)

select * from final
