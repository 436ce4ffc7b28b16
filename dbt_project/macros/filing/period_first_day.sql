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
