with

{{ current_rows(
    'terminal_energy', ['partner_id', 'terminal_code', 'month', 'energy_carrier', 'end_use', 'supplied_to_ships']
) }},

final as (
    select
        filed_row_id,
        terminal_code,
        month,
        energy_carrier,
        end_use,
        supplied_to_ships,
        quantity,
        unit,
        certificate_number,
        contract_instrument,
        supplier_factor_kg_per_kwh,
        partner_id,
        submission_id
    from current_rows
)

select * from final
