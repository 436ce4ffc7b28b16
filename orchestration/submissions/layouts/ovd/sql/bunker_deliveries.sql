-- One row per delivery. Fuel that was pumped off the ship again under the note of a delivery is a delivery of its own,
-- so that the tanks balance at the time of each. Tables: ovd_cells, ovd_fuel_names (OVD's name, our fuel_type).
with

notes as (
    select
        *,
        coalesce(try_cast(mass as double) < 0, false) as is_de_bunkering,
        count(*) over (partition by bdn_number) > 1 as is_repeated
    from ovd_cells
),

final as (
    select
        file_row as row_number,
        file_row,
        case when is_de_bunkering and is_repeated then bdn_number || ' de-bunkered' else bdn_number end as c0,
        imo as c1,
        bunker_port as c2,
        case when bunker_delivery_date is not null and bunker_delivery_time is not null
            then concat(bunker_delivery_date, 'T', bunker_delivery_time, 'Z') end as c3,
        coalesce(names.fuel_type, notes.fuel_type) as c4,
        grade as c5,
        mass as c6,
        lower_heating_value as c7,
        sulphur_content as c8,
        viscosity as c9,
        null::varchar as c10,
        null::varchar as c11,
        null::varchar as c12,
        null::varchar as c13,
        null::varchar as c14,
        bunker_delivery_time as bunker_time,
        is_de_bunkering
    from notes
    left join ovd_fuel_names as names on upper(notes.fuel_type) = upper(names.ovd_name)
)

select * from final
