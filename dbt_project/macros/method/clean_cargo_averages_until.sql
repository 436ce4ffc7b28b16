{% macro clean_cargo_averages_until() %}2025{% endmacro %}
