-- A certificate belongs to one delivery, and the fuel with its factor, over all vessels, never exceeds the mass that
-- it covers. A failure means that fuel without a certificate is published with certified emissions.
{{ config(meta={'dagster': {'ref': {'name': 'fct_certified_fuel'}}}) }}

with

used as (
    select
        factor_key,
        method_id,
        sum(mass_t) as used_t
    from {{ ref('int_fuel_emissions') }}
    where part = 'certified' and factor_key is not null
    group by factor_key, method_id
),

certified as (
    select
        {{ certificate_factor_key('certificate_scheme', 'certificate_number') }} as factor_key,
        count(*) as deliveries,
        sum(certified_limit_t) as certified_limit_t
    from {{ ref('fct_certified_fuel') }}
    group by certificate_scheme, certificate_number
),

compared as (
    select
        coalesce(certified.factor_key, used.factor_key) as factor_key,
        used.method_id,
        used.used_t,
        certified.deliveries,
        certified.certified_limit_t
    from certified
    full join used
        on certified.factor_key = used.factor_key
)

select * from compared
where
    deliveries > 1
    or certified_limit_t is null
    or (used_t > certified_limit_t and {{ differs('used_t', 'certified_limit_t') }})
