-- The submissions and public pages that the cell was computed from.
select
    sources.source_type,
    sources.source_key,
    submissions.partner_id,
    submissions.dataset,
    submissions.period,
    cast(submissions.received_at as varchar) as received_at,
    submissions.verdict,
    count(distinct (lineage.entity_type, lineage.entity_id)) as entities
from lineage
inner join warehouse.marts.fct_entity_sources as sources
    on lineage.entity_type = sources.entity_type and lineage.entity_id = sources.entity_id
left join warehouse.marts.dim_submission as submissions
    on sources.source_type = 'submission' and sources.source_key = submissions.submission_id
group by all
order by submissions.partner_id, submissions.dataset, submissions.period, sources.source_key
