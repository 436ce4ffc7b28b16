with

filings as (
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
),

port_energy as (
    select * from {{ ref('port_energy') }}
),

filings_with_role as (
    select
        filings.*,
        partners.role,
        lag(filings.tied_utc) over (
            partition by filings.imo_number, filings.terminal_code
            order by filings.tied_utc nulls last, filings.filing_id nulls last
        ) as previous_tied_utc
    from filings
    inner join partners
        on filings.partner_id = partners.partner_id
),

numbered_filings as (
    select
        *,
        sum(
            case
                when {{ hours_between('previous_tied_utc', 'tied_utc') }} <= {{ same_visit_hours() }} then 0
                else 1
            end
        ) over (
            partition by imo_number, terminal_code
            order by tied_utc nulls last, filing_id nulls last
            rows between unbounded preceding and current row
        ) as visit_number
    from filings_with_role
),

ranked as (
    select
        *,
        row_number() over (
            partition by imo_number, terminal_code, visit_number
            order by
                case role when 'terminal' then 1 when 'port' then 2 else 3 end nulls last,
                tied_utc nulls last,
                filing_id nulls last
        ) as terminal_first,
        row_number() over (
            partition by imo_number, terminal_code, visit_number
            order by
                case role when 'carrier' then 1 when 'terminal' then 2 else 3 end nulls last,
                tied_utc nulls last,
                filing_id nulls last
        ) as carrier_first
    from numbered_filings
),

visits as (
    select
        imo_number,
        terminal_code,
        min(filing_id) as visit_id,
        count(*) as filings,
        {{ first_not_null('tied_utc', 'terminal_first') }} as tied_utc,
        {{ first_not_null('released_utc', 'terminal_first') }} as released_utc,
        {{ first_not_null('ready_to_work_utc', 'terminal_first') }} as ready_to_work_utc,
        {{ first_not_null('pilot_on_board_utc', 'terminal_first') }} as pilot_on_board_utc,
        {{ first_not_null('teu_discharged', 'terminal_first') }} as teu_discharged,
        {{ first_not_null('teu_loaded', 'terminal_first') }} as teu_loaded,
        {{ first_not_null('corridor_teu_discharged', 'carrier_first') }} as corridor_teu_discharged,
        {{ first_not_null('corridor_teu_loaded', 'carrier_first') }} as corridor_teu_loaded,
        {{ first_not_null('emission_control', 'terminal_first') }} as emission_control,
        {{ first_not_null('connected_utc', 'terminal_first') }} as connected_utc,
        {{ first_not_null('disconnected_utc', 'terminal_first') }} as disconnected_utc,
        {{ first_not_null('connected_hours', 'terminal_first') }} as filed_connected_hours,
        {{ first_not_null('shore_power_kwh', 'terminal_first') }} as shore_power_kwh,
        {{ first_not_null('exception_code', 'terminal_first') }} as exception_code,
        {{ first_not_null('submission_id', 'terminal_first') }} as submission_id,
        {{ first_not_null('submission_id', 'carrier_first') }} as carrier_submission_id,
        coalesce({{ hours_between('min(released_utc)', 'max(released_utc)') }} > 1, false)
        or coalesce(max(teu_discharged) > 1.02 * min(teu_discharged), false)
        or coalesce(max(teu_loaded) > 1.02 * min(teu_loaded), false)
        or coalesce(max(corridor_teu_discharged) > 1.02 * min(corridor_teu_discharged), false)
        or coalesce(max(corridor_teu_loaded) > 1.02 * min(corridor_teu_loaded), false)
        or coalesce(max(shore_power_kwh) > 1.05 * min(shore_power_kwh), false) as filings_disagree
    from ranked
    group by imo_number, terminal_code, visit_number
),

timed as (
    select
        visits.*,
        terminals.port_locode,
        terminals.operator_partner_id,
        case
            when visits.released_utc > visits.tied_utc
                then {{ hours_between('visits.tied_utc', 'visits.released_utc') }}
        end as berth_hours,
        {{ control_window_start('visits.tied_utc', 'visits.ready_to_work_utc') }} as window_start_utc,
        {{ control_window_end('visits.pilot_on_board_utc', 'visits.released_utc') }} as window_end_utc,
        case
            when visits.emission_control = 'none' then 0
            else coalesce(
                visits.filed_connected_hours,
                case
                    when visits.disconnected_utc > visits.connected_utc
                        then {{ hours_between('visits.connected_utc', 'visits.disconnected_utc') }}
                end
            )
        end as connected_hours,
        coalesce(
            {{ midpoint('visits.tied_utc', 'visits.released_utc') }},
            visits.tied_utc
        ) as middle_utc
    from visits
    inner join terminals
        on visits.terminal_code = terminals.terminal_code
),

windowed as (
    select
        timed.*,
        coalesce(port_energy.has_shore_power_rule, false)
        and timed.window_end_utc > timed.window_start_utc
        and timed.exception_code is null as counts_for_coverage,
        case
            when timed.window_end_utc > timed.window_start_utc
                then {{ hours_between('timed.window_start_utc', 'timed.window_end_utc') }}
        end as window_hours,
        {{ hours_between(
            'greatest(timed.window_start_utc, timed.connected_utc)',
            'least(timed.window_end_utc, timed.disconnected_utc)'
        ) }} as overlap_hours
    from timed
    left join port_energy
        on timed.port_locode = port_energy.port_locode
),

controlled as (
    select
        *,
        case
            when connected_hours is null or window_hours is null then null
            when connected_utc is null or disconnected_utc is null then least(connected_hours, window_hours)
            else least(greatest(overlap_hours, 0), connected_hours, window_hours)
        end as connected_hours_in_window
    from windowed
),

final as (
    select
        controlled.visit_id,
        stays.stay_id,
        controlled.imo_number,
        controlled.terminal_code,
        controlled.port_locode,
        controlled.operator_partner_id,
        controlled.tied_utc,
        controlled.released_utc,
        controlled.berth_hours,
        controlled.teu_discharged,
        controlled.teu_loaded,
        controlled.teu_discharged + controlled.teu_loaded as teu_handled,
        controlled.corridor_teu_discharged,
        controlled.corridor_teu_loaded,
        controlled.corridor_teu_discharged + controlled.corridor_teu_loaded as corridor_teu_handled,
        controlled.emission_control,
        controlled.exception_code,
        controlled.connected_hours,
        case
            when controlled.emission_control = 'shore_power' then controlled.connected_hours
            when controlled.emission_control is not null then 0
        end as shore_power_hours,
        controlled.counts_for_coverage,
        controlled.window_hours,
        case
            when controlled.emission_control = 'shore_power' then controlled.connected_hours_in_window
            when controlled.emission_control is not null then 0
        end as shore_power_hours_in_window,
        case
            when controlled.emission_control in ('shore_power', 'capture') then controlled.connected_hours_in_window
            when controlled.emission_control is not null then 0
        end as controlled_hours_in_window,
        controlled.shore_power_kwh,
        controlled.filings,
        controlled.filings_disagree,
        controlled.submission_id,
        controlled.carrier_submission_id
    from controlled
    left join stays
        on
            controlled.imo_number = stays.imo_number
            and controlled.port_locode = stays.port_locode
            and controlled.middle_utc >= stays.arrival_utc
            and controlled.middle_utc < stays.departure_utc
)

select * from final
