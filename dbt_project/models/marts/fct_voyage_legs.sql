with

legs as (
    select * from {{ ref('int_legs') }}
),

segments as (
    select * from {{ ref('int_segment_emissions') }}
    where segment_type = 'leg' and method_id = {{ default_method_id() }}
),

shares as (
    select
        segment_id,
        max(case when direction = 'outbound' then share end) as outbound_share,
        max(case when direction = 'inbound' then share end) as inbound_share
    from {{ ref('int_segment_shares') }}
    where segment_type = 'leg'
    group by segment_id
),

coverage as (
    select * from {{ ref('int_leg_fuel_coverage') }}
),

final as (
    select
        legs.leg_id,
        legs.imo_number,
        legs.partner_id,
        legs.service_code,
        legs.voyage_number,
        legs.from_locode,
        legs.to_locode,
        legs.departure_utc,
        legs.arrival_utc,
        legs.sailing_hours,
        legs.sailed_distance_nm,
        legs.sfd_nm,
        legs.laden_teu,
        legs.empty_teu,
        legs.reefer_teu,
        legs.cargo_mass_t,
        legs.outbound_teu,
        legs.inbound_teu,
        legs.delivered_teu,
        legs.nominal_capacity_teu,
        shares.outbound_share,
        shares.inbound_share,
        coverage.main_engine_hours / nullif(legs.sailing_hours, 0) as fuel_coverage,
        legs.is_in_scope,
        segments.is_complete,
        legs.overlaps_another_leg,
        legs.breaks_the_chain,
        legs.submission_id
    from legs
    inner join segments
        on legs.leg_id = segments.segment_id
    left join shares
        on legs.leg_id = shares.segment_id
    left join coverage
        on legs.leg_id = coverage.leg_id
)

select * from final
