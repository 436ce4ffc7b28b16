{% macro filed_row_id(relation=none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {{ prefix }}submission_id || '-' || cast({{ prefix }}row_number as string)
{%- endmacro %}
