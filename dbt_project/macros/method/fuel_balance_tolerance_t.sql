{% macro fuel_balance_tolerance_t() %}5{% endmacro %}
