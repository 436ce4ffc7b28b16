{% macro max_zero_fuel_g_per_mj() %}19{% endmacro %}
