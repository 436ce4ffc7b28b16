with

{{ current_rows('vessels', ['partner_id', 'imo_number', 'valid_from']) }},

final as (
    select
        filed_row_id,
        imo_number,
        vessel_name,
        dwt_t,
        nominal_capacity_teu,
        main_engine_type,
        aux_engine_type,
        capability,
        valid_from,
        partner_id,
        submission_id
    from current_rows
)

select * from final
