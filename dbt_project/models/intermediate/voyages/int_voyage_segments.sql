with

voyages as (
    select * from {{ ref('int_voyages') }}
),

legs as (
    select * from {{ ref('int_legs') }}
),

stays as (
    select * from {{ ref('int_stays') }}
),

shares as (
    select * from {{ ref('int_segment_shares') }}
),

voyage_legs as (
    select
        voyages.voyage_id,
        voyages.direction,
        voyages.imo_number,
        'leg' as segment_type,
        legs.leg_id as segment_id,
        legs.leg_number,
        case when legs.to_side = voyages.delivering_side then legs.delivered_teu else 0 end as delivered_teu,
        case
            when legs.to_side = voyages.delivering_side then legs.delivered_laden_teu
            else 0
        end as delivered_laden_teu,
        legs.to_locode
    from voyages
    inner join legs
        on
            voyages.imo_number = legs.imo_number
            and legs.leg_number between voyages.first_leg_number and voyages.last_leg_number
),

-- The stay after leg n has number n. The loading stay precedes the first leg.
voyage_stays as (
    select
        voyages.voyage_id,
        voyages.direction,
        voyages.imo_number,
        'stay' as segment_type,
        stays.stay_id as segment_id,
        stays.arriving_leg_number as leg_number,
        cast(0 as double) as delivered_teu,
        cast(0 as double) as delivered_laden_teu,
        stays.port_locode as to_locode
    from voyages
    inner join stays
        on
            voyages.imo_number = stays.imo_number
            and stays.arriving_leg_number between voyages.first_leg_number - 1 and voyages.last_leg_number
),

segments as (
    select * from voyage_legs
    union all
    select * from voyage_stays
),

final as (
    select
        segments.voyage_id,
        segments.direction,
        segments.imo_number,
        segments.segment_type,
        segments.segment_id,
        segments.leg_number,
        segments.to_locode,
        segments.delivered_teu,
        segments.delivered_laden_teu,
        shares.share,
        shares.laden_share
    from segments
    left join shares
        on
            segments.segment_type = shares.segment_type
            and segments.segment_id = shares.segment_id
            and segments.direction = shares.direction
)

select * from final
