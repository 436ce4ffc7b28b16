{% macro add_hours(moment, hours) -%}
    {{ return(adapter.dispatch('add_hours', 'corridor')(moment, hours)) }}
{%- endmacro %}

{% macro duckdb__add_hours(moment, hours) -%}
    {{ moment }} + to_hours({{ hours }})
{%- endmacro %}

{% macro spark__add_hours(moment, hours) -%}
    timestamp_micros(unix_micros({{ moment }}) + cast({{ hours }} * 3.6e9 as bigint))
{%- endmacro %}
