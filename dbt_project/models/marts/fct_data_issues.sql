with

legs as (
    select * from {{ ref('int_data_issues_legs') }}
),

fuel as (
    select * from {{ ref('int_data_issues_fuel') }}
),

visits as (
    select * from {{ ref('int_data_issues_visits') }}
),

terminals as (
    select * from {{ ref('int_data_issues_terminals') }}
),

coverage as (
    select * from {{ ref('int_coverage_ship') }}
    where method_id = {{ default_method_id() }} and period_grain = 'month'
),

reported as (
    select * from {{ ref('fct_reported_against_public') }}
),

too_many_arrivals as (
    select
        'arrivals_are_expected' as check_name,
        'warning' as severity,
        cast(period_start as string) as subject,
        cast(complete_arrivals as string) || ' complete arrivals' as observed,
        'at most 1.1 of the ' || cast(round(expected_arrivals, 1) as string) || ' nominated' as expected,
        cast(null as string) as submission_id
    from coverage
    where coverage > 1.1
),

too_many_containers as (
    select
        'reported_teu_is_within_published' as check_name,
        'warning' as severity,
        port_locode || ' ' || cast(month as string) as subject,
        cast(round(reported_corridor_teu) as string) || ' corridor TEU' as observed,
        'at most the ' || cast(round(published_teu) as string) || ' TEU the port published' as expected,
        cast(null as string) as submission_id
    from reported
    where exceeds_published
),

data_issues as (
    select * from legs
    union all
    select * from fuel
    union all
    select * from visits
    union all
    select * from terminals
    union all
    select * from too_many_arrivals
    union all
    select * from too_many_containers
),

-- One row per check and submission: the first subject represents the others.
numbered as (
    select
        *,
        row_number() over (
            partition by check_name, severity, submission_id
            order by subject nulls last
        ) as issue_number,
        count(*) over (partition by check_name, severity, submission_id) as failing_count
    from data_issues
),

final as (
    select
        check_name,
        subject as target,
        severity,
        'failed' as verdict,
        observed,
        expected,
        failing_count,
        check_name || ': ' || observed || '; expected ' || expected
        || case when failing_count > 1 then ' (and ' || cast(failing_count - 1 as string) || ' more)' else '' end
            as message,
        submission_id,
        'warehouse' as layer
    from numbered
    where issue_number = 1
)

select * from final
