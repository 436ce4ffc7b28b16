with

legs as (
    select * from {{ ref('int_legs') }}
),

fuel_rows as (
    select * from {{ ref('int_fuel_rows_filed') }}
),

rejected_rows as (
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

segments_with_rejected_rows as (
    select
        'fuel_rows_are_all_accepted' as check_name,
        'warning' as severity,
        segment_type || ' ' || segment_id as subject,
        {{ rejected_rows_message('row_number') }} || 'the ' || segment_type || ' of ' || imo_number
        || case segment_type when 'leg' then ' from ' else ' at ' end || port_locode || ' on '
        || cast(begun_utc as string) || ', which stays incomplete' as observed,
        'the whole file again, with the row corrected' as expected,
        submission_id
    from rejected_rows
    group by segment_type, segment_id, imo_number, port_locode, begun_utc, submission_id
),

rows_without_segment as (
    select
        'fuel_rows_belong_to_a_leg_or_stay' as check_name,
        'warning' as severity,
        filed_row_id as subject,
        coalesce(fuel_type, 'fuel') || ' of ' || imo_number || ' from '
        || cast(period_start_utc as string) as observed,
        'a leg or stay under way at that time' as expected,
        submission_id
    from fuel_rows
    where segment_id is null
),

rows_ending_after_their_leg as (
    select
        'fuel_rows_end_with_their_leg' as check_name,
        'warning' as severity,
        fuel_rows.filed_row_id as subject,
        'ends ' || cast(fuel_rows.period_end_utc as string) as observed,
        'at most {{ fuel_row_crossing_hours() }} h after the arrival at '
        || cast(legs.arrival_utc as string) as expected,
        fuel_rows.submission_id
    from fuel_rows
    inner join legs
        on fuel_rows.segment_type = 'leg' and fuel_rows.segment_id = legs.leg_id
    where
        {{ hours_between('legs.arrival_utc', 'fuel_rows.period_end_utc') }} > {{ fuel_row_crossing_hours() }}
),

rows_without_factor as (
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

rows_without_note as (
    select
        'delivery_notes_exist' as check_name,
        'warning' as severity,
        fuel_rows.filed_row_id as subject,
        'delivery note ' || fuel_rows.bdn_number as observed,
        'a row in bunker_deliveries' as expected,
        fuel_rows.submission_id
    from fuel_rows
    left join notes
        on fuel_rows.partner_id = notes.partner_id and fuel_rows.bdn_number = notes.bdn_number
    where fuel_rows.bdn_number is not null and notes.bdn_number is null
),

rows_unlike_their_note as (
    select
        'fuel_rows_agree_with_their_note' as check_name,
        'warning' as severity,
        fuel_rows.filed_row_id as subject,
        fuel_rows.fuel_type || ' burned by ' || fuel_rows.imo_number as observed,
        notes.fuel_type || ' delivered to ' || notes.imo_number || ' with ' || notes.bdn_number as expected,
        fuel_rows.submission_id
    from fuel_rows
    inner join notes
        on fuel_rows.partner_id = notes.partner_id and fuel_rows.bdn_number = notes.bdn_number
    where fuel_rows.fuel_type != notes.fuel_type or fuel_rows.imo_number != notes.imo_number
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

over_claimed_certificates as (
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

unbalanced_soundings as (
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
    select * from segments_with_rejected_rows
    union all
    select * from rows_without_segment
    union all
    select * from rows_ending_after_their_leg
    union all
    select * from rows_without_factor
    union all
    select * from rows_without_note
    union all
    select * from rows_unlike_their_note
    union all
    select * from repeated_certificates
    union all
    select * from over_claimed_certificates
    union all
    select * from unbalanced_soundings
)

select * from final
