with

source as (
    select * from {{ ref('stg_accepted__service_nominations') }}
),

final as (
    select
        service_code,
        nominated_from,
        nominated_to,
        sailings_per_week,
        port_rotation,
        partner_id
    from source
)

select * from final
