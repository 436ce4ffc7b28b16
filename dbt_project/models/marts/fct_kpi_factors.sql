with

terms as (
    select * from {{ ref('int_kpi_terms') }}
    where term = 'numerator' and activity_class is not null and amount != 0
),

final as (
    select
        kpi_id,
        method_id,
        variant,
        month_start as month,
        dimension_value,
        factor_key,
        evidence,
        activity_class,
        max(factor_lag_years) as factor_lag_years,
        {{ exact_sum('amount') }} as amount
    from terms
    group by kpi_id, method_id, variant, month_start, dimension_value, factor_key, evidence, activity_class
)

select * from final
