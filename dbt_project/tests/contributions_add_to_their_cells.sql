-- The contributions of holdings add up to the numerator and denominator of their cell; the hub default of the
-- variant terminal_default has no contributor. A failure means that disclosure control decides on other amounts than
-- those of the cells.
{{ config(meta={'dagster': {'ref': {'name': 'fct_kpi_contributions'}}}) }}

with

cells as (
    select * from {{ ref('fct_kpi') }}
    where kpi_id != 'port_throughput_teu'
),

contributions as (
    select
        kpi_id,
        method_id,
        variant,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('fct_kpi_contributions') }}
    group by kpi_id, method_id, variant, period_grain, period_start, dimension, dimension_value
),

compared as (
    select
        cells.kpi_id,
        cells.method_id,
        cells.variant,
        cells.period_grain,
        cells.period_start,
        cells.dimension_value,
        coalesce(cells.numerator, 0) as numerator,
        coalesce(contributions.numerator, 0) as contributed_numerator,
        coalesce(cells.denominator, 0) as denominator,
        coalesce(contributions.denominator, 0) as contributed_denominator
    from cells
    left join contributions
        on
            cells.kpi_id = contributions.kpi_id
            and cells.method_id = contributions.method_id
            and cells.variant = contributions.variant
            and cells.period_grain = contributions.period_grain
            and cells.period_start = contributions.period_start
            and cells.dimension = contributions.dimension
            and cells.dimension_value = contributions.dimension_value
)

select * from compared
where
    (variant = 'measured' and {{ differs('numerator', 'contributed_numerator') }})
    or {{ differs('denominator', 'contributed_denominator') }}
