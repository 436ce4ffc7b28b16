with

visits as (
    select * from {{ ref('int_visits') }}
),

filed_energy as (
    select * from {{ ref('int_current_terminal_energy') }}
),

filed_activity as (
    select * from {{ ref('int_current_terminal_activity') }}
),

terminal_energy as (
    select * from {{ ref('int_terminal_energy') }}
),

rejected_rows as (
    select * from {{ ref('int_terminal_energy_uncounted') }}
    where is_rejected
),

terminals as (
    select * from {{ ref('stg_corridor__terminals') }}
),

metered_by_ships as (
    select
        terminal_code,
        cast({{ dbt.date_trunc('month', 'coalesce(released_utc, tied_utc)') }} as date) as month,
        sum(shore_power_kwh) as metered_kwh
    from visits
    group by terminal_code, cast({{ dbt.date_trunc('month', 'coalesce(released_utc, tied_utc)') }} as date)
),

supplied_by_terminals as (
    select
        terminal_code,
        month,
        min(filed_row_id) as filed_row_id,
        min(submission_id) as submission_id,
        sum(quantity) as supplied_kwh
    from filed_energy
    where supplied_to_ships and energy_carrier = 'electricity' and unit = 'kwh'
    group by terminal_code, month
),

shore_power_differences as (
    select
        'shore_power_is_what_ships_metered' as check_name,
        'warning' as severity,
        supplied_by_terminals.filed_row_id as subject,
        cast(round(supplied_by_terminals.supplied_kwh) as string) || ' kWh supplied to ships by '
        || supplied_by_terminals.terminal_code || ' in the month of ' || cast(supplied_by_terminals.month as string)
            as observed,
        'within 5 % of what calls released that month metered' as expected,
        supplied_by_terminals.submission_id
    from supplied_by_terminals
    inner join metered_by_ships
        on
            supplied_by_terminals.terminal_code = metered_by_ships.terminal_code
            and supplied_by_terminals.month = metered_by_ships.month
    where
        abs(supplied_by_terminals.supplied_kwh - metered_by_ships.metered_kwh)
        > 0.05 * supplied_by_terminals.supplied_kwh
),

filed_rows as (
    select
        filed_row_id,
        terminal_code,
        partner_id,
        submission_id
    from filed_activity
    union all
    select
        filed_row_id,
        terminal_code,
        partner_id,
        submission_id
    from filed_energy
),

rows_of_other_operators as (
    select
        'terminals_are_the_filers_own' as check_name,
        'error' as severity,
        filed_rows.filed_row_id as subject,
        'terminal ' || filed_rows.terminal_code as observed,
        'a terminal this partner operates' as expected,
        filed_rows.submission_id
    from filed_rows
    left join terminals
        on
            filed_rows.terminal_code = terminals.terminal_code
            and filed_rows.partner_id = terminals.operator_partner_id
    where terminals.terminal_code is null
),

months_with_rejected_rows as (
    select
        'energy_rows_are_all_accepted' as check_name,
        'warning' as severity,
        {{ terminal_month_id('terminal_code', 'month') }} as subject,
        {{ rejected_rows_message('row_number') }} || terminal_code || ' in the month of ' || cast(month as string)
        || ', whose energy stays unknown' as observed,
        'the whole file again, with the row corrected' as expected,
        submission_id
    from rejected_rows
    group by terminal_code, month, submission_id
),

energy_without_factor as (
    select
        'terminal_energy_has_a_factor' as check_name,
        'warning' as severity,
        filed_row_id as subject,
        energy_carrier || ' in ' || unit || ', ' || terminal_code || ' ' || cast(month as string) as observed,
        'a quantity and a factor for the energy type and unit' as expected,
        submission_id
    from terminal_energy
    where co2e_kg is null
),

final as (
    select * from shore_power_differences
    union all
    select * from rows_of_other_operators
    union all
    select * from months_with_rejected_rows
    union all
    select * from energy_without_factor
)

select * from final
