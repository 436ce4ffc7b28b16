{% macro throughput_tolerance_teu(precision) -%}
    case {{ precision }} when 'hundredth' then 0.05 when 'rounded' then 0 else 3 end
{%- endmacro %}
