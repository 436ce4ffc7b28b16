with

rejected as (
    select * from {{ ref('int_rejected_terminal_energy') }}
    where
        not is_of_another_period
        and not is_the_example
        and not coalesce(supplied_to_ships, false)
),

accepted as (
    select * from {{ ref('int_current_terminal_energy') }}
    where not supplied_to_ships
),

terminals as (
    select * from {{ ref('stg_corridor__terminals') }}
),

accepted_rows as (
    select
        accepted.*,
        terminals.terminal_code is not null as is_own_terminal
    from accepted
    left join terminals
        on accepted.terminal_code = terminals.terminal_code and accepted.partner_id = terminals.operator_partner_id
),

terminal_months as (
    select distinct
        partner_id,
        terminal_code,
        month
    from accepted_rows
    where is_own_terminal
),

uncounted as (
    select
        rejected_row_id as filed_row_id,
        row_number,
        true as is_rejected,
        terminal_code,
        coalesce(month, filed_period_start) as first_month,
        coalesce(month, filed_period_end) as last_month,
        partner_id,
        submission_id
    from rejected
    union all
    select
        filed_row_id,
        cast(null as bigint) as row_number,
        false as is_rejected,
        terminal_code,
        month as first_month,
        month as last_month,
        partner_id,
        submission_id
    from accepted_rows
    where not is_own_terminal
),

uncounted_rows as (
    select
        uncounted.*,
        terminals.terminal_code as own_terminal_code
    from uncounted
    left join terminals
        on uncounted.terminal_code = terminals.terminal_code and uncounted.partner_id = terminals.operator_partner_id
),

final as (
    select
        uncounted_rows.filed_row_id,
        uncounted_rows.row_number,
        uncounted_rows.is_rejected,
        terminal_months.terminal_code,
        terminal_months.month,
        uncounted_rows.submission_id
    from uncounted_rows
    inner join terminal_months
        on
            uncounted_rows.partner_id = terminal_months.partner_id
            and coalesce(uncounted_rows.own_terminal_code, terminal_months.terminal_code) = terminal_months.terminal_code
            and terminal_months.month between uncounted_rows.first_month and uncounted_rows.last_month
)

select * from final
