{% macro differs(left_sum, right_sum) -%}
    abs({{ left_sum }} - ({{ right_sum }})) > 1e-6 + 1e-9 * abs({{ left_sum }})
{%- endmacro %}
