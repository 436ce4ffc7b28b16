with

source as (
    select * from {{ source('corridor', 'targets') }}
),

final as (
    select
        kpi_id,
        baseline_period,
        baseline_value,
        target_year,
        target_value,
        reduction_pct,
        authority,
        status
    from source
)

select * from final
