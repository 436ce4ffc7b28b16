{% macro rejected_rows(dataset, columns) -%}
    check_results as (
        select * from {{ ref('stg_rejected__' ~ dataset) }}
    ),

    submissions as (
        select * from {{ ref('int_submissions') }}
        where is_current
    ),

    rejected_rows as (
        select
            {{ filed_row_id('check_results') }} as rejected_row_id,
            check_results.row_number,
            {% for column in columns %}
                min(check_results.{{ column }}) as {{ column }},
            {% endfor %}
            max(case when check_results.rule = 'row_is_in_the_period' then 1 else 0 end) = 1 as is_of_another_period,
            max(case when check_results.rule = 'row_is_not_the_example' then 1 else 0 end) = 1 as is_the_example,
            submissions.period_start as filed_period_start,
            submissions.period_end as filed_period_end,
            submissions.partner_id,
            submissions.submission_id
        from check_results
        inner join submissions
            on check_results.submission_id = submissions.submission_id
        where check_results.severity = 'error' and check_results.row_number is not null
        group by
            check_results.submission_id,
            check_results.row_number,
            submissions.submission_id,
            submissions.partner_id,
            submissions.period_start,
            submissions.period_end
    )
{%- endmacro %}
