-- Which cells of fct_kpi are suppressed, or published with the terminal default: here by the primary rule alone.
-- A cell is unsafe if its numerator or its denominator is. Ship and terminal parts are assessed separately.
create or replace temp table cell_suppression as
with

assessed_cells as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        bool_or(is_unsafe) filter (part = 'ship') as ships_are_unsafe,
        bool_or(is_unsafe) filter (part = 'terminal') as terminals_are_unsafe,
        min(contributors) filter (part = 'ship') as ship_contributors,
        min(contributors) filter (part = 'terminal') as terminal_contributors
    from additive_cells
    where release_id = ''
    group by all
),

cells as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        bool_or(variant = 'terminal_default') as has_default,
        bool_or(value is not null) as has_value
    from warehouse.marts.fct_kpi
    group by all
)

-- Fails closed: a KPI without a definition is controlled, and a cell without contributions is suppressed.
select
    cells.*,
    coalesce(definitions.disclosure, 'controlled') = 'controlled' as is_controlled,
    is_controlled and has_default and coalesce(terminals_are_unsafe, true) as takes_default,
    is_controlled and case
        when has_default or assessed_cells.kpi_id is null then coalesce(ships_are_unsafe, true)
        else coalesce(ships_are_unsafe, false) or coalesce(terminals_are_unsafe, false)
    end as is_suppressed,
    ship_contributors,
    terminal_contributors
from cells
left join assessed_cells
    using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
left join warehouse.seeds.kpi_definitions as definitions using (kpi_id);
