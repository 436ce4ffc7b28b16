with

sources as (
    select * from {{ ref('int_entity_sources') }}
),

final as (
    select
        entity_type,
        entity_id,
        source_type,
        source_key
    from sources
)

select * from final
