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

located_rows as (
    select
        uncounted.*,
        terminals.terminal_code as own_terminal_code
    from uncounted
    left join terminals
        on uncounted.terminal_code = terminals.terminal_code and uncounted.partner_id = terminals.operator_partner_id
),

final as (
    select
        located_rows.filed_row_id,
        located_rows.row_number,
        located_rows.is_rejected,
        terminal_months.terminal_code,
        terminal_months.month,
        located_rows.submission_id
    from located_rows
    inner join terminal_months
        on
            located_rows.partner_id = terminal_months.partner_id
            and coalesce(located_rows.own_terminal_code, terminal_months.terminal_code) = terminal_months.terminal_code
            and terminal_months.month between located_rows.first_month and located_rows.last_month
)

select * from final
