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

-- Where one time is missing, or they are in the wrong order, the row may reach as far as rows may cross a leg's end.
placed as (
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

units as (
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
        placed.rejected_row_id,
        placed.row_number,
        units.segment_type,
        units.segment_id,
        units.imo_number,
        units.is_in_scope,
        units.port_locode,
        units.begun_utc,
        placed.submission_id
    from placed
    inner join units
        on
            placed.partner_id = units.partner_id
            and coalesce(placed.imo_number, units.imo_number) = units.imo_number
            and placed.may_begin_utc < units.ended_utc
            and placed.may_end_utc > units.begun_utc
)

select * from final
