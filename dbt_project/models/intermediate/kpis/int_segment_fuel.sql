with

fuel_rows as (
    select * from {{ ref('int_fuel_rows') }}
    where mass_t > 0
),

fuel_emissions as (
    select * from {{ ref('int_fuel_emissions') }}
),

-- A row is split between its certificate and its fossil molecule; each part has its own factor, or lacks it.
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

final as (
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
)

select * from final
