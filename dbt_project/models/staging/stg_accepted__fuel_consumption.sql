with
{{ current_rows(
    'fuel_consumption',
    ['partner_id', 'imo_number', 'period_start_utc', 'phase', 'consumer', 'fuel_type', 'bdn_number']
) }},

final as (
    select
        {{ filed_row_id() }} as filed_row_id,
        imo_number,
        period_start_utc,
        period_end_utc,
        phase,
        consumer,
        fuel_type,
        bdn_number,
        mass_t,
        measurement,
        partner_id,
        submission_id
    from current_rows
)

select * from final
