with

legs as (
    select * from {{ ref('int_legs') }}
),

leg_coverage as (
    select * from {{ ref('int_leg_fuel_coverage') }}
),

stays as (
    select * from {{ ref('int_stays') }}
),

filed_fuel as (
    select * from {{ ref('int_fuel_rows_filed') }}
),

modelled as (
    select * from {{ ref('int_stay_modelled_fuel') }}
),

rejected_fuel as (
    select * from {{ ref('int_fuel_rows_rejected') }}
),

uncounted_visits as (
    select * from {{ ref('int_visits_uncounted') }}
),

segments_with_missing_rows as (
    select
        segment_type,
        segment_id
    from rejected_fuel
    union
    select
        'stay' as segment_type,
        stay_id as segment_id
    from uncounted_visits
),

stay_filed as (
    select
        segment_id as stay_id,
        count(*) as filed_rows
    from filed_fuel
    where segment_type = 'stay'
    group by segment_id
),

stay_modelled as (
    select
        stay_id,
        count(*) as modelled_consumers
    from modelled
    group by stay_id
),

leg_segments as (
    select
        'leg' as segment_type,
        legs.leg_id as segment_id,
        legs.imo_number,
        legs.leg_number,
        legs.holding_id,
        legs.partner_id,
        legs.arrival_date,
        legs.is_in_scope,
        legs.arrival_utc is not null
        and legs.sailed_distance_nm is not null
        and legs.teu_on_board is not null
        and legs.outbound_teu is not null
        and legs.inbound_teu is not null
        and legs.delivered_teu is not null
        and not legs.overlaps_another_leg
        and not legs.breaks_the_chain
        and coalesce(leg_coverage.main_engine_hours, 0) >= {{ required_fuel_coverage() }} * legs.sailing_hours
        and coalesce(leg_coverage.aux_engine_hours, legs.sailing_hours)
        >= {{ required_fuel_coverage() }} * legs.sailing_hours
        and segments_with_missing_rows.segment_id is null as has_complete_activity
    from legs
    left join leg_coverage
        on legs.leg_id = leg_coverage.leg_id
    left join segments_with_missing_rows
        on segments_with_missing_rows.segment_type = 'leg' and legs.leg_id = segments_with_missing_rows.segment_id
),

stay_segments as (
    select
        'stay' as segment_type,
        stays.stay_id as segment_id,
        stays.imo_number,
        stays.arriving_leg_number as leg_number,
        stays.holding_id,
        stays.partner_id,
        stays.arrival_date,
        stays.is_in_scope,
        (coalesce(stay_filed.filed_rows, 0) > 0 or coalesce(stay_modelled.modelled_consumers, 0) = 2)
        and segments_with_missing_rows.segment_id is null as has_complete_activity
    from stays
    left join stay_filed
        on stays.stay_id = stay_filed.stay_id
    left join stay_modelled
        on stays.stay_id = stay_modelled.stay_id
    left join segments_with_missing_rows
        on segments_with_missing_rows.segment_type = 'stay' and stays.stay_id = segments_with_missing_rows.segment_id
),

final as (
    select * from leg_segments
    union all
    select * from stay_segments
)

select * from final
