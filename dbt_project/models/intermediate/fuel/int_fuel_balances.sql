with

soundings as (
    select * from {{ ref('int_current_rob') }}
),

deliveries as (
    select * from {{ ref('int_current_bunker_deliveries') }}
),

consumption as (
    select * from {{ ref('int_current_fuel_consumption') }}
),

sequenced as (
    select
        *,
        lag(measured_utc) over (tank_history) as measured_from_utc,
        lag(rob_t) over (tank_history) as rob_start_t
    from soundings
    window tank_history as (partition by partner_id, imo_number, fuel_type order by measured_utc nulls last)
),

intervals as (
    select * from sequenced
    where measured_from_utc is not null
),

bunkered as (
    select
        intervals.filed_row_id,
        case when count(*) = count(deliveries.mass_t) then {{ exact_sum('deliveries.mass_t') }} end as bunkered_t
    from intervals
    inner join deliveries
        on
            intervals.partner_id = deliveries.partner_id
            and intervals.imo_number = deliveries.imo_number
            and intervals.fuel_type = deliveries.fuel_type
            and intervals.measured_from_utc < deliveries.delivered_utc
            and intervals.measured_utc >= deliveries.delivered_utc
    group by intervals.filed_row_id
),

consumed as (
    select
        intervals.filed_row_id,
        case when count(*) = count(consumption.mass_t) then {{ exact_sum('consumption.mass_t') }} end as consumed_t
    from intervals
    inner join consumption
        on
            intervals.partner_id = consumption.partner_id
            and intervals.imo_number = consumption.imo_number
            and intervals.fuel_type = consumption.fuel_type
            and intervals.measured_from_utc <= consumption.period_start_utc
            and intervals.measured_utc > consumption.period_start_utc
    group by intervals.filed_row_id
),

-- An interval without a row counts as zero, because the balance is meant to reveal a missing row.
balanced as (
    select
        intervals.*,
        case when bunkered.filed_row_id is null then 0 else bunkered.bunkered_t end as bunkered_t,
        case when consumed.filed_row_id is null then 0 else consumed.consumed_t end as consumed_t
    from intervals
    left join bunkered
        on intervals.filed_row_id = bunkered.filed_row_id
    left join consumed
        on intervals.filed_row_id = consumed.filed_row_id
),

final as (
    select
        filed_row_id,
        partner_id,
        imo_number,
        fuel_type,
        measured_from_utc,
        measured_utc,
        rob_start_t,
        bunkered_t,
        consumed_t,
        rob_t as rob_end_t,
        rob_start_t + bunkered_t - consumed_t - rob_t as unexplained_t,
        abs(rob_start_t + bunkered_t - consumed_t - rob_t)
        <= greatest({{ fuel_balance_tolerance_t() }}, {{ fuel_balance_tolerance_share() }} * consumed_t) as is_balanced,
        submission_id
    from balanced
)

select * from final
