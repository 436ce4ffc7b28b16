with

source as (
    select * from {{ ref('stg_corridor__terminals') }}
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
