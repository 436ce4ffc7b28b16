with

source as (
    select * from {{ source('corridor', 'partners') }}
),

final as (
    select
        partner_id,
        name,
        role,
        holding_id
    from source
)

select * from final
