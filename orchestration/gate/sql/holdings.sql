-- Who stands behind each published cell of a controlled KPI: holdings with a part in the table that fewest share, of
-- N and D, of ships and of terminals. is_exposed: in one of them fewer than three, not all of whom have waived
-- protection.
with

amounts as (
    unpivot warehouse.marts.fct_kpi_contributions
    on numerator, denominator into name additive_table value amount
),

in_force as (
    select holding_id, kpi_id from waivers where until >= (select as_of from moment)
),

counted as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value, part, additive_table,
        count(distinct holding_id) filter (amount <> 0) as holdings,
        count(distinct holding_id) filter (amount <> 0 and not exists (
            select 1 from in_force
            where in_force.holding_id = amounts.holding_id and in_force.kpi_id in ('*', amounts.kpi_id)
        )) as unwaived
    from amounts
    group by all
)

select
    cells.kpi_id, cells.method_id, cells.period_grain, cells.period_start, cells.dimension, cells.dimension_value,
    cells.n_contributors_band,
    min(counted.holdings) as holdings,
    coalesce(bool_or(counted.holdings = 0 or (counted.holdings < 3 and counted.unwaived > 0)), true) as is_exposed
from kpis.kpi.kpi_values as cells
left join kpis.kpi.kpi_definitions as definitions on cells.kpi_id = definitions.kpi_id
left join counted
    on
        cells.kpi_id = counted.kpi_id and cells.method_id = counted.method_id
        and cells.period_grain = counted.period_grain and cells.period_start = counted.period_start
        and cells.dimension = counted.dimension and cells.dimension_value = counted.dimension_value
        -- The hub default is nobody's contribution.
        and not (cells.status = 'terminal_default' and counted.part = 'terminal')
where coalesce(definitions.disclosure, 'controlled') = 'controlled'
    and cells.status in ('published', 'terminal_default')
group by all
