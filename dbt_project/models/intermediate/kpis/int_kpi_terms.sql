{{ config(materialized='view') }}

{%- set columns -%}
    event_date, dimension_value, holding_id, term, amount, entity_type, entity_id, activity_row_id, activity_class,
    factor_key, evidence, factor_lag_years
{%- endset -%}

with

voyage as (
    select * from {{ ref('int_kpi_terms_voyage') }}
),

operated as (
    select * from {{ ref('int_kpi_terms_operated') }}
),

certified as (
    select * from {{ ref('int_kpi_terms_certified') }}
),

berth as (
    select * from {{ ref('int_kpi_terms_berth') }}
),

berth_emissions as (
    select * from {{ ref('int_kpi_terms_berth_emissions') }}
),

terminal as (
    select * from {{ ref('int_kpi_terms_terminal') }}
),

port_to_port_terminals as (
    select * from {{ ref('int_kpi_terms_port_to_port_terminals') }}
),

terms as (
    {% for relation in ['voyage', 'operated', 'certified', 'berth', 'berth_emissions', 'terminal'] %}
        select
            kpi_id,
            method_id,
            'any' as variant,
            '{{ 'terminal' if relation == 'terminal' else 'ship' }}' as part,
            {{ columns }}
        from {{ relation }}
        union all
    {% endfor %}
    select
        kpi_id,
        method_id,
        variant,
        'terminal' as part,
        {{ columns }}
    from port_to_port_terminals
),

final as (
    select
        *,
        cast({{ dbt.date_trunc('month', 'event_date') }} as date) as month_start
    from terms
)

select * from final
