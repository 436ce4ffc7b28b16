with

received as (
    select * from {{ ref('stg_intake__submissions') }}
),

run as (
    select * from {{ ref('stg_corridor__run') }}
),

partners as (
    select * from {{ ref('stg_corridor__partners') }}
),

datasets as (
    select * from {{ ref('stg_corridor__partner_datasets') }}
),

-- Submissions of partners that corridor.toml no longer lists do not count.
of_listed_partners as (
    select
        received.*,
        received.verdict in ('accepted', 'accepted_with_warnings', 'partly_accepted') as is_accepted,
        case when datasets.period_grain = 'register' then 'register' else received.period end as replaced_period
    from received
    cross join run
    inner join partners
        on received.partner_id = partners.partner_id
    left join datasets
        on received.partner_id = datasets.partner_id and received.dataset = datasets.dataset
    where cast(received.received_at as date) <= run.as_of
),

ranked as (
    select
        *,
        row_number() over (
            partition by partner_id, dataset, replaced_period, is_accepted
            order by received_at desc nulls last, ordinal desc nulls last, submission_id desc nulls last
        ) as newest_first
    from of_listed_partners
),

final as (
    select
        submission_id,
        partner_id,
        dataset,
        period,
        period_start,
        period_end,
        received_at,
        ordinal,
        verdict,
        rows_read,
        rows_accepted,
        rows_rejected,
        content_sha256,
        is_accepted and newest_first = 1 as is_current
    from ranked
)

select * from final
