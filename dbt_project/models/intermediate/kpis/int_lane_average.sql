with

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

ports as (
    select * from {{ ref('ports') }}
),

lane_averages as (
    select * from {{ ref('clean_cargo_trade_lanes') }}
),

side_areas as (
    select distinct
        sides.side,
        ports.clean_cargo_area as area
    from sides
    inner join ports
        on sides.port_locode = ports.locode
),

final as (
    select
        max(case when lane_averages.container_type = 'dry' then lane_averages.wtw_g_per_teu_km end) as dry_g_per_teu_km,
        max(case when lane_averages.container_type = 'reefer' then lane_averages.wtw_g_per_teu_km end)
            as reefer_g_per_teu_km
    from lane_averages
    inner join side_areas as origin
        on origin.side = 'origin'
    inner join side_areas as destination
        on destination.side = 'destination'
    where
        lane_averages.trade_lane = origin.area || ' to/from ' || destination.area
        or lane_averages.trade_lane = destination.area || ' to/from ' || origin.area
)

select * from final
