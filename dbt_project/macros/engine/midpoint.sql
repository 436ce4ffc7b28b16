{% macro midpoint(start_at, end_at) -%}
    {{ return(adapter.dispatch('midpoint', 'corridor')(start_at, end_at)) }}
{%- endmacro %}

{% macro duckdb__midpoint(start_at, end_at) -%}
    {{ start_at }} + ({{ end_at }} - {{ start_at }}) / 2
{%- endmacro %}

{% macro spark__midpoint(start_at, end_at) -%}
    timestamp_micros((unix_micros({{ start_at }}) + unix_micros({{ end_at }})) div 2)
{%- endmacro %}
