with

source as (
    select * from {{ source('corridor', 'sides') }}
),

final as (
    select
        side,
        port_locode
    from source
)

select * from final
