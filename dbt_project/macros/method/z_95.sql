{% macro z_95() %}1.96{% endmacro %}
