with

fuel as (
    select * from {{ ref('int_fuel_emissions') }}
),

shore_power as (
    select * from {{ ref('int_shore_power_emissions') }}
),

methods as (
    select * from {{ ref('methods') }}
),

fuel_rows as (
    select
        fuel_row_id as emission_row_id,
        method_id,
        part,
        segment_type,
        segment_id,
        imo_number,
        consumer,
        fuel_type,
        activity_class,
        mass_t,
        energy_mj,
        ttw_t,
        wtt_t,
        wtw_t,
        biogenic_co2_t,
        certified_wtw_g_per_mj,
        factor_key,
        evidence,
        cast(null as int) as factor_lag_years,
        lacks_a_factor,
        lacks_a_mass,
        submission_id
    from fuel
),

shore_power_rows as (
    select
        shore_power.visit_id as emission_row_id,
        methods.method_id,
        'electricity' as part,
        'stay' as segment_type,
        shore_power.stay_id as segment_id,
        shore_power.imo_number,
        'shore_power' as consumer,
        'electricity' as fuel_type,
        shore_power.activity_class,
        cast(null as double) as mass_t,
        cast(null as double) as energy_mj,
        cast(0 as double) as ttw_t,
        shore_power.co2e_t as wtt_t,
        shore_power.co2e_t as wtw_t,
        cast(null as double) as biogenic_co2_t,
        cast(null as double) as certified_wtw_g_per_mj,
        shore_power.factor_key,
        shore_power.evidence,
        shore_power.factor_lag_years,
        shore_power.shore_power_kwh is not null and shore_power.co2e_t is null as lacks_a_factor,
        shore_power.shore_power_kwh is null as lacks_a_mass,
        shore_power.submission_id
    from shore_power
    cross join methods
),

all_rows as (
    select * from fuel_rows
    union all
    select * from shore_power_rows
),

-- Rows of the same segment, consumer, fuel and activity class share one error (docs/method.md#trust).
final as (
    select
        *,
        dense_rank() over (
            order by
                segment_type nulls last,
                segment_id nulls last,
                consumer nulls last,
                fuel_type nulls last,
                activity_class nulls last
        ) as activity_row_id
    from all_rows
)

select * from final
