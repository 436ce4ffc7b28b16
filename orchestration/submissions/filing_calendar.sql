-- What each partner owes by period, and what came of it. Tables: duties (partner_id, dataset, period_grain, due_day),
-- received (the index of receipts), moment (as_of). One row a partner, dataset and period; a register has one.
with

known as (
    select
        received.*,
        received.verdict in ('accepted', 'accepted_with_warnings', 'partly_accepted') as is_accepted,
        received.submission_id in (select supersedes from received where supersedes is not null) as is_superseded
    from received
    cross join moment
    where cast(received.received_at as date) <= moment.as_of
),

-- A partner that never filed a dataset owes it since the first period of anybody.
first_periods as (
    select
        duties.*,
        coalesce(
            min(known.period_start),
            (select min(period_start) from known)
        ) as first_day
    from duties
    left join known using (partner_id, dataset)
    where duties.period_grain <> 'register'
    group by all
),

periods as (
    select
        first_periods.partner_id,
        first_periods.dataset,
        first_periods.period_grain,
        first_periods.due_day,
        cast(unnest(generate_series(
            date_trunc(first_periods.period_grain, first_periods.first_day),
            moment.as_of,
            case first_periods.period_grain
                when 'month' then interval 1 month when 'quarter' then interval 3 month else interval 1 year
            end
        )) as date) as period_start
    from first_periods
    cross join moment
),

named as (
    select
        *,
        cast(case period_grain
            when 'month' then period_start + interval 1 month
            when 'quarter' then period_start + interval 3 month
            else period_start + interval 1 year
        end as date) as next_start,
        case period_grain
            when 'month' then strftime(period_start, '%Y-%m')
            when 'quarter' then year(period_start) || '-Q' || quarter(period_start)
            else cast(year(period_start) as varchar)
        end as period
    from periods
),

owed as (
    select
        partner_id,
        dataset,
        period,
        period_start,
        next_start - 1 as period_end,
        next_start + due_day - 1 as due
    from named
    cross join moment
    where next_start <= moment.as_of
    union all
    select partner_id, dataset, 'register', null, null, null
    from duties
    where period_grain = 'register'
),

counted as (
    select
        owed.*,
        count(known.submission_id) as received,
        count(*) filter (known.is_superseded) as superseded,
        count(*) filter (known.verdict = 'refused') as refused,
        min(known.received_at) filter (known.is_accepted) as first_accepted_at,
        max(known.submission_id) filter (known.is_accepted and not known.is_superseded) as submission_id,
        coalesce(bool_or(known.verdict = 'partly_accepted' and not known.is_superseded), false) as is_partial
    from owed
    left join known
        on
            owed.partner_id = known.partner_id
            and owed.dataset = known.dataset
            and (owed.period = known.period or owed.period = 'register')
    group by all
),

final as (
    select
        counted.partner_id,
        counted.dataset,
        counted.period,
        counted.period_end,
        counted.due,
        case
            when counted.first_accepted_at is not null then
                case when counted.first_accepted_at >= counted.due + 1 then 'late' else 'accepted' end
                || case when counted.is_partial then ', partly' else '' end
            when counted.received > 0 then 'refused'
            when counted.due is null or counted.due < moment.as_of then 'missing'
            else 'not due'
        end as state,
        counted.received,
        counted.superseded,
        counted.refused,
        counted.submission_id
    from counted
    cross join moment
)

select * from final order by partner_id, dataset, period_end
