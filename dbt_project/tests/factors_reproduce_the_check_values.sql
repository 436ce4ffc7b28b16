-- The factors of the default method equal the check values of docs/method.md#fuel, in tCO2e per tonne of fuel, to
-- the digit printed there. A failure means that a row of a seed or the formula has changed, and with it every
-- emission figure.
{{ config(meta={'dagster': {'ref': {'name': 'int_emission_factors'}}}) }}

with

factors as (
    select * from {{ ref('int_emission_factors') }}
    where method_id = {{ default_method_id() }}
),

check_values (factor_key, ttw_t_per_t, wtw_t_per_t) as (
    values
    ('residual_le_0_50_s', 3.165, 3.840),
    ('distillate', 3.257, 4.012),
    ('lng:otto_ms', 3.726, 4.614),
    ('methanol', 1.375, 1.998)
)

select
    check_values.*,
    factors.ttw_t_per_t as computed_ttw_t_per_t,
    factors.wtw_t_per_t as computed_wtw_t_per_t
from check_values
left join factors
    on check_values.factor_key = factors.factor_key
where
    factors.factor_key is null
    or abs(factors.ttw_t_per_t - check_values.ttw_t_per_t) > 0.0005
    or abs(factors.wtw_t_per_t - check_values.wtw_t_per_t) > 0.0005
