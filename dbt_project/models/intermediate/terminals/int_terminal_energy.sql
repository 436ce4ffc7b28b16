with

energy as (
    select * from {{ ref('int_current_terminal_energy') }}
    where not supplied_to_ships
),

terminals as (
    select * from {{ ref('stg_corridor__terminals') }}
),

terminal_fuels as (
    select * from {{ ref('terminal_fuels') }}
),

grid_factors as (
    select * from {{ ref('int_grid_factors') }}
),

gwp as (
    select
        max(gwp_ch4_fossil) as gwp_ch4,
        max(gwp_n2o) as gwp_n2o
    from {{ ref('int_emission_factors') }}
    where method_id = {{ default_method_id() }}
),

factored as (
    select
        energy.filed_row_id,
        energy.terminal_code,
        terminals.port_locode,
        terminals.operator_partner_id,
        energy.month,
        energy.energy_carrier,
        energy.end_use,
        energy.quantity,
        energy.unit,
        energy.quantity * terminal_fuels.mj_per_unit_lhv as energy_mj,
        case when energy.energy_carrier = 'electricity' then energy.quantity end as electricity_kwh,
        case when energy.energy_carrier = 'electricity' then 'scope_2_location' else 'scope_1' end as scope,
        case
            when energy.energy_carrier = 'electricity' then grid_factors.kg_per_kwh
            when terminal_fuels.biogenic_co2_kg_per_unit > 0 and energy.certificate_number is null then null
            else
                terminal_fuels.co2_kg_per_unit
                + (
                    coalesce(terminal_fuels.ch4_g_per_unit, 0) * gwp.gwp_ch4
                    + coalesce(terminal_fuels.n2o_g_per_unit, 0) * gwp.gwp_n2o
                ) / 1e3
        end as kgco2e_per_unit,
        case
            when terminal_fuels.biogenic_co2_kg_per_unit = 0 or energy.certificate_number is not null
                then energy.quantity * terminal_fuels.biogenic_co2_kg_per_unit
        end as biogenic_co2_kg,
        case
            when energy.energy_carrier = 'electricity' then grid_factors.factor_key
            else 'terminal:' || energy.energy_carrier || ':' || energy.unit
        end as factor_key,
        case
            when energy.energy_carrier = 'electricity' then grid_factors.evidence
            else terminal_fuels.evidence
        end as evidence,
        case when energy.energy_carrier = 'electricity' then grid_factors.factor_lag_years end as factor_lag_years,
        case
            when energy.energy_carrier = 'electricity' then grid_factors.gas_basis
            else terminal_fuels.gas_basis
        end as gas_basis,
        case
            when energy.contract_instrument is not null then energy.supplier_factor_kg_per_kwh
        end as supplier_kg_per_kwh,
        energy.submission_id
    from energy
    cross join gwp
    inner join terminals
        on energy.terminal_code = terminals.terminal_code and energy.partner_id = terminals.operator_partner_id
    left join terminal_fuels
        on energy.energy_carrier = terminal_fuels.energy_carrier and energy.unit = terminal_fuels.unit
    left join grid_factors
        on
            terminals.port_locode = grid_factors.port_locode
            and extract(year from energy.month) = grid_factors.year
),

final as (
    select
        *,
        quantity * kgco2e_per_unit as co2e_kg,
        quantity
        * case when energy_carrier = 'electricity' then supplier_kg_per_kwh else kgco2e_per_unit end as market_co2e_kg
    from factored
)

select * from final
