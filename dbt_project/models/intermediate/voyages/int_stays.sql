with

legs as (
    select * from {{ ref('int_legs') }}
),

chained as (
    select * from legs
    where
        arrival_utc is not null
        and next_leg_id is not null
        and to_locode = next_from_locode
        and arrival_utc <= next_departure_utc
),

departing as (
    select
        leg_id,
        outbound_teu,
        inbound_teu
    from legs
),

final as (
    select
        chained.leg_id as stay_id,
        chained.leg_id as arriving_leg_id,
        chained.next_leg_id as departing_leg_id,
        chained.leg_number as arriving_leg_number,
        chained.imo_number,
        chained.partner_id,
        chained.holding_id,
        chained.to_locode as port_locode,
        chained.to_side as side,
        chained.arrival_utc,
        chained.arrival_date,
        chained.next_departure_utc as departure_utc,
        {{ hours_between('chained.arrival_utc', 'chained.next_departure_utc') }} as stay_hours,
        chained.nominal_capacity_teu,
        chained.main_engine_type,
        chained.aux_engine_type,
        chained.capability,
        chained.is_in_scope,
        departing.outbound_teu - chained.outbound_teu as outbound_loaded_teu,
        departing.inbound_teu - chained.inbound_teu as inbound_loaded_teu
    from chained
    inner join departing
        on chained.next_leg_id = departing.leg_id
)

select * from final
