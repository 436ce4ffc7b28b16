-- Failed checks of tank contents that the contract cannot make, because they need OVD's fuel. Table: ovd_made.
select row_number, file_row, fuel_column as file_column, c2 as value, 'fuel_has_a_type_here' as rule,
    'error' as severity,
    concat(c3, ' t of ', c2, ' cannot be counted, because there is no fuel_type for it. Ask the secretariat to add ',
        'one.') as message
from ovd_made where c2 in ('LPG (propane)', 'LPG (butane)', 'ethanol')
