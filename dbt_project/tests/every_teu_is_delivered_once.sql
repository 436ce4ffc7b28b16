-- The delivered TEU of a leg count in one voyage at most, and a leg is part of one voyage per direction at most. A
-- failure means that TEU are delivered twice, so that every figure per TEU is too low.
{{ config(meta={'dagster': {'ref': {'name': 'fct_voyages'}}}) }}

with

legs as (
    select * from {{ ref('int_legs') }}
),

deliveries as (
    select
        voyage_units.segment_id as leg_id,
        sum(voyage_units.delivered_teu) as delivered_teu,
        count(*) - count(distinct voyages.direction) as repeated_voyages
    from {{ ref('int_voyage_segments') }} as voyage_units
    inner join {{ ref('fct_voyages') }} as voyages
        on voyage_units.voyage_id = voyages.voyage_id
    where voyage_units.segment_type = 'leg'
    group by voyage_units.segment_id
)

select
    deliveries.*,
    legs.delivered_teu as filed_teu
from deliveries
left join legs
    on deliveries.leg_id = legs.leg_id
where
    legs.leg_id is null
    or deliveries.repeated_voyages > 0
    or deliveries.delivered_teu > legs.delivered_teu
