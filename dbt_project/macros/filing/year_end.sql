{% macro year_end(year) %}cast(cast({{ year }} as string) || '-12-31' as date){% endmacro %}
