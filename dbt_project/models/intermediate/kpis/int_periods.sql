with

submissions as (
    select * from {{ ref('int_submissions') }}
    where is_current
),

throughput as (
    select * from {{ ref('stg_throughput__observations') }}
    where period_grain in ('month', 'calendar_year')
),

datasets as (
    select * from {{ ref('stg_corridor__partner_datasets') }}
),

run as (
    select * from {{ ref('stg_corridor__run') }}
),

filed_span as (
    select
        min(submissions.period_start) as first_day,
        least(max(submissions.period_end), max(run.as_of)) as last_day
    from submissions
    cross join run
    inner join datasets
        on submissions.partner_id = datasets.partner_id and submissions.dataset = datasets.dataset
    where datasets.period_grain != 'register'
),

published_span as (
    select
        min(period_start) as first_day,
        max(
            case period_grain
                when 'month' then {{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, 'period_start')) }}
                else {{ dbt.dateadd('day', -1, dbt.dateadd('year', 1, 'period_start')) }}
            end
        ) as last_day
    from throughput
),

both_spans as (
    select * from filed_span
    union all
    select * from published_span
),

-- What the ports published is asked for wherever anything was filed, too.
spans as (
    select
        'filed' as data_span,
        first_day,
        last_day
    from filed_span
    union all
    select
        'throughput' as data_span,
        min(first_day) as first_day,
        max(last_day) as last_day
    from both_spans
),

days as (
    select
        spans.data_span,
        calendar.date_day
    from spans
    inner join {{ ref('int_calendar') }} as calendar
        on calendar.date_day between spans.first_day and spans.last_day
),

starts as (
    select distinct
        data_span,
        'month' as period_grain,
        cast({{ dbt.date_trunc('month', 'date_day') }} as date) as period_start
    from days
    union
    select distinct
        data_span,
        'quarter' as period_grain,
        cast({{ dbt.date_trunc('quarter', 'date_day') }} as date) as period_start
    from days
    union
    select distinct
        data_span,
        'year' as period_grain,
        cast({{ dbt.date_trunc('year', 'date_day') }} as date) as period_start
    from days
),

final as (
    select
        data_span,
        period_grain,
        period_start,
        cast(
            case period_grain
                when 'month' then {{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, 'period_start')) }}
                when 'quarter' then {{ dbt.dateadd('day', -1, dbt.dateadd('month', 3, 'period_start')) }}
                else {{ dbt.dateadd('day', -1, dbt.dateadd('year', 1, 'period_start')) }}
            end as date
        ) as period_end
    from starts
)

select * from final
