with

{{ current_rows(
    'fuel_consumption',
    ['partner_id', 'imo_number', 'period_start_utc', 'phase', 'consumer', 'fuel_type', 'bdn_number']
) }},

notes as (
    select * from {{ ref('int_current_bunker_deliveries') }}
),

-- A row may leave the fuel type to its delivery note. Until the note is filed, the fuel type is NULL.
final as (
    select
        current_rows.filed_row_id,
        current_rows.imo_number,
        current_rows.period_start_utc,
        current_rows.period_end_utc,
        current_rows.phase,
        current_rows.consumer,
        coalesce(current_rows.fuel_type, notes.fuel_type) as fuel_type,
        current_rows.fuel_type is null as is_fuel_of_the_note,
        current_rows.bdn_number,
        current_rows.mass_t,
        current_rows.measurement,
        current_rows.partner_id,
        current_rows.submission_id
    from current_rows
    left join notes
        on current_rows.partner_id = notes.partner_id and current_rows.bdn_number = notes.bdn_number
)

select * from final
