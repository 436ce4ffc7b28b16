with

voyages as (
    select * from {{ ref('int_voyages') }}
    where is_in_scope
),

voyage_units as (
    select * from {{ ref('int_voyage_units') }}
),

legs as (
    select * from {{ ref('int_legs') }}
    where is_in_scope
),

fuel_rows as (
    select * from {{ ref('int_fuel_rows') }}
),

fuel_emissions as (
    select * from {{ ref('int_fuel_emissions') }}
),

definitions as (
    select * from {{ ref('int_kpi_methods') }}
    where family in ('ship', 'port_to_port')
),

-- A row split between a certificate and its fossil molecule lacks a factor by the part that does.
row_parts as (
    select
        fuel_emissions.fuel_row_id,
        fuel_emissions.method_id,
        fuel_rows.unit_type,
        fuel_rows.unit_id,
        fuel_emissions.mass_t,
        fuel_emissions.mass_t * fuel_rows.reference_energy_mj / nullif(fuel_rows.mass_t, 0) as energy_mj,
        fuel_rows.reference_energy_mj is null as lacks_lcv,
        fuel_emissions.lacks_a_factor
    from fuel_emissions
    inner join fuel_rows
        on fuel_emissions.fuel_row_id = fuel_rows.fuel_row_id
    where fuel_rows.mass_t > 0
),

unit_sums as (
    select
        unit_type,
        unit_id,
        method_id,
        {{ exact_sum('mass_t') }} as mass_t,
        {{ exact_sum('case when lacks_a_factor then mass_t else 0 end') }} as mass_without_factor_t,
        {{ exact_sum('energy_mj') }} as energy_mj,
        {{ exact_sum('case when lacks_a_factor then energy_mj else 0 end') }} as energy_without_factor_mj,
        sum(case when lacks_lcv then 1 else 0 end) as rows_without_lcv
    from row_parts
    group by unit_type, unit_id, method_id
),

voyage_sums as (
    select
        definitions.kpi_id,
        unit_sums.method_id,
        voyages.delivered_date as event_date,
        voyages.direction,
        voyage_units.share,
        unit_sums.mass_t,
        unit_sums.mass_without_factor_t,
        unit_sums.energy_mj,
        unit_sums.energy_without_factor_mj,
        unit_sums.rows_without_lcv
    from voyages
    inner join voyage_units
        on voyages.voyage_id = voyage_units.voyage_id
    inner join unit_sums
        on voyage_units.unit_type = unit_sums.unit_type and voyage_units.unit_id = unit_sums.unit_id
    inner join definitions
        on unit_sums.method_id = definitions.method_id
    where
        definitions.kpi_id != 'operated_wtw_g_per_teu_km'
        and definitions.kpi_id != 'port_to_port_terminals_kg_per_teu'
        and voyage_units.share > 0
        and not (
            definitions.kpi_id in ('corridor_wtw_g_per_teu_km', 'port_to_port_sailing_kg_per_teu')
            and voyage_units.unit_type = 'stay'
        )
        and not (definitions.kpi_id = 'port_to_port_berth_kg_per_teu' and voyage_units.unit_type = 'leg')
),

operated_sums as (
    select
        definitions.kpi_id,
        unit_sums.method_id,
        legs.arrival_date as event_date,
        cast(null as varchar) as direction,
        cast(1 as double) as share,
        unit_sums.mass_t,
        unit_sums.mass_without_factor_t,
        unit_sums.energy_mj,
        unit_sums.energy_without_factor_mj,
        unit_sums.rows_without_lcv
    from legs
    inner join unit_sums
        on unit_sums.unit_type = 'leg' and legs.leg_id = unit_sums.unit_id
    inner join definitions
        on unit_sums.method_id = definitions.method_id and definitions.kpi_id = 'operated_wtw_g_per_teu_km'
),

sums as (
    select * from voyage_sums
    union all
    select * from operated_sums
),

cells as (
    select * from {{ ref('int_kpi_cells') }}
),

in_their_cells as (
    select
        cells.cell_id,
        {{ exact_sum('sums.mass_t * sums.share') }} as mass_t,
        {{ exact_sum('sums.mass_without_factor_t * sums.share') }} as mass_without_factor_t,
        {{ exact_sum('sums.energy_mj * sums.share') }} as energy_mj,
        {{ exact_sum('sums.energy_without_factor_mj * sums.share') }} as energy_without_factor_mj,
        sum(sums.rows_without_lcv) as rows_without_lcv
    from sums
    inner join cells
        on
            sums.kpi_id = cells.kpi_id
            and sums.method_id = cells.method_id
            and sums.event_date between cells.period_start and cells.period_end
            and (cells.dimension = 'corridor' or sums.direction = cells.dimension_value)
    group by cells.cell_id
),

final as (
    select
        cell_id,
        case
            when rows_without_lcv > 0 then mass_without_factor_t / nullif(mass_t, 0)
            else energy_without_factor_mj / nullif(energy_mj, 0)
        end as energy_without_factor_share
    from in_their_cells
)

select * from final
