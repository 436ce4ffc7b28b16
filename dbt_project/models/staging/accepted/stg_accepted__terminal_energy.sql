with

source as (
    select * from {{ source('accepted', 'terminal_energy') }}
),

final as (
    select
        {{ filed_row_id() }} as filed_row_id,
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
    from source
)

select * from final
