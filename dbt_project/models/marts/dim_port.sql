with

ports as (
    select * from {{ ref('ports') }}
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

final as (
    select
        ports.locode as port_locode,
        ports.name,
        ports.latitude_deg,
        ports.longitude_deg,
        sides.side
    from ports
    left join sides
        on ports.locode = sides.port_locode
)

select * from final
