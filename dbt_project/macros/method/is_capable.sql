{% macro is_capable(capability) %}{{ capability }} in ('reduced', 'zero'){% endmacro %}
