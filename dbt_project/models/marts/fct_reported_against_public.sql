with

compared as (
    select * from {{ ref('int_reported_against_public') }}
),

final as (
    select
        port_locode,
        month,
        visits,
        visits_without_teu,
        reported_corridor_teu,
        published_teu,
        source_id,
        reported_share,
        exceeds_published
    from compared
)

select * from final
