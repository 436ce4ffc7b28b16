with

rejected as (
    select * from {{ ref('int_rejected_port_calls') }}
    where not is_of_another_period and not is_the_example
),

accepted as (
    select * from {{ ref('int_current_port_calls') }}
),

partners as (
    select * from {{ ref('stg_corridor__partners') }}
),

terminals as (
    select * from {{ ref('stg_corridor__terminals') }}
),

stays as (
    select * from {{ ref('int_stays') }}
    where side is not null
),

visits as (
    select * from {{ ref('int_visits') }}
    where emission_control is not null
),

operated_ports as (
    select distinct
        operator_partner_id as partner_id,
        port_locode
    from terminals
),

uncounted as (
    select
        rejected_row_id as filed_row_id,
        row_number,
        true as is_rejected,
        imo_number,
        terminal_code,
        tied_utc,
        released_utc,
        cast(filed_period_start as timestamp) as filed_from_utc,
        cast({{ dbt.dateadd('day', 1, 'filed_period_end') }} as timestamp) as filed_until_utc,
        partner_id,
        submission_id
    from rejected
    union all
    select
        accepted.filing_id as filed_row_id,
        cast(null as bigint) as row_number,
        false as is_rejected,
        accepted.imo_number,
        accepted.terminal_code,
        accepted.tied_utc,
        accepted.released_utc,
        cast(null as timestamp) as filed_from_utc,
        cast(null as timestamp) as filed_until_utc,
        accepted.partner_id,
        accepted.submission_id
    from accepted
    left join terminals
        on accepted.terminal_code = terminals.terminal_code
    where terminals.terminal_code is null
),

-- A row is not missing if another filing of the same visit states how emissions were controlled.
without_other_filing as (
    select uncounted.*
    from uncounted
    left join visits
        on
            uncounted.imo_number = visits.imo_number
            and uncounted.terminal_code = visits.terminal_code
            and abs({{ hours_between('uncounted.tied_utc', 'visits.tied_utc') }}) <= {{ same_visit_hours() }}
    where visits.visit_id is null
),

rows_with_interval as (
    select
        without_other_filing.*,
        partners.role,
        terminals.port_locode,
        {{ add_hours(
            'coalesce(least(tied_utc, released_utc), tied_utc, released_utc, filed_from_utc)',
            '-' ~ same_visit_hours()
        ) }} as may_begin_utc,
        {{ add_hours(
            'coalesce(greatest(tied_utc, released_utc), tied_utc, released_utc, filed_until_utc)',
            same_visit_hours()
        ) }} as may_end_utc
    from without_other_filing
    inner join partners
        on without_other_filing.partner_id = partners.partner_id
    left join terminals
        on without_other_filing.terminal_code = terminals.terminal_code
),

final as (
    select
        rows_with_interval.filed_row_id,
        rows_with_interval.row_number,
        rows_with_interval.is_rejected,
        stays.stay_id,
        stays.imo_number,
        stays.is_in_scope,
        stays.port_locode,
        stays.arrival_utc,
        rows_with_interval.submission_id
    from rows_with_interval
    inner join stays
        on
            coalesce(rows_with_interval.imo_number, stays.imo_number) = stays.imo_number
            and coalesce(rows_with_interval.port_locode, stays.port_locode) = stays.port_locode
            and rows_with_interval.may_begin_utc < stays.departure_utc
            and rows_with_interval.may_end_utc > stays.arrival_utc
    left join operated_ports
        on rows_with_interval.partner_id = operated_ports.partner_id and stays.port_locode = operated_ports.port_locode
    where
        (
            rows_with_interval.role != 'carrier'
            or rows_with_interval.imo_number is not null
            or rows_with_interval.partner_id = stays.partner_id
        )
        and (
            rows_with_interval.role != 'terminal'
            or rows_with_interval.port_locode is not null
            or operated_ports.partner_id is not null
        )
)

select * from final
