with

fuels as (
    select * from {{ ref('int_emission_factors') }}
),

grids as (
    select * from {{ ref('int_grid_factors') }}
),

terminal_energy as (
    select * from {{ ref('int_terminal_energy') }}
),

terminal_fuels as (
    select * from {{ ref('terminal_fuels') }}
),

hub_defaults as (
    select * from {{ ref('glec_hub_defaults') }}
    where condition = 'ambient'
),

imo_cf as (
    select * from {{ ref('imo_cf') }}
),

notes as (
    select * from {{ ref('int_delivery_notes') }}
    where is_certified
),

of_fuels as (
    select
        method_id,
        factor_key,
        wtw_t_per_t as value,
        'tCO2e/t well-to-wake' as unit,
        ttw_t_per_t,
        wtt_t_per_t,
        lcv_mj_per_g,
        valid_from,
        valid_before,
        evidence,
        source
    from fuels
),

of_grids as (
    select distinct
        'any' as method_id,
        factor_key,
        kg_per_kwh as value,
        'kgCO2e/kWh' as unit,
        evidence,
        source
    from grids
),

-- Rows of a renewable fuel without certificate have a NULL factor, so the maximum is the factor with certificate.
of_terminal_fuels as (
    select
        'any' as method_id,
        terminal_energy.factor_key,
        max(terminal_energy.kgco2e_per_unit) as value,
        'kgCO2e/' || terminal_energy.unit as unit,
        terminal_fuels.evidence,
        terminal_fuels.source
    from terminal_energy
    inner join terminal_fuels
        on terminal_energy.energy_carrier = terminal_fuels.energy_carrier and terminal_energy.unit = terminal_fuels.unit
    where terminal_energy.energy_carrier != 'electricity'
    group by terminal_energy.factor_key, terminal_energy.unit, terminal_fuels.evidence, terminal_fuels.source
),

of_suppliers as (
    select
        'any' as method_id,
        {{ supplier_factor_key('terminal_code') }} as factor_key,
        case
            when min(supplier_kg_per_kwh) = max(supplier_kg_per_kwh) then min(supplier_kg_per_kwh)
        end as value,
        'kgCO2e/kWh' as unit,
        'one_source' as evidence,
        'supplier factors that the terminal filed with its contract instruments' as source
    from terminal_energy
    where energy_carrier = 'electricity' and supplier_kg_per_kwh is not null
    group by terminal_code
),

of_hubs as (
    select
        'any' as method_id,
        {{ hub_factor_key('version') }} as factor_key,
        kgco2e / {{ teu_per_container() }} as value,
        'kgCO2e/TEU' as unit,
        evidence,
        source
    from hub_defaults
),

of_carbon as (
    select
        'any' as method_id,
        {{ imo_cf_factor_key('fuel_code') }} as factor_key,
        cf_tco2_per_t as value,
        'tCO2/t tank-to-wake' as unit,
        evidence,
        source
    from imo_cf
),

of_certificates as (
    select
        'any' as method_id,
        {{ certificate_factor_key('certificate_scheme', 'certificate_number') }} as factor_key,
        max(certified_wtw_g_per_mj) as value,
        'gCO2e/MJ well-to-wake' as unit,
        'one_source' as evidence,
        'certificate filed with delivery note ' || min(bdn_number) as source
    from notes
    group by certificate_scheme, certificate_number
),

single_values as (
    {% for relation in ['grids', 'terminal_fuels', 'suppliers', 'hubs', 'carbon', 'certificates'] %}
        select * from of_{{ relation }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select * from of_fuels
    union all
    select
        method_id,
        factor_key,
        value,
        unit,
        cast(null as double) as ttw_t_per_t,
        cast(null as double) as wtt_t_per_t,
        cast(null as double) as lcv_mj_per_g,
        cast(null as date) as valid_from,
        cast(null as date) as valid_before,
        evidence,
        source
    from single_values
)

select * from final
