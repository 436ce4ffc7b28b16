with

visits as (
    select * from {{ ref('int_visits') }}
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

published as (
    select * from {{ ref('int_throughput_current') }}
    where measure = 'total_teu' and period_grain = 'month'
),

reported as (
    select
        port_locode,
        cast({{ dbt.date_trunc('month', 'tied_utc') }} as date) as month,
        count(*) as visits,
        count(*) - count(corridor_teu_handled) as visits_without_teu,
        {{ exact_sum('corridor_teu_handled') }} as reported_corridor_teu
    from visits
    group by port_locode, cast({{ dbt.date_trunc('month', 'tied_utc') }} as date)
),

final as (
    select
        reported.port_locode,
        reported.month,
        reported.visits,
        reported.visits_without_teu,
        reported.reported_corridor_teu,
        cast(published.teu as double) as published_teu,
        published.source_id,
        reported.reported_corridor_teu / nullif(cast(published.teu as double), 0) as reported_share,
        reported.reported_corridor_teu > published.teu as exceeds_published
    from reported
    inner join sides
        on reported.port_locode = sides.port_locode
    left join published
        on reported.port_locode = published.port_locode and reported.month = published.period_start
)

select * from final
