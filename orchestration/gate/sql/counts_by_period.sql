-- Number of records per kind and period in the release {warehouse}. Submissions count in the period for which they were
-- filed; voyages, visits and terminal months count by month.
select 'submissions' as counted, period, count(*) as record_count
from {warehouse}.marts.dim_submission
where is_current and period <> 'register'
group by all
union all
select 'voyages', strftime(delivered_utc, '%Y-%m'), count(*)
from {warehouse}.marts.fct_voyages
group by all
union all
select 'visits', strftime(tied_utc, '%Y-%m'), count(*)
from {warehouse}.marts.fct_port_calls
group by all
union all
select 'terminal months', strftime(month, '%Y-%m'), count(distinct terminal_code)
from {warehouse}.marts.fct_terminal_energy
group by all
