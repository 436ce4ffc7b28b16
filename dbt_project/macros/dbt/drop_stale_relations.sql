{% macro drop_stale_relations() -%}
    {% if execute %}
        {% set current = [] %}
        {% for node in graph.nodes.values() if node.resource_type in ('model', 'seed') %}
            {% do current.append(node.schema ~ '.' ~ node.alias) %}
        {% endfor %}
        {% for schema in ('seeds', 'staging', 'intermediate', 'marts') %}
            {% for name in relation_names(schema) if schema ~ '.' ~ name not in current %}
                {% do adapter.drop_relation(adapter.get_relation(target.database, schema, name)) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
{%- endmacro %}
