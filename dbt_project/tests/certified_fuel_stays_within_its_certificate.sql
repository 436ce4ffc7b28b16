-- The fuel that takes a certificate's factor, over all vessels, is never more than the certificate covers.
-- A failure means an over-claimed certificate lowers emissions that nobody certified.
{{ config(meta={'dagster': {'ref': {'name': 'fct_certified_fuel'}}}) }}

with

used as (
    select
        bdn_number,
        method_id,
        sum(mass_t) as used_t
    from {{ ref('int_fuel_emissions') }}
    where part = 'certified'
    group by bdn_number, method_id
),

certified as (
    select * from {{ ref('fct_certified_fuel') }}
)

select
    used.*,
    certified.certified_limit_t
from used
left join certified
    on used.bdn_number = certified.bdn_number
where
    certified.bdn_number is null
    or (used.used_t > certified.certified_limit_t and {{ differs('used.used_t', 'certified.certified_limit_t') }})
