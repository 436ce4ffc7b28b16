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

uncounted_energy as (
    select * from {{ ref('int_terminal_energy_uncounted') }}
    where is_rejected
),

uncounted_visits as (
    select * from {{ ref('int_visits_uncounted') }}
    where is_rejected and is_in_scope
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
        'release within 1 h, TEU within 2 % and kWh within 5 % of what the other filer says' as expected,
        submission_id,
        carrier_submission_id
    from visits
    where filings_disagree
),

-- Whoever filed the visit is told, each about the own file, and no figure of the other.
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

metered as (
    select
        terminal_code,
        cast({{ dbt.date_trunc('month', 'coalesce(released_utc, tied_utc)') }} as date) as month,
        sum(shore_power_kwh) as metered_kwh
    from visits
    group by terminal_code, cast({{ dbt.date_trunc('month', 'coalesce(released_utc, tied_utc)') }} as date)
),

supplied as (
    select
        terminal_code,
        month,
        min(filed_row_id) as filed_row_id,
        min(submission_id) as submission_id,
        sum(quantity) as supplied_kwh
    from terminal_energy
    where supplied_to_ships and energy_carrier = 'electricity' and unit = 'kwh'
    group by terminal_code, month
),

unmet_shore_power as (
    select
        'shore_power_is_what_ships_metered' as check_name,
        'warning' as severity,
        supplied.filed_row_id as subject,
        cast(round(supplied.supplied_kwh) as string) || ' kWh supplied to ships by ' || supplied.terminal_code
        || ' in the month of ' || cast(supplied.month as string) as observed,
        'within 5 % of what calls released that month metered' as expected,
        supplied.submission_id
    from supplied
    inner join metered
        on supplied.terminal_code = metered.terminal_code and supplied.month = metered.month
    where abs(supplied.supplied_kwh - metered.metered_kwh) > 0.05 * supplied.supplied_kwh
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

lacking_rejected_energy as (
    select
        'energy_rows_are_all_accepted' as check_name,
        'warning' as severity,
        {{ terminal_month_id('terminal_code', 'month') }} as subject,
        {{ rejected_rows_message('row_number') }} || terminal_code || ' in the month of ' || cast(month as string)
        || ', whose energy stays unknown' as observed,
        'the whole file again, with the row corrected' as expected,
        submission_id
    from uncounted_energy
    group by terminal_code, month, submission_id
),

lacking_rejected_visits as (
    select
        'port_calls_are_all_accepted' as check_name,
        'warning' as severity,
        'stay ' || stay_id as subject,
        {{ rejected_rows_message('row_number') }} || 'the stay of ' || imo_number || ' at ' || port_locode
        || ' on ' || cast(arrival_utc as string) || ', which stays incomplete' as observed,
        'the whole file again, with the row corrected' as expected,
        submission_id
    from uncounted_visits
    group by stay_id, imo_number, port_locode, arrival_utc, submission_id
),

unfactored_energy as (
    select
        'terminal_energy_has_a_factor' as check_name,
        'warning' as severity,
        filed_row_id as subject,
        energy_carrier || ' in ' || unit || ', ' || terminal_code || ' ' || cast(month as string) as observed,
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
    select * from unmet_shore_power
    union all
    select * from unknown_terminals
    union all
    select * from foreign_activity
    union all
    select * from foreign_energy
    union all
    select * from lacking_rejected_energy
    union all
    select * from lacking_rejected_visits
    union all
    select * from unfactored_energy
)

select * from final
