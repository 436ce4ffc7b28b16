with

source as (
    select * from {{ source('corridor', 'terminals') }}
),

final as (
    select
        terminal_code,
        name,
        port_locode,
        operator_partner_id
    from source
)

select * from final
