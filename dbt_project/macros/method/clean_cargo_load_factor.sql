{% macro clean_cargo_load_factor() %}0.70{% endmacro %}
