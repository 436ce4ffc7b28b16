{% macro semicolon_list_contains(joined, value) -%}
    ';' || {{ joined }} || ';' like '%;' || {{ value }} || ';%'
{%- endmacro %}
