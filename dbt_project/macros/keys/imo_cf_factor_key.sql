{% macro imo_cf_factor_key(fuel_code) %}'imo_cf:' || {{ fuel_code }}{% endmacro %}
