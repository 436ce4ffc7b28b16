with

voyages as (
    select * from {{ ref('int_voyages') }}
),

voyage_segments as (
    select * from {{ ref('int_voyage_segments') }}
),

legs as (
    select * from {{ ref('int_legs') }}
),

stays as (
    select * from {{ ref('int_stays') }}
),

distances as (
    select * from {{ ref('int_sea_distances') }}
),

-- Corridor TEU loaded at a port of the loading side: on board the next leg less on board the last one.
loading_stays as (
    select
        voyages.voyage_id,
        stays.port_locode,
        case voyages.direction
            when 'outbound' then stays.outbound_loaded_teu
            else stays.inbound_loaded_teu
        end as loaded_teu
    from voyages
    inner join stays
        on
            voyages.imo_number = stays.imo_number
            and stays.arriving_leg_number between voyages.first_leg_number - 1 and voyages.last_leg_number
            and voyages.loading_side = stays.side
),

loaded as (
    select
        voyage_id,
        port_locode,
        case
            when count(*) = count(loaded_teu)
                then {{ exact_sum('case when loaded_teu > 0 then loaded_teu else 0 end') }}
        end as loaded_teu
    from loading_stays
    group by voyage_id, port_locode
),

delivered as (
    select
        voyage_id,
        to_locode,
        {{ exact_sum('delivered_teu') }} as delivered_teu,
        {{ exact_sum('delivered_laden_teu') }} as delivered_laden_teu
    from voyage_segments
    where segment_type = 'leg' and delivered_teu != 0
    group by voyage_id, to_locode
),

leg_deliveries as (
    select
        voyage_segments.voyage_id,
        sum(case when voyage_segments.delivered_teu is null then 1 else 0 end) as unknown_deliveries
    from voyage_segments
    inner join legs
        on voyage_segments.segment_id = legs.leg_id
    where voyage_segments.segment_type = 'leg'
    group by voyage_segments.voyage_id
),

pairs as (
    select
        delivered.voyage_id,
        delivered.to_locode,
        delivered.delivered_teu,
        delivered.delivered_laden_teu,
        {{ exact_sum('loaded.loaded_teu') }} as loaded_teu,
        {{ exact_sum('loaded.loaded_teu * distances.sfd_km') }} as loaded_teu_km,
        count(distinct loaded.port_locode) as loading_ports,
        max(distances.sfd_km) as only_sfd_km,
        sum(
            case
                when loaded.loaded_teu is null or (loaded.loaded_teu > 0 and distances.sfd_km is null) then 1
                else 0
            end
        ) as missing_pairs
    from delivered
    left join loaded
        on delivered.voyage_id = loaded.voyage_id
    left join distances
        on loaded.port_locode = distances.from_locode and delivered.to_locode = distances.to_locode
    group by
        delivered.voyage_id, delivered.to_locode, delivered.delivered_teu, delivered.delivered_laden_teu
),

pair_distances as (
    select
        *,
        case
            when loading_ports = 1 then only_sfd_km
            when missing_pairs = 0 then loaded_teu_km / nullif(loaded_teu, 0)
        end as sfd_km
    from pairs
),

transport as (
    select
        voyage_id,
        {{ exact_sum('delivered_teu') }} as delivered_teu,
        case when count(*) = count(sfd_km) then {{ exact_sum('delivered_teu * sfd_km') }} end as delivered_teu_km,
        case
            when count(*) = count(sfd_km) then {{ exact_sum('delivered_laden_teu * sfd_km') }}
        end as delivered_laden_teu_km
    from pair_distances
    group by voyage_id
),

final as (
    select
        voyages.voyage_id,
        case
            when leg_deliveries.unknown_deliveries = 0 then coalesce(transport.delivered_teu, 0)
        end as delivered_teu,
        case
            when leg_deliveries.unknown_deliveries = 0 and transport.voyage_id is null then 0
            when leg_deliveries.unknown_deliveries = 0 then transport.delivered_teu_km
        end as delivered_teu_km,
        case
            when leg_deliveries.unknown_deliveries = 0 and transport.voyage_id is null then 0
            when leg_deliveries.unknown_deliveries = 0 then transport.delivered_laden_teu_km
        end as delivered_laden_teu_km
    from voyages
    inner join leg_deliveries
        on voyages.voyage_id = leg_deliveries.voyage_id
    left join transport
        on voyages.voyage_id = transport.voyage_id
)

select * from final
