with

voyages as (
    select * from {{ ref('int_voyages') }}
),

voyage_units as (
    select * from {{ ref('int_voyage_segments') }}
),

unit_emissions as (
    select * from {{ ref('int_segment_emissions') }}
),

transport as (
    select * from {{ ref('int_voyage_transport') }}
),

judged as (
    select
        voyage_units.voyage_id,
        unit_emissions.method_id,
        sum(case when voyage_units.segment_type = 'stay' then 1 else 0 end) as stays,
        sum(case when voyage_units.segment_type = 'leg' and not unit_emissions.is_in_scope then 1 else 0 end)
            as legs_out_of_scope,
        sum(case when voyage_units.share is null then 1 else 0 end) as units_without_share,
        sum(case when unit_emissions.is_complete then 0 else 1 end) as incomplete_units,
        sum(case when unit_emissions.is_complete_but_for_factors then 0 else 1 end) as units_without_activity
    from voyage_units
    inner join unit_emissions
        on
            voyage_units.segment_type = unit_emissions.segment_type
            and voyage_units.segment_id = unit_emissions.segment_id
    group by voyage_units.voyage_id, unit_emissions.method_id
),

final as (
    select
        voyages.voyage_id,
        judged.method_id,
        transport.delivered_teu,
        transport.delivered_teu_km,
        transport.delivered_laden_teu_km,
        judged.stays = voyages.legs + 1
        and judged.legs_out_of_scope = 0
        and judged.units_without_share = 0
        and judged.units_without_activity = 0 as is_complete_but_for_factors,
        judged.stays = voyages.legs + 1
        and judged.legs_out_of_scope = 0
        and judged.units_without_share = 0
        and judged.incomplete_units = 0 as is_complete
    from voyages
    inner join judged
        on voyages.voyage_id = judged.voyage_id
    inner join transport
        on voyages.voyage_id = transport.voyage_id
)

select * from final
