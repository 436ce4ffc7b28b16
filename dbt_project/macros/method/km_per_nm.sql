{% macro km_per_nm() %}1.852{% endmacro %}
