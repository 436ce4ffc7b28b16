{% macro supplier_factor_key(terminal_code) %}'supplier:' || {{ terminal_code }}{% endmacro %}
