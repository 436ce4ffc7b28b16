{% macro rounded_to_teu(precision, teu) -%}
    case
        when {{ precision }} != 'rounded' then 0
        {%- for unit in [1000000, 100000, 10000, 1000, 100, 10] %}
        when mod({{ teu }}, {{ unit }}) = 0 then {{ unit }}
        {%- endfor %}
        else 1
    end
{%- endmacro %}
