with

{{ current_rows('terminal_activity', ['partner_id', 'terminal_code', 'month']) }},

final as (
    select
        filed_row_id,
        terminal_code,
        month,
        teu_handled,
        equipment_units,
        zero_emission_units,
        partner_id,
        submission_id
    from current_rows
)

select * from final
