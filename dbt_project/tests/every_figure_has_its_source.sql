-- Every entity in the lineage of a KPI has a submission or page, and every factor has a source; the hub default is
-- only a factor. A failure means that a published number cannot be explained.
{{ config(meta={'dagster': {'ref': {'name': 'fct_entity_sources'}}}) }}

with

entities as (
    select distinct
        entity_type,
        entity_id
    from {{ ref('fct_kpi_lineage') }}
    where entity_type != 'hub'
),

sourced as (
    select distinct
        entity_type,
        entity_id
    from {{ ref('fct_entity_sources') }}
),

kpi_factors as (
    select distinct
        method_id,
        factor_key
    from {{ ref('fct_kpi_factors') }}
),

factors as (
    select * from {{ ref('dim_factor') }}
),

entities_without_source as (
    select
        'entity' as missing_source_of,
        entities.entity_type || ' ' || entities.entity_id as which
    from entities
    left join sourced
        on entities.entity_type = sourced.entity_type and entities.entity_id = sourced.entity_id
    where sourced.entity_id is null
),

factors_without_source as (
    select
        'factor' as missing_source_of,
        kpi_factors.method_id || ' ' || kpi_factors.factor_key as which
    from kpi_factors
    left join factors
        on
            kpi_factors.factor_key = factors.factor_key
            and factors.method_id in (kpi_factors.method_id, 'any')
    where factors.factor_key is null
)

select * from entities_without_source
union all
select * from factors_without_source
