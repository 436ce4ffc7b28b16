with

terms as (
    select * from {{ ref('int_kpi_terms') }}
    where activity_class is not null and amount != 0
),

recipes as (
    select * from {{ ref('int_kpi_recipes') }}
    where term = 'numerator'
),

summed as (
    select
        {{ term_group_columns() }},
        factor_key,
        evidence,
        activity_class,
        max(factor_lag_years) as factor_lag_years,
        {{ exact_sum('amount') }} as amount
    from terms
    group by {{ term_group_columns() }}, factor_key, evidence, activity_class
),

final as (
    select
        recipes.kpi_id,
        recipes.method_id,
        summed.variant,
        summed.month_start as month,
        summed.dimension_value,
        summed.factor_key,
        summed.evidence,
        summed.activity_class,
        max(summed.factor_lag_years) as factor_lag_years,
        {{ exact_sum('summed.amount') }} as amount
    from summed
    inner join recipes
        on summed.amount_id = recipes.amount_id and summed.method_id = recipes.method_id
    group by
        recipes.kpi_id, recipes.method_id, summed.variant, summed.month_start, summed.dimension_value,
        summed.factor_key, summed.evidence, summed.activity_class
)

select * from final
