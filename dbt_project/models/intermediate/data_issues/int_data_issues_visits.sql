with

visits as (
    select * from {{ ref('int_visits') }}
),

rejected_rows as (
    select * from {{ ref('int_visits_uncounted') }}
    where is_rejected and is_in_scope
),

port_calls as (
    select * from {{ ref('int_current_port_calls') }}
),

terminals as (
    select * from {{ ref('stg_corridor__terminals') }}
),

visits_without_stay as (
    select
        'visits_belong_to_a_stay' as check_name,
        'warning' as severity,
        visit_id as subject,
        imo_number || ' at ' || terminal_code || ' from ' || cast(tied_utc as string) as observed,
        'a stay of that ship at ' || port_locode as expected,
        submission_id
    from visits
    where stay_id is null
),

disagreements as (
    select
        'filings_of_a_visit_agree' as check_name,
        'warning' as severity,
        visit_id as subject,
        imo_number || ' at ' || terminal_code || ' on ' || cast(cast(tied_utc as date) as string) as observed,
        'release within 1 h, TEU within 2 % and kWh within 5 % of the other filing' as expected,
        submission_id,
        carrier_submission_id
    from visits
    where filings_disagree
),

-- Each filer gets an issue about its own file, which must not show figures of the other filer.
disagreeing_filings as (
    select
        check_name,
        severity,
        subject,
        observed,
        expected,
        submission_id
    from disagreements
    union
    select
        check_name,
        severity,
        subject,
        observed,
        expected,
        carrier_submission_id
    from disagreements
),

unknown_terminals as (
    select
        'terminals_are_known' as check_name,
        'error' as severity,
        port_calls.filing_id as subject,
        'terminal ' || port_calls.terminal_code as observed,
        'a terminal of corridor.toml' as expected,
        port_calls.submission_id
    from port_calls
    left join terminals
        on port_calls.terminal_code = terminals.terminal_code
    where terminals.terminal_code is null
),

stays_with_rejected_rows as (
    select
        'port_calls_are_all_accepted' as check_name,
        'warning' as severity,
        'stay ' || stay_id as subject,
        {{ rejected_rows_message('row_number') }} || 'the stay of ' || imo_number || ' at ' || port_locode
        || ' on ' || cast(arrival_utc as string) || ', which stays incomplete' as observed,
        'the whole file again, with the row corrected' as expected,
        submission_id
    from rejected_rows
    group by stay_id, imo_number, port_locode, arrival_utc, submission_id
),

final as (
    select * from visits_without_stay
    union all
    select * from disagreeing_filings
    union all
    select * from unknown_terminals
    union all
    select * from stays_with_rejected_rows
)

select * from final
