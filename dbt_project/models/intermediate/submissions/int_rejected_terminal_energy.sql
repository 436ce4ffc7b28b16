with

{{ rejected_rows('terminal_energy', ['terminal_code', 'month', 'supplied_to_ships']) }}

select * from rejected_rows
