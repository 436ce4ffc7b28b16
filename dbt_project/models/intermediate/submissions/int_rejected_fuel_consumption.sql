with

{{ rejected_rows('fuel_consumption', ['imo_number', 'period_start_utc', 'period_end_utc']) }}

select * from rejected_rows
