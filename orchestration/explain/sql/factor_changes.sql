-- Factors that the release before did not use for the cell, used beside these, or had with another value.
with

now as (
    select distinct
        factor_key,
        value,
        unit
    from factored
),

before as (
    select distinct
        factor_key,
        value,
        unit
    from factored_before
)

select
    coalesce(now.factor_key, before.factor_key) as factor_key,
    case
        when before.factor_key is null then 'new'
        when now.factor_key is null then 'gone'
        else 'changed'
    end as change,
    before.value as value_before,
    now.value as value_now,
    coalesce(now.unit, before.unit) as unit
from now
full join before
    on now.factor_key = before.factor_key
where now.value is distinct from before.value or now.factor_key is null or before.factor_key is null
order by all
