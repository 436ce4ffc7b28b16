-- What is wrong with a leg that its columns do not show. Table: ovd_made.
select row_number, departure_row as file_row, 'Event' as file_column, 'Departure' as value,
    'departure_is_followed_by_an_arrival' as rule, 'error' as severity,
    concat('The next report of a departure or arrival, in row ', next_departure_row, ', is a departure again. ',
        'Add the arrival between them.') as message
from ovd_made where arrival_row is null and next_departure_row is not null
union all
select row_number, arrival_row, 'Voyage_From', arrived_from, 'leg_leaves_one_port', 'error',
    concat('The arrival says the ship came from ', arrived_from, ', the departure in row ', departure_row,
        ' that it left ', departed_from, '. Correct one of them.')
from ovd_made where arrived_from != departed_from
union all
select row_number, row_without_distance, 'Distance', null, 'distance_is_filled', 'warning',
    concat('Distance is blank, so that of the leg that arrives in row ', arrival_row, ' is unknown and the leg cannot ',
        'be counted. Write 0 if the ship did not move.')
from ovd_made where row_without_distance is not null and arrival_row is not null
union all
select row_number, row_after_a_gap, 'Time_Since_Previous_Report', null, 'leg_has_all_its_reports', 'error',
    concat('The report before is not as long ago as this one says, so a report of the leg that ',
        coalesce('arrives in row ' || arrival_row, 'leaves in row ' || departure_row),
        ' is missing and its distance is not known. Add the report, or correct the hours.')
from ovd_made where row_after_a_gap is not null
