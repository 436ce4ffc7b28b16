{% macro rotation_calls(relation, rotation) -%}
    {{ return(adapter.dispatch('rotation_calls', 'corridor')(relation, rotation)) }}
{%- endmacro %}

{% macro duckdb__rotation_calls(relation, rotation) -%}
    select
        {{ relation }}.*,
        unnest(string_split({{ rotation }}, '-')) as port_locode,
        generate_subscripts(string_split({{ rotation }}, '-'), 1) as position
    from {{ relation }}
{%- endmacro %}

{% macro spark__rotation_calls(relation, rotation) -%}
    select
        {{ relation }}.*,
        calls.port_locode,
        cast(calls.index_from_zero + 1 as bigint) as position
    from {{ relation }}
    lateral view posexplode(split({{ rotation }}, '-')) calls as index_from_zero, port_locode
{%- endmacro %}
