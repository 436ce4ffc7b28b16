with

{{ current_rows('rob', ['imo_number', 'measured_utc', 'fuel_type']) }},

final as (
    select
        filed_row_id,
        imo_number,
        measured_utc,
        fuel_type,
        rob_t,
        partner_id,
        submission_id
    from current_rows
)

select * from final
