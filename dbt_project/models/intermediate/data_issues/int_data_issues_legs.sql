with

legs as (
    select * from {{ ref('int_legs') }}
),

segments as (
    select * from {{ ref('int_segments') }}
),

overlapping_legs as (
    select
        'legs_do_not_overlap' as check_name,
        'error' as severity,
        leg_id as subject,
        'leg of ' || imo_number || ' from ' || from_locode || ' on ' || cast(departure_utc as string)
        || ' overlaps another leg of the same ship' as observed,
        'one leg at a time' as expected,
        submission_id
    from legs
    where overlaps_another_leg
),

unconnected_legs as (
    select
        'legs_chain' as check_name,
        'error' as severity,
        leg_id as subject,
        'leg of ' || imo_number || ' leaves ' || from_locode || ' on ' || cast(departure_utc as string)
        || ', where it had not arrived' as observed,
        'a departure from the port of the last arrival' as expected,
        submission_id
    from legs
    where breaks_the_chain
),

impossible_distances as (
    select
        'sailed_distance_is_possible' as check_name,
        'error' as severity,
        leg_id as subject,
        cast(sailed_distance_nm as string) || ' nm from ' || from_locode || ' to ' || to_locode as observed,
        'at least 0.98 of the great circle, ' || cast(great_circle_nm as string) || ' nm' as expected,
        submission_id
    from legs
    where sailed_distance_nm < 0.98 * great_circle_nm
),

unusual_distances as (
    select
        'sailed_distance_is_usual' as check_name,
        'warning' as severity,
        leg_id as subject,
        cast(sailed_distance_nm as string) || ' nm from ' || from_locode || ' to ' || to_locode as observed,
        '1.0 to 1.4 times ' || cast(sfd_nm as string) || ' nm' as expected,
        submission_id
    from legs
    where
        sailed_distance_nm >= 0.98 * great_circle_nm
        and (sailed_distance_nm < sfd_nm or sailed_distance_nm > 1.4 * sfd_nm)
),

overloaded_ships as (
    select
        'teu_on_board_fit_the_ship' as check_name,
        case when teu_on_board > 1.1 * nominal_capacity_teu then 'error' else 'warning' end as severity,
        leg_id as subject,
        cast(teu_on_board as string) || ' TEU on board ' || imo_number as observed,
        'at most ' || cast(nominal_capacity_teu as string) || ' TEU' as expected,
        submission_id
    from legs
    where teu_on_board > nominal_capacity_teu
),

incomplete_legs as (
    select
        'legs_are_complete' as check_name,
        'warning' as severity,
        legs.leg_id as subject,
        'leg of ' || legs.imo_number || ' from ' || legs.from_locode || ' on '
        || cast(legs.departure_utc as string) as observed,
        'distance, arrival, TEU, and fuel rows over 95 % of its hours, none of them rejected' as expected,
        legs.submission_id
    from segments
    inner join legs
        on segments.segment_type = 'leg' and segments.segment_id = legs.leg_id
    where not segments.has_complete_activity and legs.is_in_scope
),

final as (
    select * from overlapping_legs
    union all
    select * from unconnected_legs
    union all
    select * from impossible_distances
    union all
    select * from unusual_distances
    union all
    select * from overloaded_ships
    union all
    select * from incomplete_legs
)

select * from final
