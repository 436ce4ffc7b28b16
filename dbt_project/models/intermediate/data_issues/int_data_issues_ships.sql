with

legs as (
    select * from {{ ref('int_legs') }}
),

units as (
    select * from {{ ref('int_segments') }}
),

filed_fuel as (
    select * from {{ ref('int_fuel_rows_filed') }}
),

rejected_fuel as (
    select * from {{ ref('int_fuel_rows_rejected') }}
    where is_in_scope
),

fuel_emissions as (
    select * from {{ ref('int_fuel_emissions') }}
    where method_id = {{ default_method_id() }}
),

notes as (
    select * from {{ ref('int_delivery_notes') }}
),

balances as (
    select * from {{ ref('int_fuel_balances') }}
),

overlapping as (
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

unchained as (
    select
        'legs_chain' as check_name,
        'error' as severity,
        leg_id as subject,
        'leg of ' || imo_number || ' leaves ' || from_locode || ' on ' || cast(departure_utc as string)
        || ', where it had not arrived' as observed,
        'the port of the last arrival' as expected,
        submission_id
    from legs
    where breaks_the_chain
),

too_short as (
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

unusual_distance as (
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

overloaded as (
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

without_activity as (
    select
        'legs_are_complete' as check_name,
        'warning' as severity,
        legs.leg_id as subject,
        'leg of ' || legs.imo_number || ' from ' || legs.from_locode || ' on '
        || cast(legs.departure_utc as string) as observed,
        'distance, arrival, TEU, and fuel rows over 95 % of its hours, none of them rejected' as expected,
        legs.submission_id
    from units
    inner join legs
        on units.segment_type = 'leg' and units.segment_id = legs.leg_id
    where not units.has_its_activity and legs.is_in_scope
),

lacking_rejected_fuel as (
    select
        'fuel_rows_are_all_accepted' as check_name,
        'warning' as severity,
        segment_type || ' ' || segment_id as subject,
        {{ rejected_rows_message('row_number') }} || 'the ' || segment_type || ' of ' || imo_number
        || case segment_type when 'leg' then ' from ' else ' at ' end || port_locode || ' on '
        || cast(begun_utc as string) || ', which stays incomplete' as observed,
        'the whole file again, with the row corrected' as expected,
        submission_id
    from rejected_fuel
    group by segment_type, segment_id, imo_number, port_locode, begun_utc, submission_id
),

homeless_fuel as (
    select
        'fuel_rows_belong_to_a_leg_or_stay' as check_name,
        'warning' as severity,
        filed_row_id as subject,
        coalesce(fuel_type, 'fuel') || ' of ' || imo_number || ' from '
        || cast(period_start_utc as string) as observed,
        'a leg or stay under way at that time' as expected,
        submission_id
    from filed_fuel
    where segment_id is null
),

crossing_fuel as (
    select
        'fuel_rows_end_with_their_leg' as check_name,
        'warning' as severity,
        filed_fuel.filed_row_id as subject,
        'ends ' || cast(filed_fuel.period_end_utc as string) as observed,
        'at most {{ fuel_row_crossing_hours() }} h after the arrival at '
        || cast(legs.arrival_utc as string) as expected,
        filed_fuel.submission_id
    from filed_fuel
    inner join legs
        on filed_fuel.segment_type = 'leg' and filed_fuel.segment_id = legs.leg_id
    where
        {{ hours_between('legs.arrival_utc', 'filed_fuel.period_end_utc') }} > {{ fuel_row_crossing_hours() }}
),

unfactored_fuel as (
    select distinct
        'fuel_rows_have_a_factor' as check_name,
        'warning' as severity,
        fuel_row_id as subject,
        coalesce(fuel_type, 'fuel without its delivery note') || ' burned in ' || consumer as observed,
        'a row in the factor table of ' || {{ default_method_id() }} as expected,
        submission_id
    from fuel_emissions
    where lacks_a_factor
),

without_note as (
    select
        'delivery_notes_exist' as check_name,
        'warning' as severity,
        filed_fuel.filed_row_id as subject,
        'delivery note ' || filed_fuel.bdn_number as observed,
        'a row in bunker_deliveries' as expected,
        filed_fuel.submission_id
    from filed_fuel
    left join notes
        on filed_fuel.partner_id = notes.partner_id and filed_fuel.bdn_number = notes.bdn_number
    where filed_fuel.bdn_number is not null and notes.bdn_number is null
),

unlike_note as (
    select
        'fuel_rows_agree_with_their_note' as check_name,
        'warning' as severity,
        filed_fuel.filed_row_id as subject,
        filed_fuel.fuel_type || ' burned by ' || filed_fuel.imo_number as observed,
        notes.fuel_type || ' delivered to ' || notes.imo_number || ' with ' || notes.bdn_number as expected,
        filed_fuel.submission_id
    from filed_fuel
    inner join notes
        on filed_fuel.partner_id = notes.partner_id and filed_fuel.bdn_number = notes.bdn_number
    where filed_fuel.fuel_type != notes.fuel_type or filed_fuel.imo_number != notes.imo_number
),

repeated_certificates as (
    select
        'certificates_are_claimed_once' as check_name,
        'error' as severity,
        bdn_number as subject,
        'certificate ' || certificate_number || ' of ' || certificate_scheme || ' on ' || bdn_number
        || ', which another delivery claims already' as observed,
        'a certificate of its own' as expected,
        submission_id
    from notes
    where repeats_a_certificate
),

over_claimed as (
    select
        'certified_mass_is_not_over_claimed' as check_name,
        'error' as severity,
        bdn_number as subject,
        cast(round(certified_claimed_t, 3) as string) || ' t consumed as certified from ' || bdn_number as observed,
        'at most ' || cast(round(certified_limit_t, 3) as string) || ' t' as expected,
        submission_id
    from notes
    where certified_claimed_t > certified_limit_t * (1 + 1e-9)
),

unbalanced as (
    select
        'fuel_balances' as check_name,
        'warning' as severity,
        filed_row_id as subject,
        cast(round(unexplained_t, 1) as string) || ' t of ' || fuel_type || ' of ' || imo_number || ' unexplained, '
        || cast(measured_from_utc as string) || ' to ' || cast(measured_utc as string) as observed,
        'what was on board and bunkered, less what was burned, within 5 t or 3 %' as expected,
        submission_id
    from balances
    where not is_balanced
),

final as (
    select * from overlapping
    union all
    select * from unchained
    union all
    select * from too_short
    union all
    select * from unusual_distance
    union all
    select * from overloaded
    union all
    select * from without_activity
    union all
    select * from lacking_rejected_fuel
    union all
    select * from homeless_fuel
    union all
    select * from crossing_fuel
    union all
    select * from unfactored_fuel
    union all
    select * from without_note
    union all
    select * from unlike_note
    union all
    select * from repeated_certificates
    union all
    select * from over_claimed
    union all
    select * from unbalanced
)

select * from final
