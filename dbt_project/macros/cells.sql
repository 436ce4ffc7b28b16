{#- The columns that say which cells a term counts in. -#}
{% macro term_group_columns(relation=none) -%}
    {%- for column in ['kpi_id', 'method_id', 'variant', 'month_start', 'dimension_value'] -%}
        {{ relation ~ '.' if relation }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- The join of grouped terms to the cells they count in. -#}
{% macro in_their_cells(groups, members) -%}
    {%- for column in ['kpi_id', 'method_id', 'variant', 'month_start', 'dimension_value'] -%}
        {{ groups }}.{{ column }} = {{ members }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- True where a list joined by semicolons, as seeds have it, holds a value. -#}
{% macro list_holds(joined, value) -%}
    ';' || {{ joined }} || ';' like '%;' || {{ value }} || ';%'
{%- endmacro %}

{#- The trust columns of a term that is no emission. -#}
{% macro no_emissions() -%}
    cast(null as bigint) as activity_row_id,
        cast(null as string) as activity_class,
        cast(null as string) as factor_key,
        cast(null as string) as evidence,
        cast(null as integer) as factor_lag_years
{%- endmacro %}
