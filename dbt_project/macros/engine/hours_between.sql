{% macro hours_between(start_at, end_at) -%}
    {{ return(adapter.dispatch('hours_between', 'corridor')(start_at, end_at)) }}
{%- endmacro %}

{% macro duckdb__hours_between(start_at, end_at) -%}
    (epoch_us({{ end_at }}) - epoch_us({{ start_at }})) / 3600000000.0
{%- endmacro %}

{% macro spark__hours_between(start_at, end_at) -%}
    (unix_micros({{ end_at }}) - unix_micros({{ start_at }})) / 3.6e9
{%- endmacro %}
