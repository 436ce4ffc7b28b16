-- Factors that only one of the releases used for the cell, or whose value differs.
with

current_factors as (
    select distinct
        factor_key,
        value,
        unit
    from used_factors
),

previous_factors as (
    select distinct
        factor_key,
        value,
        unit
    from previous_used_factors
)

select
    coalesce(current_factors.factor_key, previous_factors.factor_key) as factor_key,
    case
        when previous_factors.factor_key is null then 'new'
        when current_factors.factor_key is null then 'gone'
        else 'changed'
    end as change,
    previous_factors.value as value_before,
    current_factors.value as value_now,
    coalesce(current_factors.unit, previous_factors.unit) as unit
from current_factors
full join previous_factors
    on current_factors.factor_key = previous_factors.factor_key
where
    current_factors.value is distinct from previous_factors.value
    or current_factors.factor_key is null
    or previous_factors.factor_key is null
order by all
