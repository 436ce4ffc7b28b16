with

findings as (
    select * from {{ source('rejected', 'fuel_consumption') }}
),

submissions as (
    select * from {{ ref('stg_intake__submissions') }}
),

-- A row may have several findings; what can be read of it stands beside each error.
final as (
    select
        {{ filed_row_id('findings') }} as rejected_row_id,
        findings.row_number,
        min(findings.imo_number) as imo_number,
        min(findings.period_start_utc) as period_start_utc,
        min(findings.period_end_utc) as period_end_utc,
        max(case when findings.rule = 'row_is_in_the_period' then 1 else 0 end) = 1 as is_of_another_period,
        max(case when findings.rule = 'row_is_not_the_example' then 1 else 0 end) = 1 as is_the_example,
        submissions.period_start as filed_period_start,
        submissions.period_end as filed_period_end,
        submissions.partner_id,
        submissions.submission_id
    from findings
    inner join submissions
        on findings.submission_id = submissions.submission_id and submissions.is_current
    where findings.severity = 'error' and findings.row_number is not null
    group by
        findings.submission_id,
        findings.row_number,
        submissions.submission_id,
        submissions.partner_id,
        submissions.period_start,
        submissions.period_end
)

select * from final
