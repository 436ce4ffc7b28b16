-- Every current submission with rejected rows has records of these rows. A failure means that the records were lost,
-- so that the legs, stays and months to which the rows may belong would count as complete.
{{ config(meta={'dagster': {'ref': {'name': 'int_rejected_fuel_consumption'}}}) }}

with

submissions as (
    select * from {{ ref('int_submissions') }}
    where dataset in ('fuel_consumption', 'port_calls', 'terminal_energy') and is_current and rows_rejected > 0
),

rejected as (
    select submission_id from {{ ref('int_rejected_fuel_consumption') }}
    union all
    select submission_id from {{ ref('int_rejected_port_calls') }}
    union all
    select submission_id from {{ ref('int_rejected_terminal_energy') }}
)

select submissions.submission_id
from submissions
left join rejected
    on submissions.submission_id = rejected.submission_id
where rejected.submission_id is null
