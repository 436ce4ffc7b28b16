with

figures as (
    select * from {{ ref('int_throughput_current') }}
    where measure = 'total_teu'
),

periods as (
    select * from {{ ref('int_periods') }}
    where data_span = 'throughput'
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

months as (
    select
        sides.port_locode,
        periods.period_start,
        periods.period_end,
        cast(figures.teu as double) as teu
    from periods
    cross join sides
    left join figures
        on
            sides.port_locode = figures.port_locode
            and figures.period_grain = 'month'
            and periods.period_start = figures.period_start
    where periods.period_grain = 'month'
),

-- A year's own published figure comes first; months make a quarter or a year only when none is missing.
longer as (
    select
        months.port_locode,
        periods.period_grain,
        periods.period_start,
        periods.period_end,
        case
            when count(months.teu) = case periods.period_grain when 'quarter' then 3 else 12 end
                then {{ exact_sum('months.teu') }}
        end as summed_teu
    from periods
    inner join months
        on months.period_start between periods.period_start and periods.period_end
    where periods.period_grain in ('quarter', 'year')
    group by months.port_locode, periods.period_grain, periods.period_start, periods.period_end
),

final as (
    select
        port_locode,
        'month' as period_grain,
        period_start,
        period_end,
        teu
    from months
    union all
    select
        longer.port_locode,
        longer.period_grain,
        longer.period_start,
        longer.period_end,
        coalesce(cast(figures.teu as double), longer.summed_teu) as teu
    from longer
    left join figures
        on
            longer.period_grain = 'year'
            and figures.period_grain = 'calendar_year'
            and longer.port_locode = figures.port_locode
            and longer.period_start = figures.period_start
)

select * from final
