with

rejected as (
    select * from {{ ref('int_rejected_fuel_consumption') }}
    where not is_of_another_period and not is_the_example
),

legs as (
    select * from {{ ref('int_legs') }}
),

stays as (
    select * from {{ ref('int_stays') }}
),

-- If a time is missing or the two are in the wrong order, the interval is widened by the hours that a fuel row may
-- cross the end of a leg.
rows_with_interval as (
    select
        *,
        case
            when period_start_utc < period_end_utc then period_start_utc
            when period_start_utc > period_end_utc
                then {{ add_hours('period_end_utc', '-' ~ fuel_row_crossing_hours()) }}
            else {{ add_hours(
                'coalesce(period_start_utc, period_end_utc, cast(filed_period_start as timestamp))',
                '-' ~ fuel_row_crossing_hours()
            ) }}
        end as may_begin_utc,
        case
            when period_start_utc < period_end_utc then period_end_utc
            when period_start_utc > period_end_utc
                then {{ add_hours('period_start_utc', fuel_row_crossing_hours()) }}
            else {{ add_hours(
                'coalesce(period_end_utc, period_start_utc, cast(' ~ dbt.dateadd('day', 1, 'filed_period_end')
                ~ ' as timestamp))',
                fuel_row_crossing_hours()
            ) }}
        end as may_end_utc
    from rejected
),

segments as (
    select
        'leg' as segment_type,
        leg_id as segment_id,
        partner_id,
        imo_number,
        is_in_scope,
        from_locode as port_locode,
        departure_utc as begun_utc,
        arrival_utc as ended_utc
    from legs
    union all
    select
        'stay' as segment_type,
        stay_id as segment_id,
        partner_id,
        imo_number,
        is_in_scope,
        port_locode,
        arrival_utc as begun_utc,
        departure_utc as ended_utc
    from stays
),

final as (
    select
        rows_with_interval.rejected_row_id,
        rows_with_interval.row_number,
        segments.segment_type,
        segments.segment_id,
        segments.imo_number,
        segments.is_in_scope,
        segments.port_locode,
        segments.begun_utc,
        rows_with_interval.submission_id
    from rows_with_interval
    inner join segments
        on
            rows_with_interval.partner_id = segments.partner_id
            and coalesce(rows_with_interval.imo_number, segments.imo_number) = segments.imo_number
            and rows_with_interval.may_begin_utc < segments.ended_utc
            and rows_with_interval.may_end_utc > segments.begun_utc
)

select * from final
