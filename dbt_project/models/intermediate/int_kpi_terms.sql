{{ config(materialized='view') }}

{%- set columns -%}
    event_date, dimension_value, holding_id, term, amount, activity_row_id, activity_class, factor_key, evidence,
    factor_lag_years
{%- endset -%}

with

ship as (
    select * from {{ ref('int_kpi_terms_ship') }}
),

berth as (
    select * from {{ ref('int_kpi_terms_berth') }}
),

terminal as (
    select * from {{ ref('int_kpi_terms_terminal') }}
),

port_to_port_terminals as (
    select * from {{ ref('int_kpi_terms_port_to_port_terminals') }}
),

terms as (
    select
        kpi_id,
        method_id,
        'any' as variant,
        'ship' as part,
        {{ columns }}
    from ship
    union all
    select
        kpi_id,
        method_id,
        'any' as variant,
        'ship' as part,
        {{ columns }}
    from berth
    union all
    select
        kpi_id,
        method_id,
        'any' as variant,
        'terminal' as part,
        {{ columns }}
    from terminal
    union all
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
