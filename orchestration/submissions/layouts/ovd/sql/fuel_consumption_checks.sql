-- Failed checks of fuel rows that the contract cannot make, because they need the reports. Table: ovd_made.
select row_number, file_row, 'Time_Since_Previous_Report' as file_column, cast(stated_hours as varchar) as value,
    'interval_is_as_stated' as rule, 'error' as severity,
    concat('Time_Since_Previous_Report is ', stated_hours, ' h, but the report before, in row ', previous_row,
        ', is ', round(hours_since, 2), ' h earlier. If a report is missing, add it; otherwise correct the hours.') as message
from ovd_made where not interval_is_as_stated
union all
select row_number, file_row, fuel_column, c5, 'fuel_has_a_type_here', 'error',
    concat(c7, ' t of ', c5, ' cannot be counted, because there is no fuel_type for it. Ask the secretariat to add ',
        'one.')
from ovd_made where c5 in ('LPG (propane)', 'LPG (butane)', 'ethanol')
union all
select row_number, file_row, mass_column, c7, 'note_of_a_boiler_is_clear', 'error',
    concat('The delivery note of ', c7, ' t burned in a boiler is not clear: OVD has no column for it, and the notes of ',
        'main and auxiliary engine differ or are blank. File the boilers as fuel_consumption, or the whole log by ',
        'fuel type.')
from ovd_made where c4 = 'boiler' and c5 is null and c6 is null and unnamed is null
union all
select row_number, file_row, mass_column, null, 'mass_is_filled', 'warning',
    concat(mass_column, ' is blank, so the leg or stay cannot be counted. Fill it in, or write 0 if nothing was burned.')
from ovd_made where c7 is null and unnamed is null
union all
select row_number, file_row, mass_column, null, 'fuel_is_said', 'warning',
    concat('OVD does not state which fuel this was: ', unnamed, '. The mass that boilers burned is therefore unknown, ',
        'and the leg or stay cannot be counted. File all fuel of the period as fuel_consumption.')
from ovd_made where unnamed is not null
