-- Directions, ports, fuels and claims add up to the figure of the whole corridor in numerator and denominator.
-- Bunkering is left out, because ships also bunker elsewhere. A failure means that a row counts in no part or in
-- two.
{{ config(meta={'dagster': {'ref': {'name': 'fct_kpi'}}}) }}

with

pooled as (
    select * from {{ ref('fct_kpi') }}
    where dimension = 'corridor'
),

divided as (
    select * from {{ ref('fct_kpi') }}
    where dimension != 'corridor' and kpi_id != 'certified_bunkered_t'
),

compared as (
    select
        pooled.kpi_id,
        pooled.method_id,
        pooled.variant,
        pooled.period_grain,
        pooled.period_start,
        divided.dimension,
        coalesce(pooled.numerator, 0) as pooled_numerator,
        sum(coalesce(divided.numerator, 0)) as divided_numerator,
        coalesce(pooled.denominator, 0) as pooled_denominator,
        sum(coalesce(divided.denominator, 0)) as divided_denominator
    from pooled
    inner join divided
        on
            pooled.kpi_id = divided.kpi_id
            and pooled.method_id = divided.method_id
            and pooled.variant = divided.variant
            and pooled.period_grain = divided.period_grain
            and pooled.period_start = divided.period_start
    group by
        pooled.kpi_id, pooled.method_id, pooled.variant, pooled.period_grain, pooled.period_start,
        divided.dimension, pooled.numerator, pooled.denominator
)

select * from compared
where
    {{ differs('pooled_numerator', 'divided_numerator') }}
    or {{ differs('pooled_denominator', 'divided_denominator') }}
