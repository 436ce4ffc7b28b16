with

{{ current_rows('vessel_annual', ['imo_number', 'year', 'fuel_type']) }},

final as (
    select
        filed_row_id,
        imo_number,
        year,
        fuel_type,
        mass_t,
        distance_nm,
        verified_by,
        partner_id,
        submission_id
    from current_rows
)

select * from final
