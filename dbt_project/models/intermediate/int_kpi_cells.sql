with

variants as (
    select * from {{ ref('int_kpi_variants') }}
),

periods as (
    select * from {{ ref('int_periods') }}
    where data_span = 'filed'
),

corridor as (
    select * from {{ ref('stg_corridor__corridor') }}
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

dimension_values as (
    select
        'corridor' as dimension,
        corridor_id as dimension_value
    from corridor
    union all
    select
        'direction' as dimension,
        'outbound' as dimension_value
    union all
    select
        'direction' as dimension,
        'inbound' as dimension_value
    union all
    select
        'port' as dimension,
        port_locode as dimension_value
    from sides
),

final as (
    select
        row_number() over (
            order by
                variants.kpi_id, variants.method_id, variants.variant, periods.period_grain, periods.period_start,
                dimension_values.dimension, dimension_values.dimension_value
        ) as cell_id,
        variants.kpi_id,
        variants.method_id,
        variants.variant,
        periods.period_grain,
        periods.period_start,
        periods.period_end,
        dimension_values.dimension,
        dimension_values.dimension_value
    from variants
    cross join periods
    inner join dimension_values
        on ';' || variants.dimensions || ';' like '%;' || dimension_values.dimension || ';%'
)

select * from final
