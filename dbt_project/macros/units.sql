{#- Unit constants of METHOD, each named once. -#}

{#- 1 nautical mile = 1.852 km (docs/method.md#units). -#}
{% macro km_per_nm() %}1.852{% endmacro %}

{#- 1 MWh = 3.6 GJ, so 1 kWh = 3.6 MJ (docs/method.md#units). -#}
{% macro mj_per_kwh() %}3.6{% endmacro %}

{#- TEU per container behind the GLEC hub default, a planning value (docs/method.md#port-to-port). -#}
{% macro teu_per_container() %}1.6{% endmacro %}
