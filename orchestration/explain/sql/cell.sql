-- The requested cell, as computed and as published.
create temp table cell as
with

published as (
    select * from kpis.kpi.kpi_values
),

computed as (
    select * from warehouse.marts.fct_kpi
),

definitions as (
    select * from warehouse.marts.dim_kpi
),

methods as (
    select * from warehouse.marts.dim_method
)

select
    computed.*,
    definitions.name,
    definitions.meaning,
    definitions.formula,
    definitions.kind,
    definitions.authority,
    definitions.coverage_basis,
    methods.name as method_name,
    methods.gwp_assessment,
    published.status as published_status,
    published.value as published_value
from computed
inner join definitions
    on computed.kpi_id = definitions.kpi_id
left join methods
    on computed.method_id = methods.method_id
left join published
    on
        computed.kpi_id = published.kpi_id
        and computed.method_id = published.method_id
        and computed.period_grain = published.period_grain
        and computed.period_start = published.period_start
        and computed.dimension = published.dimension
        and computed.dimension_value = published.dimension_value
where
    computed.kpi_id = $kpi_id
    and computed.method_id = $method_id
    and computed.period_grain = $period_grain
    and computed.period_start = $period_start
    and computed.dimension_value = $dimension_value
    and computed.variant = case published.status when 'terminal_default' then 'terminal_default' else 'measured' end
