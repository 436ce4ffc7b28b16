{% macro exact_sum_of_squares(expression) -%}
    {{ return(adapter.dispatch('exact_sum_of_squares', 'corridor')(expression)) }}
{%- endmacro %}

{% macro duckdb__exact_sum_of_squares(expression) -%}
    sum(cast(
        case when abs({{ expression }}) < 1e3 then ({{ expression }}) * ({{ expression }}) * 1e24 end as hugeint
    )) / 1e24
{%- endmacro %}

{% macro spark__exact_sum_of_squares(expression) -%}
    cast(sum(cast(
        case when abs({{ expression }}) < 1e3 then ({{ expression }}) * ({{ expression }}) * 1e24 end as decimal(38, 0)
    )) as double) / 1e24
{%- endmacro %}
