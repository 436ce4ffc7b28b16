select
    sources.source_type,
    sources.source_key,
    submissions.partner_id,
    submissions.dataset,
    submissions.period,
    cast(submissions.received_at as varchar) as received_at,
    submissions.verdict,
    count(distinct (traced.entity_type, traced.entity_id)) as entities
from traced
inner join warehouse.marts.fct_entity_sources as sources
    on traced.entity_type = sources.entity_type and traced.entity_id = sources.entity_id
left join warehouse.marts.dim_submission as submissions
    on sources.source_type = 'submission' and sources.source_key = submissions.submission_id
group by all
order by submissions.partner_id, submissions.dataset, submissions.period, sources.source_key
