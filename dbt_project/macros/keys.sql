{#- How things and factors that have no key of their own are named, wherever they appear. -#}

{#- The entity that a terminal's month is. -#}
{% macro terminal_month_id(terminal_code, month) -%}
    {{ terminal_code }} || ' ' || cast({{ month }} as string)
{%- endmacro %}

{#- The entity that a vessel's year is. -#}
{% macro vessel_year_id(imo_number, year) -%}
    {{ imo_number }} || ' ' || cast({{ year }} as string)
{%- endmacro %}

{#- The entity that a port's published figure is. -#}
{% macro public_figure_id(port_locode, period_grain, period_start) -%}
    {{ port_locode }} || ' ' || {{ period_grain }} || ' ' || cast({{ period_start }} as string)
{%- endmacro %}

{% macro supplier_factor_key(terminal_code) %}'supplier:' || {{ terminal_code }}{% endmacro %}

{% macro certificate_factor_key(scheme, number) %}'certificate:' || {{ scheme }} || ':' || {{ number }}{% endmacro %}

{% macro hub_factor_key(version) %}'glec_hub:' || cast({{ version }} as string){% endmacro %}

{% macro imo_cf_factor_key(fuel_code) %}'imo_cf:' || {{ fuel_code }}{% endmacro %}
