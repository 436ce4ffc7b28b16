with

now as (
    select distinct
        sources.source_type,
        sources.source_key
    from traced
    inner join warehouse.marts.fct_entity_sources as sources
        on traced.entity_type = sources.entity_type and traced.entity_id = sources.entity_id
),

before as (
    select distinct
        sources.source_type,
        sources.source_key
    from traced_before
    inner join previous.marts.fct_entity_sources as sources
        on traced_before.entity_type = sources.entity_type and traced_before.entity_id = sources.entity_id
),

compared as (
    select
        coalesce(now.source_type, before.source_type) as source_type,
        coalesce(now.source_key, before.source_key) as source_key,
        case when before.source_key is null then 'new' else 'gone' end as change
    from now
    full join before
        on now.source_type = before.source_type and now.source_key = before.source_key
    where now.source_key is null or before.source_key is null
)

select
    compared.change,
    compared.source_type,
    compared.source_key,
    coalesce(new_one.partner_id, old_one.partner_id) as partner_id,
    coalesce(new_one.dataset, old_one.dataset) as dataset,
    coalesce(new_one.period, old_one.period) as period
from compared
left join warehouse.marts.dim_submission as new_one
    on compared.source_key = new_one.submission_id
left join previous.marts.dim_submission as old_one
    on compared.source_key = old_one.submission_id
order by all
