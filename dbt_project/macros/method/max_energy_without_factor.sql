{% macro max_energy_without_factor() %}0.05{% endmacro %}
