{% macro create_published_function() -%}
    {{ return(adapter.dispatch('create_published_function', 'corridor')()) }}
{%- endmacro %}

{% macro duckdb__create_published_function() -%}
    create or replace macro published(x) as cast(printf('%.9e', x) as double)
{%- endmacro %}

{% macro spark__create_published_function() -%}
    create or replace temporary function published(x double)
    returns double
    return cast(format_string('%.9e', x) as double)
{%- endmacro %}
