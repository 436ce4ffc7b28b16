with

{{ rejected_rows('port_calls', ['imo_number', 'terminal_code', 'tied_utc', 'released_utc']) }}

select * from rejected_rows
