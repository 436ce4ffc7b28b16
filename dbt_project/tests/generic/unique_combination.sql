{#- The key of a model that consists of several columns: no two rows share it and no part of it is null.
    A key part may be an expression. Returns each faulty key with its number of rows. -#}
{% test unique_combination(model, columns) %}

    select
        {% for column in columns %}{{ column }} as key_{{ loop.index }}, {% endfor %}
        count(*) as row_count
    from {{ model }}
    group by {% for column in columns %}{{ column }}{{ ', ' if not loop.last }}{% endfor %}

    having
        count(*) > 1
        {% for column in columns %}
            or {{ column }} is null
        {% endfor %}

{% endtest %}
