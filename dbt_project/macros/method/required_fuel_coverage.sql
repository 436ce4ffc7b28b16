{% macro required_fuel_coverage() %}0.95{% endmacro %}
