with

totals as (
    select * from {{ ref('int_throughput_current') }}
    where period_grain = 'month' and measure = 'total_teu'
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

run as (
    select * from {{ ref('stg_corridor__run') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

all_ports as (
    select port_locode from sides
    union
    select port_locode from totals
),

first_of_all as (
    select min(period_start) as first_month from totals
),

-- A month is due when the one after it has ended: ports publish in its second half.
spans as (
    select
        all_ports.port_locode,
        coalesce(min(totals.period_start), min(first_of_all.first_month)) as first_month,
        greatest(
            max(totals.period_start),
            cast({{ dbt.dateadd('month', -2, dbt.date_trunc('month', 'max(run.as_of)')) }} as date)
        ) as last_month
    from all_ports
    cross join run
    cross join first_of_all
    left join totals
        on all_ports.port_locode = totals.port_locode
    group by all_ports.port_locode
),

side_sizes as (
    select
        side,
        count(*) as ports
    from sides
    group by side
),

months as (
    select
        spans.port_locode,
        calendar.date_day as month,
        sides.side,
        side_sizes.ports as side_ports,
        totals.teu as total_teu
    from spans
    inner join calendar
        on
            calendar.date_day between spans.first_month and spans.last_month
            and calendar.date_day = {{ dbt.date_trunc('month', 'calendar.date_day') }}
    left join sides
        on spans.port_locode = sides.port_locode
    left join side_sizes
        on sides.side = side_sizes.side
    left join totals
        on spans.port_locode = totals.port_locode and calendar.date_day = totals.period_start
),

with_comparisons as (
    select
        *,
        lag(total_teu, 12) over (partition by port_locode order by month nulls last) as year_earlier_teu,
        count(total_teu) over (
            partition by port_locode order by month nulls last rows between 11 preceding and current row
        ) as published_months,
        sum(total_teu) over (
            partition by port_locode order by month nulls last rows between 11 preceding and current row
        ) as twelve_months_teu,
        count(total_teu) over (partition by side, month) as reporting_ports,
        sum(total_teu) over (partition by side, month) as reported_side_teu
    from months
),

final as (
    select
        port_locode,
        month,
        cast(total_teu as decimal(14, 2)) as total_teu,
        side,
        cast(case when reporting_ports = side_ports then reported_side_teu end as decimal(18, 2)) as side_total_teu,
        case
            when reporting_ports = side_ports
                then cast(total_teu as double) / nullif(cast(reported_side_teu as double), 0)
        end as share_of_side,
        cast(year_earlier_teu as decimal(14, 2)) as year_earlier_teu,
        cast(total_teu - year_earlier_teu as double) / nullif(cast(year_earlier_teu as double), 0)
            as change_on_year,
        cast(case when published_months = 12 then twelve_months_teu end as decimal(18, 2)) as trailing_12_months_teu
    from with_comparisons
)

select * from final
