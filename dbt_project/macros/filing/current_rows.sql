{% macro current_rows(dataset, key) -%}
    filed as (
        select * from {{ ref('stg_accepted__' ~ dataset) }}
    ),

    submissions as (
        select * from {{ ref('int_submissions') }}
        where is_current
    ),

    ranked as (
        select
            filed.*,
            row_number() over (
                partition by {% for column in key %}filed.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
                order by
                    submissions.period_end desc nulls last,
                    submissions.received_at desc nulls last,
                    submissions.submission_id desc nulls last
            ) as key_rank
        from filed
        inner join submissions
            on filed.submission_id = submissions.submission_id
    ),

    current_rows as (
        select * from ranked
        where key_rank = 1
    )
{%- endmacro %}
