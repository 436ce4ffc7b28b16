{#- The rules of a model, by name, and its key. A rule is a predicate that no row may make false; NULL passes.
    check_key: false where tests of the columns or unique_combination check the key; the key then only names an example.
    One query per model. Returns each broken rule with the number of failing rows and one example of the key. -#}
{% test holds(model, key, rules=none, check_key=true) %}

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

    {% if check_key -%}
    repeated_keys as (
        select row_key
        from model_rows
        group by row_key
        having count(*) > 1
    ),

    {% endif -%}
    failing as (
        {% if check_key -%}
        select
            'key_is_unique' as rule,
            count(*) as failing_count,
            min(row_key) as example
        from repeated_keys
        union all
        select
            'key_is_filled' as rule,
            count(*) as failing_count,
            min(row_key) as example
        from model_rows
        where {% for column in key %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
        {{ 'union all' if rules }}
        {% endif -%}
        {% for rule, predicate in (rules or {}).items() -%}
        select
            '{{ rule }}' as rule,
            count(*) as failing_count,
            min(row_key) as example
        from model_rows
        where not ({{ predicate }})
        {{ 'union all' if not loop.last }}
        {% endfor -%}
    )

    select * from failing
    where failing_count > 0

{% endtest %}
