-- The energy of all fuels of a leg or stay, certified and fossil parts together, equals its energy in fct_emissions.
-- A failure means that a part was lost or counted twice between the fuel rows and fct_emissions.
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
        segments.segment_type,
        segments.segment_id,
        segments.method_id,
        coalesce(segments.energy_mj, 0) as segment_energy_mj,
        coalesce(by_fuel.energy_mj, 0) as fuel_energy_mj
    from {{ ref('fct_emissions') }} as segments
    left join by_fuel
        on
            segments.segment_type = by_fuel.segment_type
            and segments.segment_id = by_fuel.segment_id
            and segments.method_id = by_fuel.method_id
)

select * from compared
where {{ differs('segment_energy_mj', 'fuel_energy_mj') }}
