{{ config(materialized='view') }}

{%- set columns -%}
    holding_id, term, amount, activity_row_id, activity_class, factor_key, evidence, factor_lag_years
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
        event_date,
        coalesce(direction, 'none') as direction,
        'none' as port_locode,
        {{ columns }}
    from ship
    union all
    select
        kpi_id,
        method_id,
        'any' as variant,
        'ship' as part,
        event_date,
        'none' as direction,
        port_locode,
        holding_id,
        term,
        amount,
        cast(null as bigint) as activity_row_id,
        cast(null as varchar) as activity_class,
        cast(null as varchar) as factor_key,
        cast(null as varchar) as evidence,
        cast(null as integer) as factor_lag_years
    from berth
    union all
    select
        kpi_id,
        method_id,
        'any' as variant,
        'terminal' as part,
        event_date,
        'none' as direction,
        port_locode,
        {{ columns }}
    from terminal
    union all
    select
        kpi_id,
        method_id,
        variant,
        'terminal' as part,
        event_date,
        direction,
        'none' as port_locode,
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
