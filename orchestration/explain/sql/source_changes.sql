-- Submissions and public pages that only one of the releases used for the cell.
with

current_sources as (
    select distinct
        sources.source_type,
        sources.source_key
    from lineage
    inner join warehouse.marts.fct_entity_sources as sources
        on lineage.entity_type = sources.entity_type and lineage.entity_id = sources.entity_id
),

previous_sources as (
    select distinct
        sources.source_type,
        sources.source_key
    from previous_lineage
    inner join previous.marts.fct_entity_sources as sources
        on previous_lineage.entity_type = sources.entity_type and previous_lineage.entity_id = sources.entity_id
),

compared as (
    select
        coalesce(current_sources.source_type, previous_sources.source_type) as source_type,
        coalesce(current_sources.source_key, previous_sources.source_key) as source_key,
        case when previous_sources.source_key is null then 'new' else 'gone' end as change
    from current_sources
    full join previous_sources
        on
            current_sources.source_type = previous_sources.source_type
            and current_sources.source_key = previous_sources.source_key
    where current_sources.source_key is null or previous_sources.source_key is null
)

select
    compared.change,
    compared.source_type,
    compared.source_key,
    coalesce(current_submissions.partner_id, previous_submissions.partner_id) as partner_id,
    coalesce(current_submissions.dataset, previous_submissions.dataset) as dataset,
    coalesce(current_submissions.period, previous_submissions.period) as period
from compared
left join warehouse.marts.dim_submission as current_submissions
    on compared.source_key = current_submissions.submission_id
left join previous.marts.dim_submission as previous_submissions
    on compared.source_key = previous_submissions.submission_id
order by all
