{% macro exact_sum(expression) -%}
    {{ return(adapter.dispatch('exact_sum', 'corridor')(expression)) }}
{%- endmacro %}

{% macro duckdb__exact_sum(expression) -%}
    sum(cast(({{ expression }}) * 1e9 as hugeint)) / 1e9
{%- endmacro %}

{% macro spark__exact_sum(expression) -%}
    cast(sum(cast(({{ expression }}) * 1e9 as decimal(38, 0))) as double) / 1e9
{%- endmacro %}
