-- One row per report and fuel in the tanks. Tables: ovd_reports, ovd_tanks (one row per mass), ovd_filing (period).
select
    row_number() over (order by file_row, tanks.place) as row_number,
    file_row,
    reports.imo as c0,
    strftime(reports.reported_utc, '%Y-%m-%dT%H:%M:%SZ') as c1,
    tanks.fuel_type as c2,
    tanks.mass as c3,
    tanks.mass_column,
    coalesce(tanks.fuel_column, tanks.mass_column) as fuel_column
from ovd_tanks as tanks
inner join ovd_reports as reports using (file_row)
cross join ovd_filing
where
    tanks.mass is not null
    and reports.reported_utc >= ovd_filing.first_day
    and reports.reported_utc < ovd_filing.next_first_day
    and not (coalesce(try_cast(tanks.mass as double) = 0, false) and not tanks.has_fuel_type)
