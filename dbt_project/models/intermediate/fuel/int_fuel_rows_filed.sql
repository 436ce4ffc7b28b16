with

consumption as (
    select * from {{ ref('int_current_fuel_consumption') }}
),

legs as (
    select * from {{ ref('int_legs') }}
),

stays as (
    select * from {{ ref('int_stays') }}
),

measurements as (
    select * from {{ ref('measurements') }}
),

leg_candidates as (
    select
        consumption.filed_row_id,
        legs.leg_id,
        row_number() over (
            partition by consumption.filed_row_id
            order by legs.departure_utc desc nulls last, legs.leg_id desc nulls last
        ) as latest_first
    from consumption
    inner join legs
        on
            consumption.partner_id = legs.partner_id
            and consumption.imo_number = legs.imo_number
            and consumption.period_start_utc >= legs.departure_utc
            and consumption.period_start_utc < coalesce(legs.arrival_utc, legs.next_departure_utc, '9999-12-31')
),

leg_matches as (
    select * from leg_candidates
    where latest_first = 1
),

stay_candidates as (
    select
        consumption.filed_row_id,
        stays.stay_id,
        row_number() over (
            partition by consumption.filed_row_id
            order by stays.arrival_utc desc nulls last, stays.stay_id desc nulls last
        ) as latest_first
    from consumption
    inner join stays
        on
            consumption.partner_id = stays.partner_id
            and consumption.imo_number = stays.imo_number
            and consumption.period_start_utc >= stays.arrival_utc
            and consumption.period_start_utc < stays.departure_utc
),

stay_matches as (
    select * from stay_candidates
    where latest_first = 1
),

final as (
    select
        consumption.filed_row_id,
        case
            when leg_matches.leg_id is not null then 'leg'
            when stay_matches.stay_id is not null then 'stay'
        end as segment_type,
        coalesce(leg_matches.leg_id, stay_matches.stay_id) as segment_id,
        consumption.partner_id,
        consumption.imo_number,
        consumption.period_start_utc,
        consumption.period_end_utc,
        consumption.phase,
        consumption.consumer,
        consumption.fuel_type,
        consumption.bdn_number,
        consumption.mass_t,
        measurements.activity_class,
        consumption.submission_id
    from consumption
    inner join measurements
        on consumption.measurement = measurements.measurement
    left join leg_matches
        on consumption.filed_row_id = leg_matches.filed_row_id
    left join stay_matches
        on consumption.filed_row_id = stay_matches.filed_row_id
)

select * from final
