{% macro term_group_columns(relation=none) -%}
    {%- for column in ['amount_id', 'method_id', 'variant', 'month_start', 'dimension_value'] -%}
        {{ relation ~ '.' if relation }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
