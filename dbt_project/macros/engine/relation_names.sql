{% macro relation_names(schema) -%}
    {{ return(adapter.dispatch('relation_names', 'corridor')(schema)) }}
{%- endmacro %}

{% macro duckdb__relation_names(schema) -%}
    {% set query -%}
        select table_name from information_schema.tables where table_schema = '{{ schema }}'
    {%- endset %}
    {{ return(run_query(query).columns['table_name'].values()) }}
{%- endmacro %}

{% macro spark__relation_names(schema) -%}
    {{ return(run_query('show tables in ' ~ schema).columns['tableName'].values()) }}
{%- endmacro %}
