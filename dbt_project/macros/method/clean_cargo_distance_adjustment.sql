{% macro clean_cargo_distance_adjustment() %}1.15{% endmacro %}
