{% set populations = {
    'voyage': "'any'",
    'operated': "'any'",
    'calls': "'any'",
    'visits': "'any'",
    'certified_fuel': "'any'",
    'terminals': "'any'",
    'deliveries': 'variant',
} %}

with

recipes as (
    select * from {{ ref('int_kpi_recipes') }}
),

{% for population in populations %}
    {{ population }} as (
        select * from {{ ref('int_kpi_measures_' ~ population) }}
    ),
{% endfor %}

measures as (
    {% for population, variant in populations.items() %}
        select
            population,
            segment,
            measure,
            needs,
            method_id,
            {{ variant }} as variant,
            event_date,
            dimension_value,
            holding_id,
            amount,
            entity_type,
            entity_id,
            activity_row_id,
            activity_class,
            factor_key,
            evidence,
            factor_lag_years
        from {{ population }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

amounts as (
    select distinct
        amount_id,
        method_id,
        population,
        measure,
        needs,
        segments,
        scale
    from recipes
),

-- A measure without a method is the same by all methods.
final as (
    select
        amounts.amount_id,
        amounts.method_id,
        measures.variant,
        cast({{ dbt.date_trunc('month', 'measures.event_date') }} as date) as month_start,
        measures.dimension_value,
        measures.holding_id,
        measures.amount * amounts.scale as amount,
        measures.entity_type,
        measures.entity_id,
        measures.activity_row_id,
        measures.activity_class,
        measures.factor_key,
        measures.evidence,
        measures.factor_lag_years
    from measures
    inner join amounts
        on
            measures.population = amounts.population
            and measures.measure = amounts.measure
            and measures.needs = amounts.needs
            and {{ semicolon_list_contains('amounts.segments', 'measures.segment') }}
            and coalesce(measures.method_id, amounts.method_id) = amounts.method_id
)

select * from final
