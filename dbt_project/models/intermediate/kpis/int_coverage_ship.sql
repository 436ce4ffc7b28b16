with

periods as (
    select * from {{ ref('int_periods') }}
    where data_span = 'filed'
),

nominations as (
    select * from {{ ref('int_service_nominations') }}
),

aliases as (
    select * from {{ ref('locode_aliases') }}
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

unit_emissions as (
    select * from {{ ref('int_segment_emissions') }}
    where segment_type = 'leg'
),

legs as (
    select * from {{ ref('int_legs') }}
    where is_in_scope and to_side is not null
),

methods as (
    select * from {{ ref('methods') }}
),

calls as (
    {{ rotation_calls('nominations', 'nominations.port_rotation') }}
),

-- A rotation that closes its loop names its first port again; that call is the same one.
corridor_calls as (
    select
        calls.service_code,
        calls.nominated_from,
        count(*) as corridor_ports
    from calls
    left join aliases
        on calls.port_locode = aliases.alias
    left join aliases as first_aliases
        on substr(calls.port_rotation, 1, 5) = first_aliases.alias
    inner join sides
        on coalesce(aliases.locode, calls.port_locode) = sides.port_locode
    where
        calls.position = 1
        or calls.position < length(calls.port_rotation) - length(replace(calls.port_rotation, '-', '')) + 1
        or coalesce(aliases.locode, calls.port_locode)
        != coalesce(first_aliases.locode, substr(calls.port_rotation, 1, 5))
    group by calls.service_code, calls.nominated_from
),

expected as (
    select
        periods.period_grain,
        periods.period_start,
        {{ exact_sum(
            'corridor_calls.corridor_ports * nominations.sailings_per_week * ('
            ~ dbt.datediff(
                'greatest(periods.period_start, nominations.nominated_from)',
                'least(periods.period_end, coalesce(nominations.nominated_to, periods.period_end))',
                'day'
            ) ~ ' + 1) / 7.0'
        ) }} as expected_arrivals
    from periods
    inner join nominations
        on
            periods.period_end >= nominations.nominated_from
            and (nominations.nominated_to is null or periods.period_start <= nominations.nominated_to)
    inner join corridor_calls
        on
            nominations.service_code = corridor_calls.service_code
            and nominations.nominated_from = corridor_calls.nominated_from
    group by periods.period_grain, periods.period_start
),

arrived as (
    select
        periods.period_grain,
        periods.period_start,
        unit_emissions.method_id,
        sum(case when unit_emissions.is_complete then 1 else 0 end) as complete_arrivals
    from periods
    inner join legs
        on legs.arrival_date between periods.period_start and periods.period_end
    inner join unit_emissions
        on legs.leg_id = unit_emissions.segment_id
    group by periods.period_grain, periods.period_start, unit_emissions.method_id
),

final as (
    select
        periods.period_grain,
        periods.period_start,
        methods.method_id,
        coalesce(arrived.complete_arrivals, 0) as complete_arrivals,
        expected.expected_arrivals,
        coalesce(arrived.complete_arrivals, 0) / nullif(expected.expected_arrivals, 0) as coverage
    from periods
    cross join methods
    left join expected
        on periods.period_grain = expected.period_grain and periods.period_start = expected.period_start
    left join arrived
        on
            periods.period_grain = arrived.period_grain
            and periods.period_start = arrived.period_start
            and methods.method_id = arrived.method_id
)

select * from final
