{% macro null_trust_columns() -%}
    cast(null as bigint) as activity_row_id,
        cast(null as string) as activity_class,
        cast(null as string) as factor_key,
        cast(null as string) as evidence,
        cast(null as int) as factor_lag_years
{%- endmacro %}
