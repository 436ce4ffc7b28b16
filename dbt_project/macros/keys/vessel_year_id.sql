{% macro vessel_year_id(imo_number, year) -%}
    {{ imo_number }} || ' ' || cast({{ year }} as string)
{%- endmacro %}
