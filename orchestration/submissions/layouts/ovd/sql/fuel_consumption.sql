-- One row per report, consumer and fuel or delivery note. Tables: ovd_reports; ovd_burned and ovd_unnamed, with one row
-- per mass column and report, where OVD states the fuel and where it does not; ovd_filing (period, measurement).
with

cells as (
    select
        burned.*,
        reports.imo,
        coalesce(try_cast(burned.mass as double) = 0, false) as is_zero
    from ovd_burned as burned
    inner join ovd_reports as reports using (file_row)
),

-- The fuel and columns of a ship's consumer, for reports that leave all its masses blank.
usual_fuels as (
    select
        imo,
        consumer,
        arg_min(fuel_type, place) as fuel_type,
        arg_min(bdn_number, place) as bdn_number,
        arg_min(mass_column, place) as mass_column
    from cells
    where mass is not null and has_fuel_type
    group by imo, consumer
),

-- Several zeros of a consumer become one row: the fuels of which nothing was burned do not matter.
reported as (
    select
        *,
        row_number() over (partition by file_row, consumer, is_zero order by place) as zero_number,
        bool_or(not is_zero) over (partition by file_row, consumer) as burned_something
    from cells
    where mass is not null and not (is_zero and not has_fuel_type)
),

filled as (
    select file_row, place, consumer, fuel_type, bdn_number, mass, mass_column, fuel_column, bdn_column
    from reported
    where not is_zero or (zero_number = 1 and not burned_something)
),

blank as (
    select
        reports.file_row,
        0 as place,
        usual_fuels.consumer,
        usual_fuels.fuel_type,
        usual_fuels.bdn_number,
        null as mass,
        usual_fuels.mass_column,
        usual_fuels.mass_column as fuel_column,
        usual_fuels.mass_column as bdn_column
    from ovd_reports as reports
    inner join usual_fuels using (imo)
    where not exists (
        select 1 from cells
        where cells.file_row = reports.file_row and cells.consumer = usual_fuels.consumer and cells.mass is not null
    )
),

-- The fuel in the first filled column of a ship's boilers, or else of its engines.
boiler_fuels as (
    select
        imo,
        arg_min(
            struct_pack(fuel_type := fuel_type, bdn_number := bdn_number),
            struct_pack(is_engine := consumer != 'boiler', place := place)
        ) as fuel
    from cells
    where mass is not null and has_fuel_type
    group by imo
),

-- Fuel that OVD does not name makes the mass of the boilers unknown. Without this the leg would be understated.
unnamed as (
    select
        unnamed.file_row,
        1000 + unnamed.place as place,
        unnamed.consumer,
        boiler_fuels.fuel.fuel_type as fuel_type,
        boiler_fuels.fuel.bdn_number as bdn_number,
        null as mass,
        unnamed.mass_column,
        unnamed.mass_column as fuel_column,
        unnamed.mass_column as bdn_column,
        unnamed.mass as unnamed_mass
    from ovd_unnamed as unnamed
    inner join ovd_reports as reports using (file_row)
    left join boiler_fuels using (imo)
    where unnamed.mass is not null and try_cast(unnamed.mass as double) is distinct from 0
),

-- A consumer may have several columns for one fuel or note. Sorting lists is faster than ordering in aggregates.
added as (
    select
        file_row,
        consumer,
        fuel_type,
        bdn_number,
        case
            when count(unnamed_mass) > 0 then null
            when count(*) = 1 then min(mass)
            when count(try_cast(mass as decimal(18, 6))) = count(*)
                then cast(sum(try_cast(mass as decimal(18, 6))) as varchar)
            else min(mass) filter (try_cast(mass as decimal(18, 6)) is null)
        end as mass,
        list_sort(list(struct_pack(place := place, text := mass_column))) as mass_columns,
        list_sort(
            list(struct_pack(place := place, text := concat(mass_column, ' ', unnamed_mass, ' t')))
            filter (unnamed_mass is not null)
        ) as unnamed_masses,
        min(fuel_column) as fuel_column,
        min(bdn_column) as bdn_column
    from (select * from filled union all by name select * from blank union all by name select * from unnamed)
    group by file_row, consumer, fuel_type, bdn_number
),

final as (
    select
        row_number() over (order by file_row, consumer desc, fuel_type, bdn_number) as row_number,
        file_row,
        reports.imo as c0,
        strftime(reports.interval_start_utc, '%Y-%m-%dT%H:%M:%SZ') as c1,
        strftime(reports.reported_utc, '%Y-%m-%dT%H:%M:%SZ') as c2,
        reports.phase as c3,
        added.consumer as c4,
        added.fuel_type as c5,
        added.bdn_number as c6,
        added.mass as c7,
        ovd_filing.measurement as c8,
        array_to_string(list_transform(added.mass_columns, lambda cell: cell.text), ' + ') as mass_column,
        array_to_string(list_transform(added.unnamed_masses, lambda cell: cell.text), ', ') as unnamed,
        coalesce(added.fuel_column, mass_column) as fuel_column,
        coalesce(added.bdn_column, mass_column) as bdn_column,
        reports.stated_hours,
        reports.hours_since,
        reports.previous_row,
        reports.interval_is_as_stated
    from added
    inner join ovd_reports as reports using (file_row)
    cross join ovd_filing
    where reports.reported_utc >= ovd_filing.first_day and reports.reported_utc < ovd_filing.next_first_day
)

select * from final
