with

stays as (
    select * from {{ ref('int_stays') }}
),

visits as (
    select * from {{ ref('int_visits') }}
),

filed as (
    select * from {{ ref('int_fuel_rows_filed') }}
),

loads as (
    select * from {{ ref('container_aux_boiler_loads_kw') }}
),

port_energy as (
    select * from {{ ref('port_energy') }}
),

bsfc as (
    select * from {{ ref('bsfc_g_per_kwh') }}
),

stay_hours as (
    select
        stay_id,
        case when count(*) = count(berth_hours) then sum(berth_hours) end as berth_hours,
        coalesce(sum(shore_power_hours), 0) as shore_power_hours,
        min(submission_id) as submission_id
    from visits
    where stay_id is not null
    group by stay_id
),

consumers as (
    select 'aux_engine' as consumer
    union all
    select 'boiler' as consumer
),

unfiled as (
    select
        stays.stay_id,
        stays.imo_number,
        stays.port_locode,
        stays.nominal_capacity_teu,
        stays.arrival_utc,
        stays.departure_utc,
        consumers.consumer
    from stays
    cross join consumers
    left join filed
        on
            filed.segment_type = 'stay'
            and stays.stay_id = filed.segment_id
            and consumers.consumer = filed.consumer
    where filed.filed_row_id is null
),

loaded as (
    select
        unfiled.*,
        port_energy.berth_fuel_type,
        bsfc.bsfc_g_kwh,
        case unfiled.consumer when 'aux_engine' then loads.aux_berth else loads.boiler_berth end as load_kw,
        case unfiled.consumer
            when 'aux_engine'
                then case
                    when stay_hours.berth_hours > stay_hours.shore_power_hours
                        then stay_hours.berth_hours - stay_hours.shore_power_hours
                    when stay_hours.berth_hours is not null then 0
                end
            else stay_hours.berth_hours
        end as running_hours,
        stay_hours.submission_id
    from unfiled
    inner join stay_hours
        on unfiled.stay_id = stay_hours.stay_id
    inner join port_energy
        on unfiled.port_locode = port_energy.port_locode
    left join loads
        on
            port_energy.berth_load_dataset = loads.dataset
            and unfiled.nominal_capacity_teu >= loads.teu_min
            and (loads.teu_max is null or unfiled.nominal_capacity_teu < loads.teu_max)
    inner join bsfc
        on
            port_energy.berth_bsfc_fuel = bsfc.fuel
            and case unfiled.consumer when 'aux_engine' then 'auxiliary' else 'boiler' end = bsfc.engine_group
),

final as (
    select
        stay_id || '-' || consumer as modelled_row_id,
        stay_id,
        imo_number,
        arrival_utc as period_start_utc,
        departure_utc as period_end_utc,
        consumer,
        berth_fuel_type as fuel_type,
        load_kw,
        running_hours,
        bsfc_g_kwh as bsfc_g_per_kwh,
        load_kw * running_hours * bsfc_g_kwh / 1e6 as mass_t,
        submission_id
    from loaded
    where
        load_kw is not null
        and running_hours is not null
)

select * from final
