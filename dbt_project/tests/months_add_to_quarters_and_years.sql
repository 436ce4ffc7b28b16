-- The months of a quarter or year add up to its numerator and denominator. Three families are left out: throughput,
-- because a port may publish a figure of the year itself; fleet, because ships are counted once per period; cargo,
-- because a contract may cover a year. A failure means that a row is missing from a period or counts in two.
{{ config(meta={'dagster': {'ref': {'name': 'fct_kpi'}}}) }}

with

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

cells as (
    select kpis.*
    from {{ ref('fct_kpi') }} as kpis
    inner join definitions
        on kpis.kpi_id = definitions.kpi_id
    where definitions.family not in ('throughput', 'fleet', 'cargo')
),

compared as (
    select
        longer.kpi_id,
        longer.method_id,
        longer.variant,
        longer.period_grain,
        longer.period_start,
        longer.dimension_value,
        coalesce(longer.numerator, 0) as numerator,
        sum(coalesce(months.numerator, 0)) as months_numerator,
        coalesce(longer.denominator, 0) as denominator,
        sum(coalesce(months.denominator, 0)) as months_denominator
    from cells as longer
    inner join cells as months
        on
            longer.kpi_id = months.kpi_id
            and longer.method_id = months.method_id
            and longer.variant = months.variant
            and longer.dimension = months.dimension
            and longer.dimension_value = months.dimension_value
            and months.period_grain = 'month'
            and months.period_start between longer.period_start and longer.period_end
    where longer.period_grain in ('quarter', 'year')
    group by
        longer.kpi_id, longer.method_id, longer.variant, longer.period_grain, longer.period_start,
        longer.dimension_value, longer.numerator, longer.denominator
)

select * from compared
where
    {{ differs('numerator', 'months_numerator') }}
    or {{ differs('denominator', 'months_denominator') }}
