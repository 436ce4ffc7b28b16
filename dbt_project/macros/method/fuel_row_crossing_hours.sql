{% macro fuel_row_crossing_hours() %}6{% endmacro %}
