with

definitions as (
    select * from {{ ref('int_kpi_methods') }}
),

deliveries as (
    select * from {{ ref('kpi_terms') }}
    where population = 'delivery'
),

-- The terminals of delivered TEU may take their default.
final as (
    select
        kpi_id,
        method_id,
        'measured' as variant,
        dimensions,
        period_grains
    from definitions
    union all
    select
        kpi_id,
        method_id,
        'terminal_default' as variant,
        dimensions,
        period_grains
    from definitions
    where kpi_id in (select deliveries.kpi_id from deliveries)
)

select * from final
