with

energy as (
    select * from {{ ref('int_terminal_energy') }}
),

final as (
    select
        filed_row_id,
        terminal_code,
        port_locode,
        month,
        energy_carrier,
        end_use,
        quantity,
        unit,
        energy_mj,
        electricity_kwh,
        scope,
        co2e_kg,
        biogenic_co2_kg,
        factor_key,
        evidence,
        factor_lag_years,
        gas_basis,
        submission_id
    from energy
)

select * from final
