with

legs as (
    select * from {{ ref('int_legs') }}
),

events as (
    select
        imo_number,
        leg_number,
        2 * leg_number - 1 as event_number,
        'departure' as event,
        from_side as side
    from legs
    where from_side is not null
    union all
    select
        imo_number,
        leg_number,
        2 * leg_number as event_number,
        'arrival' as event,
        to_side as side
    from legs
    where to_side is not null
),

changes as (
    select
        *,
        case
            when lag(side) over (partition by imo_number order by event_number nulls last) = side then 0
            else 1
        end as is_change
    from events
),

numbered as (
    select
        *,
        sum(is_change) over (
            partition by imo_number
            order by event_number nulls last
            rows between unbounded preceding and current row
        ) as run_number
    from changes
),

runs as (
    select
        imo_number,
        run_number,
        side,
        min(case when event = 'departure' then leg_number end) as first_departing_leg_number,
        max(case when event = 'arrival' then leg_number end) as last_arriving_leg_number
    from numbered
    group by imo_number, run_number, side
),

crossings as (
    select
        loading.imo_number,
        loading.side as loading_side,
        delivering.side as delivering_side,
        loading.first_departing_leg_number as first_leg_number,
        delivering.last_arriving_leg_number as last_leg_number
    from runs as loading
    inner join runs as delivering
        on loading.imo_number = delivering.imo_number and loading.run_number + 1 = delivering.run_number
    where loading.first_departing_leg_number <= delivering.last_arriving_leg_number
),

final as (
    select
        last_leg.leg_id || case crossings.loading_side when 'origin' then ':out' else ':in' end as voyage_id,
        crossings.imo_number,
        case crossings.loading_side when 'origin' then 'outbound' else 'inbound' end as direction,
        crossings.loading_side,
        crossings.delivering_side,
        crossings.first_leg_number,
        crossings.last_leg_number,
        crossings.last_leg_number - crossings.first_leg_number + 1 as legs,
        last_leg.leg_id as last_leg_id,
        first_leg.departure_utc as departed_utc,
        last_leg.arrival_utc as delivered_utc,
        last_leg.arrival_date as delivered_date,
        last_leg.is_in_scope,
        last_leg.service_code,
        last_leg.partner_id,
        last_leg.holding_id
    from crossings
    inner join legs as last_leg
        on crossings.imo_number = last_leg.imo_number and crossings.last_leg_number = last_leg.leg_number
    inner join legs as first_leg
        on crossings.imo_number = first_leg.imo_number and crossings.first_leg_number = first_leg.leg_number
)

select * from final
