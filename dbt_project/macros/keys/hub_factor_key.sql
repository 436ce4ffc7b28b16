{% macro hub_factor_key(version) %}'glec_hub:' || cast({{ version }} as string){% endmacro %}
