-- What a release's {warehouse} holds of each period: submissions by the period they were filed for, the rest by month.
select 'submissions' as counted, period, count(*) as found
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
