-- One row per leg: from a departure to the next arrival, or without an arrival where the log ends.
-- Tables: ovd_reports, ovd_filing (the period's first day and the day after it).
with

legs as (
    select
        imo,
        departure_number,
        min(file_row) filter (event = 'departure') as departure_row,
        min(file_row) filter (is_under_way and event = 'arrival') as arrival_row,
        min(reported_utc) filter (event = 'departure') as departure_utc,
        min(reported_utc) filter (is_under_way and event = 'arrival') as arrival_utc,
        first(service order by reported_utc) filter (service is not null) as service,
        first(voyage_number order by reported_utc) filter (voyage_number is not null) as voyage_number,
        max(voyage_from) filter (event = 'departure') as departed_from,
        max(voyage_from) filter (is_under_way and event = 'arrival') as arrived_from,
        max(voyage_to) filter (event = 'departure') as departed_to,
        max(voyage_to) filter (is_under_way and event = 'arrival') as arrived_to,
        sum(distance) filter (is_under_way) as distance,
        min(file_row) filter (is_under_way and distance is null) as row_without_distance,
        min(file_row) filter (is_under_way and not interval_is_as_stated) as row_after_a_gap,
        first(cargo_mt order by reported_utc) filter (cargo_mt is not null) as cargo_mt,
        first(struct_pack(total := total_teu, laden := full_teu, reefer := reefer_teu) order by reported_utc)
            filter (total_teu is not null or full_teu is not null) as teu
    from ovd_reports
    where departure_number > 0 and (event = 'departure' or is_under_way)
    group by imo, departure_number
),

followed as (
    select
        *,
        lead(departure_row) over (partition by imo order by departure_number) as next_departure_row
    from legs
),

in_period as (
    select
        *,
        coalesce(arrival_row, departure_row) as file_row
    from followed
    cross join ovd_filing
    where coalesce(arrival_utc, departure_utc) >= first_day and coalesce(arrival_utc, departure_utc) < next_first_day
),

final as (
    select
        row_number() over (order by file_row) as row_number,
        file_row,
        imo as c0,
        service as c1,
        voyage_number as c2,
        coalesce(departed_from, arrived_from) as c3,
        coalesce(arrived_to, departed_to) as c4,
        strftime(departure_utc, '%Y-%m-%dT%H:%M:%SZ') as c5,
        strftime(arrival_utc, '%Y-%m-%dT%H:%M:%SZ') as c6,
        case when arrival_utc is not null and row_without_distance is null then cast(distance as varchar) end as c7,
        teu.laden as c8,
        cast(teu.total - try_cast(teu.laden as decimal(18, 6)) as varchar) as c9,
        teu.reefer as c10,
        cargo_mt as c11,
        null::varchar as c12,
        null::varchar as c13,
        null::varchar as c14,
        null::varchar as c15,
        null::varchar as c16,
        null::varchar as c17,
        departure_row,
        arrival_row,
        next_departure_row,
        row_without_distance,
        row_after_a_gap,
        departed_from,
        arrived_from
    from in_period
)

select * from final
