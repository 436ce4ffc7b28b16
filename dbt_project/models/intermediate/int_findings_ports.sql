with

visits as (
    select * from {{ ref('int_visits') }}
),

terminal_energy as (
    select * from {{ ref('stg_accepted__terminal_energy') }}
),

terminal_activity as (
    select * from {{ ref('stg_accepted__terminal_activity') }}
),

terminal_factors as (
    select * from {{ ref('int_terminal_energy') }}
),

terminals as (
    select * from {{ ref('stg_corridor__terminals') }}
),

port_calls as (
    select * from {{ ref('stg_accepted__port_calls') }}
),

homeless_visits as (
    select
        'visits_belong_to_a_stay' as check_name,
        'warning' as severity,
        visit_id as subject,
        imo_number || ' at ' || terminal_code || ' from ' || cast(tied_utc as varchar) as observed,
        'a stay of that ship at ' || port_locode as expected,
        submission_id
    from visits
    where stay_id is null
),

disagreeing_filings as (
    select
        'filings_of_a_visit_agree' as check_name,
        'warning' as severity,
        visit_id as subject,
        imo_number || ' at ' || terminal_code || ' from ' || cast(tied_utc as varchar) as observed,
        'release within 1 h and figures within 5 % of each other' as expected,
        submission_id
    from visits
    where filings_disagree
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

foreign_activity as (
    select
        'terminals_are_the_filers_own' as check_name,
        'error' as severity,
        terminal_activity.filed_row_id as subject,
        'terminal ' || terminal_activity.terminal_code as observed,
        'a terminal this partner operates' as expected,
        terminal_activity.submission_id
    from terminal_activity
    left join terminals
        on
            terminal_activity.terminal_code = terminals.terminal_code
            and terminal_activity.partner_id = terminals.operator_partner_id
    where terminals.terminal_code is null
),

foreign_energy as (
    select
        'terminals_are_the_filers_own' as check_name,
        'error' as severity,
        terminal_energy.filed_row_id as subject,
        'terminal ' || terminal_energy.terminal_code as observed,
        'a terminal this partner operates' as expected,
        terminal_energy.submission_id
    from terminal_energy
    left join terminals
        on
            terminal_energy.terminal_code = terminals.terminal_code
            and terminal_energy.partner_id = terminals.operator_partner_id
    where terminals.terminal_code is null
),

unfactored_energy as (
    select
        'terminal_energy_has_a_factor' as check_name,
        'warning' as severity,
        filed_row_id as subject,
        energy_carrier || ' in ' || unit || ', ' || terminal_code || ' ' || cast(month as varchar) as observed,
        'a quantity and a factor for the carrier and unit' as expected,
        submission_id
    from terminal_factors
    where co2e_kg is null
),

final as (
    select * from homeless_visits
    union all
    select * from disagreeing_filings
    union all
    select * from unknown_terminals
    union all
    select * from foreign_activity
    union all
    select * from foreign_energy
    union all
    select * from unfactored_energy
)

select * from final
