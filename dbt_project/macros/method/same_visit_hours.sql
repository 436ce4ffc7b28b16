{% macro same_visit_hours() %}1{% endmacro %}
