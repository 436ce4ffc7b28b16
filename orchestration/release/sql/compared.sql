-- What public figures say of each other: a row for each comparison that fails, and one for each check of which none does.
insert into kpi.check_results by name
with

comparisons as (
    select
        *,
        port_locode || ' ' || measure || ' of ' || case period_grain
            when 'month' then strftime(period_start, '%Y-%m')
            when 'calendar_year' then strftime(period_start, '%Y')
            when 'fiscal_year' then 'the fiscal year from ' || strftime(period_start, '%Y-%m')
            else strftime(period_start, 'the year to %Y-%m')
        end as figure
    from warehouse.marts.fct_port_throughput_comparisons
),

failed as (
    select
        check_name,
        figure || ' by ' || source_id as target,
        'failed' as verdict,
        coalesce(format('{:,.2f}', teu::double), 'nothing') as observed,
        format('{:,.2f}, {} ({})', compared_teu::double, compared_with, compared_source_ids) as expected,
        1 as failing_count,
        source_id || ' says ' || coalesce(format('{:,.2f}', teu::double), 'nothing') || case check_name
            when 'sources_agree' then format(' where {} says {:,.2f}', compared_source_ids, compared_teu::double)
            when 'corrections_find_what_they_correct'
                then format(' and no longer {:,.2f}, so the correction of that has no effect', compared_teu::double)
            else format(' where {} would be {:,.2f}', compared_with, compared_teu::double)
        end
        || if(tolerance_teu > 0, format('; as published they may be {:,.2f} TEU apart', tolerance_teu::double), '')
        || if(is_corrected, '. Corrected: see port_throughput_monthly', '') as message
    from comparisons
    where not agrees
),

passed as (
    select
        check_name,
        'public figures' as target,
        'passed' as verdict,
        format('{} comparisons, 0 fail', count(*)) as observed,
        'figures that agree within the tolerance of how they were published' as expected,
        0 as failing_count,
        '' as message
    from comparisons
    group by check_name
    having bool_and(agrees)
)

select
    $corridor_id as corridor_id,
    $release_id as release_id,
    'warehouse' as layer,
    'warning' as severity,
    *
from (from failed union all from passed)
order by check_name, target, expected;
