{% set sums = ['mass_t', 'mass_without_factor_t', 'energy_mj', 'energy_without_factor_mj'] %}

with

scope as (
    select * from {{ ref('int_kpi_fuel_scope') }}
),

segment_fuel as (
    select * from {{ ref('int_segment_fuel') }}
),

recipes as (
    select * from {{ ref('int_kpi_recipes') }}
    where factors != 'none'
),

cells as (
    select * from {{ ref('int_kpi_cells') }}
),

monthly as (
    select
        scope.amount_id,
        scope.method_id,
        cast({{ dbt.date_trunc('month', 'scope.event_date') }} as date) as month_start,
        scope.dimension_value,
        {% for column in sums %}
            {{ exact_sum('segment_fuel.' ~ column ~ ' * scope.weight') }} as {{ column }},
        {% endfor %}
        sum(segment_fuel.rows_without_lcv) as rows_without_lcv
    from scope
    inner join segment_fuel
        on
            scope.segment_type = segment_fuel.segment_type
            and scope.segment_id = segment_fuel.segment_id
            and scope.factors = segment_fuel.factors
    group by
        scope.amount_id, scope.method_id, cast({{ dbt.date_trunc('month', 'scope.event_date') }} as date),
        scope.dimension_value
),

by_cell as (
    select
        cells.cell_id,
        {% for column in sums %}
            {{ exact_sum('monthly.' ~ column) }} as {{ column }},
        {% endfor %}
        sum(monthly.rows_without_lcv) as rows_without_lcv
    from monthly
    inner join recipes
        on monthly.amount_id = recipes.amount_id and monthly.method_id = recipes.method_id
    inner join cells
        on
            recipes.kpi_id = cells.kpi_id
            and recipes.method_id = cells.method_id
            and monthly.month_start between cells.period_start and cells.period_end
            and (cells.dimension = 'corridor' or monthly.dimension_value = cells.dimension_value)
    group by cells.cell_id
),

-- By mass where the calorific value of a fuel is unknown.
final as (
    select
        cell_id,
        case
            when rows_without_lcv > 0 then mass_without_factor_t / nullif(mass_t, 0)
            else energy_without_factor_mj / nullif(energy_mj, 0)
        end as energy_without_factor_share
    from by_cell
)

select * from final
