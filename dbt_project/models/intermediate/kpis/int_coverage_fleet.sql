with

ratings as (
    select * from {{ ref('int_cii_ratings') }}
),

periods as (
    select * from {{ ref('int_periods') }}
    where data_span = 'filed' and period_grain = 'year'
),

final as (
    select
        periods.period_grain,
        periods.period_start,
        count(ratings.rating) as vessels_rated,
        count(*) as vessels_in_scope,
        count(ratings.rating) / cast(count(*) as double) as coverage
    from ratings
    inner join periods
        on ratings.year = extract(year from periods.period_start)
    group by periods.period_grain, periods.period_start
)

select * from final
