-- What is wrong with a fuel row that its columns do not show. Table: ovd_made.
select row_number, file_row, 'Time_Since_Previous_Report' as file_column, cast(stated_hours as varchar) as value,
    'interval_is_as_stated' as rule, 'error' as severity,
    concat('Time_Since_Previous_Report says ', stated_hours, ' h, and the report before, in row ', previous_row,
        ', is ', round(hours_since, 2), ' h earlier. Is a report missing? Add it, or correct the hours.') as message
from ovd_made where not interval_is_as_stated
union all
select row_number, file_row, fuel_column, c5, 'fuel_has_a_type_here', 'error',
    concat(c7, ' t of ', c5, ' cannot be counted: there is no fuel_type for it. Ask the secretariat to add one.')
from ovd_made where c5 in ('LPG (propane)', 'LPG (butane)', 'ethanol')
union all
select row_number, file_row, mass_column, c7, 'note_of_a_boiler_is_clear', 'error',
    concat(c7, ' t were burned in a boiler, and OVD has no column for its delivery note; those of main and auxiliary ',
        'engine differ or are blank. File the boilers as fuel_consumption, or the whole log by fuel type.')
from ovd_made where c4 = 'boiler' and c5 is null and c6 is null and unsaid is null
union all
select row_number, file_row, mass_column, null, 'mass_is_filled', 'warning',
    concat(mass_column, ' is blank, so the leg or stay it belongs to cannot be counted. Write 0 if nothing was burned.')
from ovd_made where c7 is null and unsaid is null
union all
select row_number, file_row, mass_column, null, 'fuel_is_said', 'warning',
    concat('OVD does not say which fuel this was: ', unsaid, '. So the mass that boilers burned is unknown here, and ',
        'the leg or stay it belongs to cannot be counted.')
from ovd_made where unsaid is not null
