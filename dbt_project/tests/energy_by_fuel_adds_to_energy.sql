-- The energy of the fuels of a leg or stay, certified and fossil parts together, is the energy it is published with.
-- A failure means a part was lost, or counted twice, on the way from the fuel rows to fct_emissions.
{{ config(meta={'dagster': {'ref': {'name': 'fct_emissions'}}}) }}

with

fuels as (
    select
        segment_type,
        segment_id,
        method_id,
        fuel_type,
        sum(energy_mj) as energy_mj
    from {{ ref('int_fuel_emissions') }}
    group by segment_type, segment_id, method_id, fuel_type
),

by_fuel as (
    select
        segment_type,
        segment_id,
        method_id,
        sum(energy_mj) as energy_mj
    from fuels
    group by segment_type, segment_id, method_id
),

compared as (
    select
        units.segment_type,
        units.segment_id,
        units.method_id,
        coalesce(units.energy_mj, 0) as unit_energy_mj,
        coalesce(by_fuel.energy_mj, 0) as fuel_energy_mj
    from {{ ref('fct_emissions') }} as units
    left join by_fuel
        on
            units.segment_type = by_fuel.segment_type
            and units.segment_id = by_fuel.segment_id
            and units.method_id = by_fuel.method_id
)

select * from compared
where {{ differs('unit_energy_mj', 'fuel_energy_mj') }}
