{% macro public_figure_id(port_locode, period_grain, period_start) -%}
    {{ port_locode }} || ' ' || {{ period_grain }} || ' ' || cast({{ period_start }} as string)
{%- endmacro %}
