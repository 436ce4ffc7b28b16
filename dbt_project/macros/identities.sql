{#- True where two sums that must agree do not: a billionth of their size apart, and more than a millionth of a unit.
    NULL agrees with everything; where it must count as nothing, the caller says coalesce. -#}
{% macro differs(left_sum, right_sum) -%}
    abs({{ left_sum }} - ({{ right_sum }})) > 1e-6 + 1e-9 * abs({{ left_sum }})
{%- endmacro %}
