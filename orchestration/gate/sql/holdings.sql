-- Number of holdings that contribute to each published cell of a controlled KPI. A cell has several additive tables
-- (numerator and denominator, of ships and of terminals); the smallest number counts.
-- is_exposed: an additive table has fewer than three holdings, and not all of them have waived protection.
-- Grain: one row per published cell.
with

amounts as (
    unpivot warehouse.marts.fct_kpi_contributions
    on numerator, denominator into name additive_table value amount
),

waivers_in_force as (
    select holding_id, kpi_id from waivers where until >= (select as_of from moment)
),

holdings_per_table as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value, part, additive_table,
        count(distinct holding_id) filter (amount <> 0) as holdings,
        count(distinct holding_id) filter (amount <> 0 and not exists (
            select 1 from waivers_in_force
            where
                waivers_in_force.holding_id = amounts.holding_id
                and waivers_in_force.kpi_id in ('*', amounts.kpi_id)
        )) as unwaived_holdings
    from amounts
    group by all
)

select
    cells.kpi_id, cells.method_id, cells.period_grain, cells.period_start, cells.dimension, cells.dimension_value,
    cells.n_contributors_band,
    min(counted.holdings) as holdings,
    coalesce(
        bool_or(counted.holdings = 0 or (counted.holdings < 3 and counted.unwaived_holdings > 0)), true
    ) as is_exposed
from kpis.kpi.kpi_values as cells
left join kpis.kpi.kpi_definitions as definitions on cells.kpi_id = definitions.kpi_id
left join holdings_per_table as counted
    on
        cells.kpi_id = counted.kpi_id and cells.method_id = counted.method_id
        and cells.period_grain = counted.period_grain and cells.period_start = counted.period_start
        and cells.dimension = counted.dimension and cells.dimension_value = counted.dimension_value
        -- A default value for a terminal has no contributor.
        and not (cells.status = 'terminal_default' and counted.part = 'terminal')
where coalesce(definitions.disclosure, 'controlled') = 'controlled'
    and cells.status in ('published', 'terminal_default')
group by all
