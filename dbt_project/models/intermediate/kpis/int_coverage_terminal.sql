with

kpis as (
    select * from {{ ref('int_kpi_methods') }}
    where family = 'terminal'
),

periods as (
    select * from {{ ref('int_periods') }}
    where data_span = 'filed'
),

terminals as (
    select * from {{ ref('stg_corridor__terminals') }}
),

corridor as (
    select * from {{ ref('stg_corridor__corridor') }}
),

recipes as (
    select * from {{ ref('int_kpi_recipes') }}
    where population = 'terminal_month' and term = 'denominator'
),

terms as (
    select * from {{ ref('int_kpi_terms') }}
),

places as (
    select
        'port' as dimension,
        port_locode as dimension_value,
        port_locode,
        terminal_code
    from terminals
    union all
    select
        'corridor' as dimension,
        corridor.corridor_id as dimension_value,
        terminals.port_locode,
        terminals.terminal_code
    from terminals
    cross join corridor
),

port_places as (
    select distinct
        dimension,
        dimension_value,
        port_locode
    from places
),

due as (
    select
        kpis.kpi_id,
        periods.period_grain,
        periods.period_start,
        periods.period_end,
        places.dimension,
        places.dimension_value,
        count(*) * case periods.period_grain when 'month' then 1 when 'quarter' then 3 else 12 end as terminal_months
    from kpis
    cross join periods
    cross join places
    group by
        kpis.kpi_id, periods.period_grain, periods.period_start, periods.period_end, places.dimension,
        places.dimension_value
),

counted as (
    select
        recipes.kpi_id,
        periods.period_grain,
        periods.period_start,
        port_places.dimension,
        port_places.dimension_value,
        count(distinct terms.entity_id) as terminal_months
    from terms
    inner join recipes
        on terms.amount_id = recipes.amount_id and terms.method_id = recipes.method_id
    inner join periods
        on terms.month_start between periods.period_start and periods.period_end
    inner join port_places
        on terms.dimension_value = port_places.port_locode
    group by
        recipes.kpi_id, periods.period_grain, periods.period_start, port_places.dimension, port_places.dimension_value
),

final as (
    select
        due.kpi_id,
        due.period_grain,
        due.period_start,
        due.dimension,
        due.dimension_value,
        coalesce(counted.terminal_months, 0) / cast(due.terminal_months as double) as coverage
    from due
    left join counted
        on
            due.kpi_id = counted.kpi_id
            and due.period_grain = counted.period_grain
            and due.period_start = counted.period_start
            and due.dimension = counted.dimension
            and due.dimension_value = counted.dimension_value
)

select * from final
