with

source as (
    select * from {{ source('corridor', 'run') }}
),

final as (
    select
        as_of,
        run_at,
        code_version
    from source
)

select * from final
