{% macro rejected_rows_message(row_number) -%}
    'row ' || cast(min({{ row_number }}) as string)
    || case when count(*) > 1 then ' (and ' || cast(count(*) - 1 as string) || ' more)' else '' end
    || ' was rejected and may belong to '
{%- endmacro %}
