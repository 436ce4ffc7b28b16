"""What the scorecard shows, as rows read from schema `kpi` of one public file.

Belongs here: the queries of everything but the charts, and the view `figures` that all queries may read.
Does not belong here: the queries of charts (`charts/`), how rows are shown (page, templates).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.core.query import Record, records
from orchestration.release.scorecard.charts.chart import Chart

HEADLINE = "corridor_wtw_g_per_teu_km"

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
    -- Charts and tables leave out periods in which no controlled KPI has a figure.
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
class ChartRows:
    """The rows of one chart.

    Attributes:
        chart: The chart.
        rows: The answer to its query.
        tables: The answers to the queries of its further tables, by name.
    """

    chart: Chart
    rows: list[Record]
    tables: dict[str, list[Record]]


@dataclass(frozen=True)
class Scorecard:
    """What the page shows; every list may be empty, every figure may be None.

    Attributes:
        headline: The newest year of the headline KPI that has a value.
        progress: The targets, each with the newest year that has a value.
        milestones: The milestones with their status.
        charts: The charts, in the order of the page.
        unpublished: How many cells of a KPI are not published, by reason.
        trust: Coverage, evidence and intervals of every KPI in the year of the headline.
        changes: How many cells changed since the previous release, by kind of change.
        approved: The checks whose failure a person approved.
    """

    headline: Record | None
    progress: list[Record]
    milestones: list[Record]
    charts: list[ChartRows]
    unpublished: list[Record]
    trust: list[Record]
    changes: list[Record]
    approved: list[Record]


def read_scorecard(con: duckdb.DuckDBPyConnection, charts: Iterable[Chart]) -> Scorecard:
    """Read everything that the page shows from schema `kpi` of the database in use."""

    def rows(sql: str, **parameters: object) -> list[Record]:
        return records(con, sql, parameters)

    con.execute(FIGURES)
    headline = next(iter(rows(HEADLINE_YEAR, kpi=HEADLINE)), None)
    return Scorecard(
        headline=headline,
        progress=rows(PROGRESS),
        milestones=rows(MILESTONES),
        charts=[
            ChartRows(chart, rows(chart.query), {name: rows(sql) for name, sql in chart.table_queries.items()})
            for chart in charts
        ],
        unpublished=rows(UNPUBLISHED),
        trust=rows(TRUST, period=headline["period"] if headline else ""),
        changes=rows(CHANGES),
        approved=rows(APPROVED),
    )
