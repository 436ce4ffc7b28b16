{% macro is_valid_on(factors, day) -%}
    ({{ factors }}.valid_from is null or {{ day }} >= {{ factors }}.valid_from)
    and ({{ factors }}.valid_before is null or {{ day }} < {{ factors }}.valid_before)
{%- endmacro %}
