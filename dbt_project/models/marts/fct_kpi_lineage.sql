with

terms as (
    select * from {{ ref('int_kpi_terms') }}
),

recipes as (
    select * from {{ ref('int_kpi_recipes') }}
),

period_terms as (
    select * from {{ ref('int_kpi_terms_period') }}
),

throughput as (
    select * from {{ ref('int_kpi_throughput') }}
    where teu is not null
),

published as (
    select * from {{ ref('int_throughput_current') }}
    where measure = 'total_teu'
),

entity_amounts as (
    select
        {{ term_group_columns() }},
        holding_id,
        entity_type,
        entity_id,
        {{ exact_sum('amount') }} as amount
    from terms
    where amount != 0
    group by {{ term_group_columns() }}, holding_id, entity_type, entity_id
),

of_months as (
    select
        recipes.kpi_id,
        recipes.method_id,
        entity_amounts.variant,
        recipes.part,
        'month' as period_grain,
        entity_amounts.month_start as period_start,
        true as counts_in_longer_periods,
        entity_amounts.dimension_value,
        entity_amounts.holding_id,
        recipes.term,
        entity_amounts.entity_type,
        entity_amounts.entity_id,
        entity_amounts.amount
    from entity_amounts
    inner join recipes
        on entity_amounts.amount_id = recipes.amount_id and entity_amounts.method_id = recipes.method_id
),

of_periods as (
    select
        kpi_id,
        method_id,
        'any' as variant,
        part,
        period_grain,
        period_start,
        false as counts_in_longer_periods,
        dimension_value,
        holding_id,
        term,
        entity_type,
        entity_id,
        amount
    from period_terms
    where amount != 0
),

-- A year's own published figure comes first, as in int_kpi_throughput.
figures_of_ports as (
    select
        throughput.*,
        figures.period_grain as figure_grain,
        figures.period_start as figure_start,
        cast(figures.teu as double) as figure_teu
    from throughput
    left join published as of_year
        on
            throughput.period_grain = 'year'
            and of_year.period_grain = 'calendar_year'
            and throughput.port_locode = of_year.port_locode
            and throughput.period_start = of_year.period_start
    inner join published as figures
        on
            throughput.port_locode = figures.port_locode
            and figures.period_start between throughput.period_start and throughput.period_end
            and case when of_year.teu is null then 'month' else 'calendar_year' end = figures.period_grain
),

of_ports as (
    select
        'port_throughput_teu' as kpi_id,
        'none' as method_id,
        'any' as variant,
        'port' as part,
        period_grain,
        period_start,
        false as counts_in_longer_periods,
        port_locode as dimension_value,
        cast(null as string) as holding_id,
        'numerator' as term,
        'public_figure' as entity_type,
        {{ public_figure_id('port_locode', 'figure_grain', 'figure_start') }} as entity_id,
        figure_teu as amount
    from figures_of_ports
),

final as (
    select * from of_months
    union all
    select * from of_periods
    union all
    select * from of_ports
)

select * from final
