{% macro teu_per_container() %}1.6{% endmacro %}
