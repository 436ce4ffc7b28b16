with

legs as (
    select * from {{ ref('int_legs') }}
),

stays as (
    select * from {{ ref('int_stays') }}
),

visits as (
    select * from {{ ref('int_visits') }}
),

directions as (
    select
        'outbound' as direction,
        'origin' as loading_side,
        'destination' as delivering_side
    union all
    select
        'inbound' as direction,
        'destination' as loading_side,
        'origin' as delivering_side
),

leg_teu as (
    select
        legs.leg_id,
        directions.direction,
        legs.teu_on_board,
        case directions.direction when 'outbound' then legs.outbound_teu else legs.inbound_teu end as direction_teu,
        legs.laden_teu,
        case directions.direction
            when 'outbound' then legs.outbound_laden_teu
            else legs.inbound_laden_teu
        end as direction_laden_teu
    from legs
    cross join directions
),

leg_shares as (
    select
        leg_id,
        direction,
        case when teu_on_board = 0 then 0 else direction_teu / teu_on_board end as share,
        case when laden_teu = 0 then 0 else direction_laden_teu / laden_teu end as laden_share
    from leg_teu
),

handled as (
    select
        stay_id,
        case when count(*) = count(teu_handled) then sum(teu_handled) end as teu_handled,
        case
            when count(*) = count(corridor_teu_discharged) then sum(corridor_teu_discharged)
        end as corridor_teu_discharged,
        case when count(*) = count(corridor_teu_loaded) then sum(corridor_teu_loaded) end as corridor_teu_loaded
    from visits
    where stay_id is not null
    group by stay_id
),

stay_handling as (
    select
        stays.stay_id,
        stays.arriving_leg_id,
        stays.departing_leg_id,
        stays.side,
        directions.direction,
        case
            when stays.side = directions.delivering_side then handled.corridor_teu_discharged
            when stays.side = directions.loading_side then handled.corridor_teu_loaded
        end / nullif(handled.teu_handled, 0) as handling_share
    from stays
    cross join directions
    left join handled
        on stays.stay_id = handled.stay_id
),

stay_shares as (
    select
        stay_handling.stay_id,
        stay_handling.direction,
        case
            when stay_handling.side is null then arriving.share
            else coalesce(stay_handling.handling_share, arriving.share, departing.share)
        end as share
    from stay_handling
    left join leg_shares as arriving
        on stay_handling.arriving_leg_id = arriving.leg_id and stay_handling.direction = arriving.direction
    left join leg_shares as departing
        on stay_handling.departing_leg_id = departing.leg_id and stay_handling.direction = departing.direction
),

final as (
    select
        'leg' as segment_type,
        leg_id as segment_id,
        direction,
        share,
        laden_share
    from leg_shares
    union all
    select
        'stay' as segment_type,
        stay_id as segment_id,
        direction,
        share,
        cast(null as double) as laden_share
    from stay_shares
)

select * from final
