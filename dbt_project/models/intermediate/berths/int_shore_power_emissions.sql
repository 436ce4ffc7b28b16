with

visits as (
    select * from {{ ref('int_visits') }}
    where stay_id is not null
),

stays as (
    select * from {{ ref('int_stays') }}
),

loads as (
    select * from {{ ref('container_aux_boiler_loads_kw') }}
),

port_energy as (
    select * from {{ ref('port_energy') }}
),

grid_factors as (
    select * from {{ ref('int_grid_factors') }}
),

supplied as (
    select
        visits.visit_id,
        visits.stay_id,
        visits.imo_number,
        visits.port_locode,
        extract(year from stays.arrival_utc) as year,
        coalesce(visits.shore_power_kwh, loads.aux_berth * visits.shore_power_hours) as shore_power_kwh,
        case when visits.shore_power_kwh is null then 'modelled' else 'metered' end as activity_class,
        visits.submission_id
    from visits
    inner join stays
        on visits.stay_id = stays.stay_id
    left join port_energy
        on visits.port_locode = port_energy.port_locode
    left join loads
        on
            port_energy.berth_load_dataset = loads.dataset
            and stays.nominal_capacity_teu >= loads.teu_min
            and (loads.teu_max is null or stays.nominal_capacity_teu < loads.teu_max)
    where
        visits.shore_power_kwh is not null
        or (visits.emission_control = 'shore_power' and coalesce(visits.shore_power_hours, 1) != 0)
),

final as (
    select
        supplied.visit_id,
        supplied.stay_id,
        supplied.imo_number,
        supplied.activity_class,
        supplied.shore_power_kwh,
        supplied.shore_power_kwh * grid_factors.kg_per_kwh / 1e3 as co2e_t,
        grid_factors.factor_key,
        grid_factors.evidence,
        grid_factors.factor_lag_years,
        supplied.submission_id
    from supplied
    left join grid_factors
        on supplied.port_locode = grid_factors.port_locode and supplied.year = grid_factors.year
)

select * from final
