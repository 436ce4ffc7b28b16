-- Failed checks of legs that the contract cannot make, because they need the reports. Table: ovd_made.
select row_number, departure_row as file_row, 'Event' as file_column, 'Departure' as value,
    'departure_is_followed_by_an_arrival' as rule, 'error' as severity,
    concat('There is no arrival between this departure and the next one, in row ', next_departure_row, '. ',
        'Add the arrival.') as message
from ovd_made where arrival_row is null and next_departure_row is not null
union all
select row_number, arrival_row, 'Voyage_From', arrived_from, 'leg_leaves_one_port', 'error',
    concat('The port of departure differs: ', arrived_from, ' in this report of the arrival, ', departed_from,
        ' in the departure in row ', departure_row, '. Correct the wrong one.')
from ovd_made where arrived_from != departed_from
union all
select row_number, row_without_distance, 'Distance', null, 'distance_is_filled', 'warning',
    concat('Distance is blank, so the leg that arrives in row ', arrival_row, ' cannot be counted. ',
        'Fill it in, or write 0 if the ship did not move.')
from ovd_made where row_without_distance is not null and arrival_row is not null
union all
select row_number, row_after_a_gap, 'Time_Since_Previous_Report', null, 'leg_has_all_its_reports', 'error',
    concat('The hours since the previous report are wrong, or a report of the leg that ',
        coalesce('arrives in row ' || arrival_row, 'leaves in row ' || departure_row),
        ' is missing, so its distance is unknown. Add the report, or correct the hours.')
from ovd_made where row_after_a_gap is not null
