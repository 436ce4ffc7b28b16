-- The numerators of sailing, berth and terminals add up to that of port to port, and all have the same denominator.
-- A failure means that a part is missing or counted twice, so that the published parts do not explain the total.
{{ config(meta={'dagster': {'ref': {'name': 'fct_kpi'}}}) }}

with

totals as (
    select * from {{ ref('fct_kpi') }}
    where kpi_id = 'port_to_port_kg_per_teu'
),

parts as (
    select * from {{ ref('fct_kpi') }}
    where kpi_id like 'port_to_port_%' and kpi_id != 'port_to_port_kg_per_teu'
),

compared as (
    select
        totals.variant,
        totals.period_grain,
        totals.period_start,
        totals.dimension,
        totals.dimension_value,
        coalesce(totals.numerator, 0) as total_numerator,
        sum(coalesce(parts.numerator, 0)) as parts_numerator,
        coalesce(totals.denominator, 0) as total_denominator,
        min(coalesce(parts.denominator, 0)) as least_denominator,
        max(coalesce(parts.denominator, 0)) as greatest_denominator,
        count(*) as parts
    from totals
    inner join parts
        on
            totals.period_grain = parts.period_grain
            and totals.period_start = parts.period_start
            and totals.dimension = parts.dimension
            and totals.dimension_value = parts.dimension_value
            and (parts.kpi_id != 'port_to_port_terminals_kg_per_teu' or totals.variant = parts.variant)
    group by
        totals.variant, totals.period_grain, totals.period_start, totals.dimension, totals.dimension_value,
        totals.numerator, totals.denominator
)

select * from compared
where
    parts != 3
    or {{ differs('total_numerator', 'parts_numerator') }}
    or {{ differs('total_denominator', 'least_denominator') }}
    or {{ differs('total_denominator', 'greatest_denominator') }}
