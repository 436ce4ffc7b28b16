with

source as (
    select * from {{ source('corridor', 'sources') }}
),

final as (
    select
        source_id,
        kind,
        primary_for
    from source
)

select * from final
