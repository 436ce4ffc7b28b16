{% macro same_term_group(groups, members) -%}
    {%- for column in ['amount_id', 'method_id', 'variant', 'month_start', 'dimension_value'] -%}
        {{ groups }}.{{ column }} = {{ members }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
