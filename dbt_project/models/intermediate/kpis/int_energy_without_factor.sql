{#- Which fuel counts for a KPI. kpi_id, segment_type and the weight of a voyage's unit. -#}
{% set of_voyages = [
    ('corridor_wtw_t', 'leg', 'share'),
    ('corridor_wtw_t', 'stay', 'share'),
    ('corridor_wtw_g_per_teu_km', 'leg', 'share'),
    ('corridor_wtw_g_per_laden_teu_km', 'leg', 'laden_share'),
    ('port_to_port_kg_per_teu', 'leg', 'share'),
    ('port_to_port_kg_per_teu', 'stay', 'share'),
    ('port_to_port_sailing_kg_per_teu', 'leg', 'share'),
    ('port_to_port_berth_kg_per_teu', 'stay', 'share'),
    ('energy_ghg_intensity_g_mj', 'leg', 'share'),
    ('energy_ghg_intensity_g_mj', 'stay', 'share'),
    ('certified_energy_share', 'leg', 'share'),
    ('certified_energy_share', 'stay', 'share'),
    ('zero_energy_share', 'leg', 'share'),
    ('zero_energy_share', 'stay', 'share'),
] %}
{#- kpi_id, unit_types and which legs in scope; the stay after a leg has the leg's own id. -#}
{% set of_legs = [
    ('operated_wtw_g_per_teu_km', ['leg'], 'true'),
    ('unallocated_wtw_t', ['leg'], 'laden_teu = 0'),
    ('clean_cargo_g_per_teu_km', ['leg', 'stay'], 'nominal_capacity_teu > 0'),
    ('eeoi_g_per_t_nm', ['leg', 'stay'], 'cargo_mass_t is not null'),
] %}

with

voyages as (
    select * from {{ ref('int_voyages') }}
    where is_in_scope
),

voyage_units as (
    select * from {{ ref('int_voyage_segments') }}
),

legs as (
    select * from {{ ref('int_legs') }}
    where is_in_scope
),

stays as (
    select * from {{ ref('int_stays') }}
    where is_in_scope and side is not null
),

visits as (
    select * from {{ ref('int_visits') }}
),

fuel_rows as (
    select * from {{ ref('int_fuel_rows') }}
    where mass_t > 0
),

fuel_emissions as (
    select * from {{ ref('int_fuel_emissions') }}
),

definitions as (
    select * from {{ ref('int_kpi_methods') }}
),

cells as (
    select * from {{ ref('int_kpi_cells') }}
),

-- A row split between a certificate and its fossil molecule lacks a factor by the part that does.
row_parts as (
    select
        fuel_rows.segment_type,
        fuel_rows.segment_id,
        fuel_emissions.method_id as factors,
        fuel_emissions.mass_t,
        fuel_emissions.mass_t * fuel_rows.reference_energy_mj / fuel_rows.mass_t as energy_mj,
        fuel_rows.reference_energy_mj is null as lacks_lcv,
        fuel_emissions.lacks_a_factor
    from fuel_emissions
    inner join fuel_rows
        on fuel_emissions.fuel_row_id = fuel_rows.fuel_row_id
    union all
    select
        segment_type,
        segment_id,
        'imo_cf' as factors,
        mass_t,
        reference_energy_mj as energy_mj,
        reference_energy_mj is null as lacks_lcv,
        imo_cf_t_per_t is null as lacks_a_factor
    from fuel_rows
),

unit_sums as (
    select
        segment_type,
        segment_id,
        factors,
        {{ exact_sum('mass_t') }} as mass_t,
        {{ exact_sum('case when lacks_a_factor then mass_t else 0 end') }} as mass_without_factor_t,
        {{ exact_sum('energy_mj') }} as energy_mj,
        {{ exact_sum('case when lacks_a_factor then energy_mj else 0 end') }} as energy_without_factor_mj,
        sum(case when lacks_lcv then 1 else 0 end) as rows_without_lcv
    from row_parts
    group by segment_type, segment_id, factors
),

voyage_recipes as (
    {% for kpi_id, segment_type, weight in of_voyages %}
        select
            '{{ kpi_id }}' as kpi_id,
            '{{ segment_type }}' as segment_type,
            '{{ weight }}' as weight
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

stays_with_a_visit as (
    select distinct
        stays.stay_id,
        stays.arrival_date,
        stays.port_locode
    from stays
    inner join visits
        on stays.stay_id = visits.stay_id
),

weighed_units as (
    select
        voyage_recipes.kpi_id,
        voyages.delivered_date as event_date,
        voyages.direction as dimension_value,
        voyage_units.segment_type,
        voyage_units.segment_id,
        case voyage_recipes.weight
            when 'laden_share' then voyage_units.laden_share
            else voyage_units.share
        end as weight
    from voyages
    inner join voyage_units
        on voyages.voyage_id = voyage_units.voyage_id
    inner join voyage_recipes
        on voyage_units.segment_type = voyage_recipes.segment_type
    {% for kpi_id, unit_types, counts in of_legs %}
        {% for segment_type in unit_types %}
            union all
            select
                '{{ kpi_id }}' as kpi_id,
                arrival_date as event_date,
                'none' as dimension_value,
                '{{ segment_type }}' as segment_type,
                leg_id as segment_id,
                cast(1 as double) as weight
            from legs
            where {{ counts }}
        {% endfor %}
    {% endfor %}
    union all
    select
        'berth_wtw_t_per_call' as kpi_id,
        arrival_date as event_date,
        port_locode as dimension_value,
        'stay' as segment_type,
        stay_id as segment_id,
        cast(1 as double) as weight
    from stays_with_a_visit
),

monthly as (
    select
        definitions.kpi_id,
        definitions.method_id,
        cast({{ dbt.date_trunc('month', 'weighed_units.event_date') }} as date) as month_start,
        weighed_units.dimension_value,
        {{ exact_sum('unit_sums.mass_t * weighed_units.weight') }} as mass_t,
        {{ exact_sum('unit_sums.mass_without_factor_t * weighed_units.weight') }} as mass_without_factor_t,
        {{ exact_sum('unit_sums.energy_mj * weighed_units.weight') }} as energy_mj,
        {{ exact_sum('unit_sums.energy_without_factor_mj * weighed_units.weight') }} as energy_without_factor_mj,
        sum(unit_sums.rows_without_lcv) as rows_without_lcv
    from weighed_units
    inner join definitions
        on weighed_units.kpi_id = definitions.kpi_id
    inner join unit_sums
        on
            weighed_units.segment_type = unit_sums.segment_type
            and weighed_units.segment_id = unit_sums.segment_id
            and case definitions.kpi_id when 'eeoi_g_per_t_nm' then 'imo_cf' else definitions.method_id end
            = unit_sums.factors
    where weighed_units.weight > 0
    group by
        definitions.kpi_id, definitions.method_id,
        cast({{ dbt.date_trunc('month', 'weighed_units.event_date') }} as date), weighed_units.dimension_value
),

in_their_cells as (
    select
        cells.cell_id,
        {{ exact_sum('monthly.mass_t') }} as mass_t,
        {{ exact_sum('monthly.mass_without_factor_t') }} as mass_without_factor_t,
        {{ exact_sum('monthly.energy_mj') }} as energy_mj,
        {{ exact_sum('monthly.energy_without_factor_mj') }} as energy_without_factor_mj,
        sum(monthly.rows_without_lcv) as rows_without_lcv
    from monthly
    inner join cells
        on
            monthly.kpi_id = cells.kpi_id
            and monthly.method_id = cells.method_id
            and monthly.month_start between cells.period_start and cells.period_end
            and (cells.dimension = 'corridor' or monthly.dimension_value = cells.dimension_value)
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
