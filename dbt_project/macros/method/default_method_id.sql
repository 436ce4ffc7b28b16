{% macro default_method_id() -%}
    (select methods.method_id from {{ ref('methods') }} as methods where methods.is_default)
{%- endmacro %}
