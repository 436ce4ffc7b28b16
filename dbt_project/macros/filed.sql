{#- How filed rows become the rows that count. -#}

{#- Rows of the submissions that are current, one per key: of rows with the same key in several
    submissions the later period's wins, then the later received, then the larger id. -#}
{% macro current_rows(dataset, key) -%}
    filed as (
        select * from {{ source('accepted', dataset) }}
    ),

    submissions as (
        select * from {{ ref('stg_intake__submissions') }}
    ),

    ranked as (
        select
            filed.*,
            row_number() over (
                partition by {% for column in key %}filed.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
                order by submissions.period_end desc, submissions.received_at desc, submissions.submission_id desc
            ) as key_rank
        from filed
        inner join submissions
            on filed.submission_id = submissions.submission_id and submissions.is_current
    ),

    current_rows as (
        select * from ranked
        where key_rank = 1
    )
{%- endmacro %}

{#- Rows of current submissions of a dataset that an error keeps out, with what can be read of some of its columns. A
    row may have several findings; what can be read of it stands beside each error. -#}
{% macro rejected_rows(dataset, columns) -%}
    findings as (
        select * from {{ source('rejected', dataset) }}
    ),

    submissions as (
        select * from {{ ref('stg_intake__submissions') }}
    ),

    rejected_rows as (
        select
            {{ filed_row_id('findings') }} as rejected_row_id,
            findings.row_number,
            {% for column in columns %}
                min(findings.{{ column }}) as {{ column }},
            {% endfor %}
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
{%- endmacro %}

{#- Over a group of rejected rows: what a partner is told of them, up to what they may belong to. -#}
{% macro rejected_and_may_belong_to(row_number) -%}
    'row ' || cast(min({{ row_number }}) as string)
    || case when count(*) > 1 then ' (and ' || cast(count(*) - 1 as string) || ' more)' else '' end
    || ' was rejected and may belong to '
{%- endmacro %}

{#- The identity of a filed row, wherever it goes. -#}
{% macro filed_row_id(relation=none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {{ prefix }}submission_id || '-' || cast({{ prefix }}row_number as string)
{%- endmacro %}


{#- First and last day of a period as partners write it: YYYY, YYYY-Qn or YYYY-MM. -#}
{% macro period_first_day(period) -%}
    cast(
        substr({{ period }}, 1, 4) || case
            when {{ period }} like '%Q1' then '-01'
            when {{ period }} like '%Q2' then '-04'
            when {{ period }} like '%Q3' then '-07'
            when {{ period }} like '%Q4' then '-10'
            when length({{ period }}) = 4 then '-01'
            else substr({{ period }}, 5, 3)
        end || '-01' as date
    )
{%- endmacro %}

{% macro period_last_day(period) -%}
    cast(
        case
            when {{ period }} like '%Q%' then {{ dbt.dateadd('month', 3, period_first_day(period)) }}
            when length({{ period }}) = 4 then {{ dbt.dateadd('year', 1, period_first_day(period)) }}
            else {{ dbt.dateadd('month', 1, period_first_day(period)) }}
        end - interval 1 day as date
    )
{%- endmacro %}

{% macro year_end(year) -%}
    cast(cast({{ year }} as string) || '-12-31' as date)
{%- endmacro %}
