with

source as (
    select * from {{ source('accepted', 'port_calls') }}
),

final as (
    select
        {{ filed_row_id() }} as filing_id,
        imo_number,
        terminal_code,
        tied_utc,
        visit_id as filer_visit_id,
        berth,
        released_utc,
        ready_to_work_utc,
        pilot_on_board_utc,
        teu_discharged,
        teu_loaded,
        corridor_teu_discharged,
        corridor_teu_loaded,
        emission_control,
        connected_utc,
        disconnected_utc,
        connected_hours,
        shore_power_kwh,
        exception_code,
        partner_id,
        submission_id
    from source
)

select * from final
