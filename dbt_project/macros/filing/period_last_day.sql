{% macro period_last_day(period) -%}
    {%- set first_day = period_first_day(period) -%}
    cast(
        case
            when {{ period }} like '%Q%' then {{ dbt.dateadd('day', -1, dbt.dateadd('month', 3, first_day)) }}
            when length({{ period }}) = 4 then {{ dbt.dateadd('day', -1, dbt.dateadd('year', 1, first_day)) }}
            else {{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, first_day)) }}
        end as date
    )
{%- endmacro %}
