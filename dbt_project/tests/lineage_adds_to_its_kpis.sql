-- The amounts of all entities add up to the numerator and denominator of every KPI cell. A failure means that
-- `corridor explain` shows other amounts than those published.
{{ config(meta={'dagster': {'ref': {'name': 'fct_kpi_lineage'}}}) }}

with

cells as (
    select * from {{ ref('fct_kpi') }}
),

lineage as (
    select
        kpi_id,
        method_id,
        variant,
        period_grain,
        period_start,
        counts_in_longer_periods,
        dimension_value,
        sum(case when term = 'numerator' then amount end) as numerator,
        sum(case when term = 'denominator' then amount end) as denominator
    from {{ ref('fct_kpi_lineage') }}
    group by kpi_id, method_id, variant, period_grain, period_start, counts_in_longer_periods, dimension_value
),

traced as (
    select
        cells.kpi_id,
        cells.method_id,
        cells.variant,
        cells.period_grain,
        cells.period_start,
        cells.dimension_value,
        coalesce(max(cells.numerator), 0) as numerator,
        coalesce(sum(lineage.numerator), 0) as traced_numerator,
        coalesce(max(cells.denominator), 0) as denominator,
        coalesce(sum(lineage.denominator), 0) as traced_denominator
    from cells
    left join lineage
        on
            cells.kpi_id = lineage.kpi_id
            and cells.method_id = lineage.method_id
            and (lineage.variant = 'any' or cells.variant = lineage.variant)
            and (cells.dimension = 'corridor' or cells.dimension_value = lineage.dimension_value)
            and lineage.period_start between cells.period_start and cells.period_end
            and (lineage.counts_in_longer_periods or cells.period_grain = lineage.period_grain)
    group by
        cells.kpi_id, cells.method_id, cells.variant, cells.period_grain, cells.period_start, cells.dimension,
        cells.dimension_value
)

select * from traced
where {{ differs('numerator', 'traced_numerator') }} or {{ differs('denominator', 'traced_denominator') }}
