with

source as (
    select * from {{ ref('int_current_service_nominations') }}
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
