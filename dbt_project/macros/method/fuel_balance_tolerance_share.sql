{% macro fuel_balance_tolerance_share() %}0.03{% endmacro %}
