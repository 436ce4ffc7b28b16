-- One row per partner, dataset and period: when it was due, and what was filed. A register has one row. Tables:
-- partner_datasets (partner_id, dataset, period_grain, due_day), receipts (the lake's index), moment (as_of).
with

received as (
    select
        receipts.*,
        receipts.verdict in ('accepted', 'accepted_with_warnings', 'partly_accepted') as is_accepted,
        receipts.submission_id in (select supersedes from receipts where supersedes is not null) as is_superseded
    from receipts
    cross join moment
    where cast(receipts.received_at as date) <= moment.as_of
),

-- A dataset that a partner never filed is due since the first period of all partners.
first_periods as (
    select
        partner_datasets.*,
        coalesce(
            min(received.period_start),
            (select min(period_start) from received)
        ) as first_day
    from partner_datasets
    left join received using (partner_id, dataset)
    where partner_datasets.period_grain <> 'register'
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

due_periods as (
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
    from partner_datasets
    where period_grain = 'register'
),

counted as (
    select
        due_periods.*,
        count(received.submission_id) as received,
        count(*) filter (received.is_superseded) as superseded,
        count(*) filter (received.verdict = 'refused') as refused,
        min(received.received_at) filter (received.is_accepted) as first_accepted_at,
        max(received.submission_id) filter (received.is_accepted and not received.is_superseded) as submission_id,
        coalesce(bool_or(received.verdict = 'partly_accepted' and not received.is_superseded), false) as is_partial
    from due_periods
    left join received
        on
            due_periods.partner_id = received.partner_id
            and due_periods.dataset = received.dataset
            and (due_periods.period = received.period or due_periods.period = 'register')
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
