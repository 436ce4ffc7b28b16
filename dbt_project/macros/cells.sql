{#- The columns that say which cells a term counts in. -#}
{% macro term_group_columns(relation=none) -%}
    {%- for column in ['kpi_id', 'method_id', 'variant', 'month_start', 'direction', 'port_locode'] -%}
        {{ relation ~ '.' if relation }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- The join of grouped terms to the cells they count in. -#}
{% macro in_their_cells(groups, members) -%}
    {%- for column in ['kpi_id', 'method_id', 'variant', 'month_start', 'direction', 'port_locode'] -%}
        {{ groups }}.{{ column }} = {{ members }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
