{#- What only one engine has, or engines spell differently: one dispatching macro each. -#}

{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}


{#- The one rounding of published figures: 10 significant digits. -#}
{% macro create_published_function() -%}
    {{ return(adapter.dispatch('create_published_function', 'corridor')()) }}
{%- endmacro %}

{% macro duckdb__create_published_function() -%}
    create or replace macro published(x) as cast(printf('%.9e', x) as double)
{%- endmacro %}


{#- Sums that do not depend on the order of rows or the number of threads: whole billionths are added. -#}
{% macro exact_sum(expression) -%}
    {{ return(adapter.dispatch('exact_sum', 'corridor')(expression)) }}
{%- endmacro %}

{% macro duckdb__exact_sum(expression) -%}
    sum(cast(({{ expression }}) * 1e9 as hugeint)) / 1e9
{%- endmacro %}


{#- The same for the squares of ratios, which are small: whole 1e-24ths are added. A ratio of a
    thousand or more says that its denominator nearly cancelled, and is left out. -#}
{% macro exact_sum_of_squares(expression) -%}
    {{ return(adapter.dispatch('exact_sum_of_squares', 'corridor')(expression)) }}
{%- endmacro %}

{% macro duckdb__exact_sum_of_squares(expression) -%}
    sum(cast(
        case when abs({{ expression }}) < 1e3 then ({{ expression }}) * ({{ expression }}) * 1e24 end as hugeint
    )) / 1e24
{%- endmacro %}


{% macro hours_between(start_at, end_at) -%}
    {{ return(adapter.dispatch('hours_between', 'corridor')(start_at, end_at)) }}
{%- endmacro %}

{% macro duckdb__hours_between(start_at, end_at) -%}
    (epoch_us({{ end_at }}) - epoch_us({{ start_at }})) / 3600000000.0
{%- endmacro %}


{#- The moment in the middle of an interval, for finding the stay a visit belongs to. -#}
{% macro middle_of(start_at, end_at) -%}
    {{ return(adapter.dispatch('middle_of', 'corridor')(start_at, end_at)) }}
{%- endmacro %}

{% macro duckdb__middle_of(start_at, end_at) -%}
    {{ start_at }} + ({{ end_at }} - {{ start_at }}) / 2
{%- endmacro %}


{% macro add_hours(moment, hours) -%}
    {{ return(adapter.dispatch('add_hours', 'corridor')(moment, hours)) }}
{%- endmacro %}

{% macro duckdb__add_hours(moment, hours) -%}
    {{ moment }} + to_hours({{ hours }})
{%- endmacro %}


{#- First known value of a column over the filings of one thing, best filer first. -#}
{% macro first_known(column, rank) -%}
    min_by({{ column }}, {{ rank }}) filter (where {{ column }} is not null)
{%- endmacro %}


{#- A relation of (..., position, port_locode): one row per call of a rotation written with hyphens. -#}
{% macro rotation_calls(relation, rotation) -%}
    {{ return(adapter.dispatch('rotation_calls', 'corridor')(relation, rotation)) }}
{%- endmacro %}

{% macro duckdb__rotation_calls(relation, rotation) -%}
    select
        {{ relation }}.*,
        unnest(string_split({{ rotation }}, '-')) as port_locode,
        generate_subscripts(string_split({{ rotation }}, '-'), 1) as position
    from {{ relation }}
{%- endmacro %}


{#- The days of a span, both ends included, as a relation of (day). -#}
{% macro days_between(first_day, last_day) -%}
    {{ return(adapter.dispatch('days_between', 'corridor')(first_day, last_day)) }}
{%- endmacro %}

{% macro duckdb__days_between(first_day, last_day) -%}
    select cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date) as day
{%- endmacro %}


{% macro matches(column, pattern) -%}
    {{ return(adapter.dispatch('matches', 'corridor')(column, pattern)) }}
{%- endmacro %}

{% macro duckdb__matches(column, pattern) -%}
    regexp_matches({{ column }}, '{{ pattern }}')
{%- endmacro %}


{#- The distinct values of a group in one text, in their order. -#}
{% macro joined_values(column) -%}
    {{ return(adapter.dispatch('joined_values', 'corridor')(column)) }}
{%- endmacro %}

{% macro duckdb__joined_values(column) -%}
    string_agg(distinct {{ column }}, ', ' order by {{ column }})
{%- endmacro %}
