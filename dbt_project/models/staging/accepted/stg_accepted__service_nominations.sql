with

source as (
    select * from {{ source('accepted', 'service_nominations') }}
),

final as (
    select
        {{ filed_row_id() }} as filed_row_id,
        service_code,
        nominated_from,
        nominated_to,
        sailings_per_week,
        port_rotation,
        partner_id,
        submission_id
    from source
)

select * from final
