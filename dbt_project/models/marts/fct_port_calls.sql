with

visits as (
    select * from {{ ref('int_visits') }}
),

final as (
    select
        visit_id,
        stay_id,
        imo_number,
        terminal_code,
        port_locode,
        tied_utc,
        released_utc,
        berth_hours,
        teu_discharged,
        teu_loaded,
        corridor_teu_discharged,
        corridor_teu_loaded,
        emission_control,
        exception_code,
        shore_power_hours,
        window_hours,
        shore_power_hours_in_window,
        counts_for_coverage,
        shore_power_kwh,
        filings,
        submission_id
    from visits
)

select * from final
