{% macro terminal_month_id(terminal_code, month) -%}
    {{ terminal_code }} || ' ' || cast({{ month }} as string)
{%- endmacro %}
