with

{{ current_rows('port_calls', ['partner_id', 'imo_number', 'terminal_code', 'tied_utc']) }},

final as (
    select
        filing_id,
        imo_number,
        terminal_code,
        tied_utc,
        filer_visit_id,
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
    from current_rows
)

select * from final
