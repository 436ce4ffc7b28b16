{% macro distinct_values_as_text(column) -%}
    {{ return(adapter.dispatch('distinct_values_as_text', 'corridor')(column)) }}
{%- endmacro %}

{% macro duckdb__distinct_values_as_text(column) -%}
    string_agg(distinct {{ column }}, ', ' order by {{ column }} nulls last)
{%- endmacro %}

{% macro spark__distinct_values_as_text(column) -%}
    nullif(array_join(array_sort(collect_set({{ column }})), ', '), '')
{%- endmacro %}
