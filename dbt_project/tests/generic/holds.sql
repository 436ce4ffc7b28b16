{#- What is true of every row of a model: its key, and rules by name. A rule is a predicate that no row may
    make false; NULL passes. One query a model; returns rule, failing rows and one example of the key. -#}
{% test holds(model, key, rules=none) %}

    {%- set key_text -%}
        {%- for column in key -%}
            coalesce(cast({{ column }} as string), 'NULL'){{ " || ' | ' || " if not loop.last }}
        {%- endfor -%}
    {%- endset -%}

    with

    model_rows as (
        select
            *,
            {{ key_text }} as row_key
        from {{ model }}
    ),

    doubled as (
        select row_key
        from model_rows
        group by row_key
        having count(*) > 1
    ),

    failing as (
        select
            'key_is_unique' as rule,
            count(*) as failing_count,
            min(row_key) as example
        from doubled
        union all
        select
            'key_is_filled' as rule,
            count(*) as failing_count,
            min(row_key) as example
        from model_rows
        where {% for column in key %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
        {% for rule, predicate in (rules or {}).items() %}
            union all
            select
                '{{ rule }}' as rule,
                count(*) as failing_count,
                min(row_key) as example
            from model_rows
            where not ({{ predicate }})
        {% endfor %}
    )

    select * from failing
    where failing_count > 0

{% endtest %}
