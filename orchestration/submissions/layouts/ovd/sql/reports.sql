-- One row per report that counts: when its interval began, what the ship did in it, and which leg it belongs to.
-- A later row replaces an earlier one of the same ship and minute. Table: ovd_cells (one row of text per row of the file).
with

read as (
    select
        file_row,
        imo,
        try_cast(concat(date_utc, ' ', time_utc) as timestamp) as reported_utc,
        lower(event) as event,
        voyage_from,
        voyage_to,
        voyage_number,
        service,
        try_cast(time_since_previous_report as double) as stated_hours,
        try_cast(distance as decimal(18, 6)) as distance,
        cargo_mt,
        try_cast(cargo_total_teu as decimal(18, 6)) as total_teu,
        cargo_total_full_teu as full_teu,
        cargo_reefer_teu as reefer_teu,
        list_transform(
            [
                [time_elapsed_sailing, time_elapsed_drifting, time_elapsed_dp],
                [time_elapsed_maneuvering],
                [time_elapsed_anchoring],
                [time_elapsed_loading_unloading]
            ],
            lambda cells: coalesce(list_sum(list_transform(cells, lambda cell: try_cast(cell as double))), 0)
        ) as phase_hours
    from ovd_cells
),

counted as (
    select
        *,
        case when event in ('departure', 'arrival') then event end as berth_event
    from read
    qualify row_number() over (partition by imo, reported_utc order by file_row desc) = 1
),

sequenced as (
    select
        *,
        lag(reported_utc) over so_far as previous_utc,
        lag(file_row) over so_far as previous_row,
        last_value(berth_event ignore nulls) over (
            partition by imo order by reported_utc rows between unbounded preceding and 1 preceding
        ) as event_before,
        first_value(berth_event ignore nulls) over (
            partition by imo order by reported_utc rows between current row and unbounded following
        ) as event_from_here,
        count(*) filter (event = 'departure') over so_far as departure_number
    from counted
    window so_far as (partition by imo order by reported_utc rows between unbounded preceding and current row)
),

in_legs as (
    select
        *,
        coalesce(count(*) filter (event = 'arrival') over (
            partition by imo, departure_number order by reported_utc
            rows between unbounded preceding and 1 preceding
        ), 0) as arrivals_before
    from sequenced
),

intervals as (
    select
        *,
        coalesce(
            previous_utc,
            case when stated_hours between 0 and 10000
                then reported_utc - to_seconds(cast(round(stated_hours * 3600) as bigint)) end
        ) as interval_start_utc,
        date_diff('second', previous_utc, reported_utc) / 3600.0 as hours_since,
        case
            when event_before = 'departure' then 'sea'
            when event_before = 'arrival' then 'berth'
            when event_from_here = 'departure' then 'berth'
            when event_from_here = 'arrival' then 'sea'
        end as phase_by_events
    from in_legs
),

final as (
    select
        *,
        coalesce(abs(stated_hours - hours_since) <= 0.1, true) as interval_is_as_stated,
        departure_number > 0 and event is distinct from 'departure' and arrivals_before = 0 as is_under_way,
        -- Fuel does not burn in proportion to hours, so an interval is not divided. It has the phase with most hours,
        -- if the stated hours cover at least half of it.
        case
            when list_max(phase_hours) > 0
                and coalesce(list_sum(phase_hours) * 2 >= coalesce(hours_since, stated_hours), true)
            then ['sea', 'manoeuvring', 'anchorage', 'berth'][list_position(phase_hours, list_max(phase_hours))]
            else phase_by_events
        end as phase
    from intervals
)

select * from final
