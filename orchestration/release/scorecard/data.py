"""What the scorecard shows, as rows read from schema `kpi` of one public file.

Belongs here: the questions the page asks. Does not belong here: how an answer looks (page, charts, templates).
"""

from dataclasses import dataclass

import duckdb

from orchestration.core.query import Record, records

HEADLINE = "corridor_wtw_g_per_teu_km"
PORT_TO_PORT = "port_to_port_kg_per_teu"
PARTS = {
    "port_to_port_sailing_kg_per_teu": "Sailing",
    "port_to_port_berth_kg_per_teu": "Ships at berth",
    "port_to_port_terminals_kg_per_teu": "Terminals",
}
SHORE_POWER = ("shore_power_use", "shore_power_coverage")
TERMINALS = ("terminal_kgco2e_per_teu", "terminal_kwh_per_teu")

FIGURES = """
create or replace temp view figures as
with ports as (select port_locode, any_value(port_name) as port_name from kpi.port_throughput_monthly group by all)
select
    f.*,
    d.name,
    d.better,
    d.display_order,
    list_position(string_split(d.method_ids, ';'), f.method_id) as method_place,
    method_place = 1 as is_default_method,
    -- A period in which nobody has a figure yet is left out of charts and tables.
    bool_or(f.value is not null and d.disclosure = 'controlled') over (partition by f.period_grain, f.period_start)
        as has_begun,
    case f.dimension
        when 'corridor' then 'Whole corridor'
        when 'direction' then upper(f.dimension_value[1]) || f.dimension_value[2:]
        else coalesce(p.port_name, f.dimension_value)
    end as part,
    case f.period_grain
        when 'year' then strftime(f.period_start, '%Y')
        when 'quarter' then strftime(f.period_start, '%Y Q') || quarter(f.period_start)
        else strftime(f.period_start, '%Y-%m')
    end as period
from kpi.kpi_values as f
inner join kpi.kpi_definitions as d using (kpi_id)
left join ports as p on f.dimension = 'port' and f.dimension_value = p.port_locode
"""

HEADLINE_YEAR = """
select *, 100 * (value / lag(value) over (order by period_start) - 1) as change_pct,
    lag(period) over (order by period_start) as period_before
from figures
where kpi_id = $kpi and period_grain = 'year' and dimension = 'corridor' and is_default_method
qualify row_number() over (order by value is null, period_start desc) = 1
"""

TREND = """
from figures
where kpi_id = $kpi and period_grain = 'quarter' and dimension = 'corridor' and is_default_method and has_begun
order by period_start
"""

PROGRESS = """
select p.*, coalesce(d.name, p.kpi_id) as name, year(p.period_start) as year
from kpi.kpi_progress as p left join kpi.kpi_definitions as d using (kpi_id)
qualify row_number() over (
    partition by p.kpi_id, p.authority, p.target_status, p.target_year, p.target_value
    order by p.value is null, p.period_start desc
) = 1
order by p.target_status, name, p.authority, p.target_value
"""

MILESTONES = """
select m.*, d.name as kpi_name
from kpi.kpi_milestones as m left join kpi.kpi_definitions as d using (kpi_id)
order by m.due_year, m.milestone
"""

PROGRESS_LINES = """
select
    any_value(d.name) as name,
    any_value(p.unit) as unit,
    p.authority,
    cast(left(p.baseline_period, 4) as integer) as baseline_year,
    p.baseline_value,
    p.target_year,
    p.target_value,
    list({'year': year(p.period_start), 'value': p.value} order by p.period_start) as years
from kpi.kpi_progress as p inner join kpi.kpi_definitions as d using (kpi_id)
where p.line_value is not null
group by p.kpi_id, p.authority, p.baseline_period, p.baseline_value, p.target_year, p.target_value
having count(p.value) > 0
order by name, p.authority, p.target_value
"""

BY_METHOD = """
from figures
where kpi_id = 'energy_ghg_intensity_g_mj' and period_grain = $grain and dimension = 'corridor' and has_begun
order by period_start, method_place
"""

BY_PART = """
from figures
where list_contains($kpis, kpi_id) and period_grain = 'year' and is_default_method and has_begun
order by kpi_id, period_start desc, dimension = 'corridor' desc, part
"""

# Every month of every port: one that nobody published is a gap in its line, not a straight stroke across.
THROUGHPUT = """
with figures as (select * from kpi.port_throughput_monthly where total_teu is not null),
ports as (select distinct port_locode, port_name from figures),
months as (
    select cast(unnest(generate_series(max(month) - interval 35 month, max(month), interval 1 month)) as date) as month
    from figures
)
select port_name, month, strftime(month, '%Y-%m') as period, total_teu, status, source, precision
from ports cross join months left join figures using (port_locode, port_name, month)
order by port_name, month
"""

THROUGHPUT_YEARS = """
select port_name, year(month) as year, sum(total_teu) as total_teu, count(total_teu) as months
from kpi.port_throughput_monthly group by all having months > 0 order by year desc, port_name
"""

THROUGHPUT_NEWEST = """
with totals as (select * from kpi.port_throughput_monthly where total_teu is not null),
newest as (from totals qualify row_number() over (partition by port_locode order by month desc) = 1),
gaps as (
    select port_locode, count_if(total_teu is null) as months_missing, strftime(min(month), '%Y-%m') as since
    from kpi.port_throughput_monthly group by all
)
select
    port_name, strftime(month, '%Y-%m') as period, total_teu, 100 * change_on_year as change_pct,
    100 * share_of_side as share_pct, trailing_12_months_teu, months_missing, since
from newest inner join gaps using (port_locode) order by port_name
"""

THROUGHPUT_DISPUTED = """
select port_name, string_agg(strftime(month, '%Y-%m'), ', ' order by month) as months
from kpi.port_throughput_monthly where failed_checks is not null group by all order by all
"""

UNPUBLISHED = """
select
    any_value(name) as name,
    period_grain,
    count(*) as cells,
    count_if(value is not null) as shown,
    count_if(status = 'suppressed') as suppressed,
    count_if(status = 'not_computable') as not_computable,
    count_if(status = 'no_data') as no_data
from figures group by kpi_id, period_grain having cells > shown
order by name, list_position(['year', 'quarter', 'month'], period_grain)
"""

TRUST = """
from figures
where period_grain = 'year' and dimension = 'corridor' and is_default_method and period = $period
order by display_order
"""

CHANGES = """
select change, count(*) as count, any_value(previous_release_id) as previous
from kpi.release_changes where change <> 'status' group by change order by change
"""

APPROVED = """
select check_name, observed, message
from kpi.check_results where layer = 'gate' and verdict = 'approved' order by check_name
"""


@dataclass(frozen=True)
class Scorecard:
    """The answers; every list may be empty, every figure may be None."""

    headline: Record | None
    trend: list[Record]
    progress: list[Record]
    progress_lines: list[Record]
    milestones: list[Record]
    port_to_port: list[Record]
    method_quarters: list[Record]
    method_years: list[Record]
    shore_power: list[Record]
    terminals: list[Record]
    throughput: list[Record]
    throughput_years: list[Record]
    throughput_newest: list[Record]
    throughput_disputed: list[Record]
    unpublished: list[Record]
    trust: list[Record]
    changes: list[Record]
    approved: list[Record]


def read_scorecard(con: duckdb.DuckDBPyConnection) -> Scorecard:
    """Ask a public file, whose schema `kpi` con has in use, everything the page shows."""

    def rows(sql: str, **parameters: object) -> list[Record]:
        return records(con, sql, parameters)

    con.execute(FIGURES)
    headline = next(iter(rows(HEADLINE_YEAR, kpi=HEADLINE)), None)
    return Scorecard(
        headline=headline,
        trend=rows(TREND, kpi=HEADLINE),
        progress=rows(PROGRESS),
        progress_lines=rows(PROGRESS_LINES),
        milestones=rows(MILESTONES),
        port_to_port=rows(BY_PART, kpis=[PORT_TO_PORT, *PARTS]),
        method_quarters=rows(BY_METHOD, grain="quarter"),
        method_years=rows(BY_METHOD, grain="year"),
        shore_power=rows(BY_PART, kpis=list(SHORE_POWER)),
        terminals=rows(BY_PART, kpis=list(TERMINALS)),
        throughput=rows(THROUGHPUT),
        throughput_years=rows(THROUGHPUT_YEARS),
        throughput_newest=rows(THROUGHPUT_NEWEST),
        throughput_disputed=rows(THROUGHPUT_DISPUTED),
        unpublished=rows(UNPUBLISHED),
        trust=rows(TRUST, period=headline["period"] if headline else ""),
        changes=rows(CHANGES),
        approved=rows(APPROVED),
    )
