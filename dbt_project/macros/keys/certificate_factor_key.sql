{% macro certificate_factor_key(scheme, number) %}'certificate:' || {{ scheme }} || ':' || {{ number }}{% endmacro %}
