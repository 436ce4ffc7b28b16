with

source as (
    select * from {{ ref('stg_corridor__partners') }}
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
