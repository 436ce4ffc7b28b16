"""Containers through each port by month, from public port statistics.

Belongs here: this chart and the tables of its section.
"""

from orchestration.core.query import Record
from orchestration.release.scorecard.charts.chart import Chart, Panel
from orchestration.release.scorecard.charts.drawing import SERIES, in_words, svg

# Every month of every port has a row, so that a month that nobody published is a gap in the line.
MONTHS = """
with totals as (select * from kpi.port_throughput_monthly where total_teu is not null),
ports as (select distinct port_locode, port_name from totals),
months as (
    select cast(unnest(generate_series(max(month) - interval 35 month, max(month), interval 1 month)) as date) as month
    from totals
)
select port_name, month, total_teu
from ports cross join months left join totals using (port_locode, port_name, month)
order by port_name, month
"""

NEWEST = """
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

DISPUTED = """
select port_name, string_agg(strftime(month, '%Y-%m'), ', ' order by month) as months
from kpi.port_throughput_monthly where failed_checks is not null group by all order by all
"""

YEARS = """
select port_name, year(month) as year, sum(total_teu) as total_teu, count(total_teu) as months
from kpi.port_throughput_monthly group by all having months > 0 order by year desc, port_name
"""

THOUSANDS = "format(datum.value / 1000, ',')"


def panels(rows: list[Record]) -> list[Panel]:
    """Draw each port in a panel of its own."""
    by_port: dict[str, list[Record]] = {}
    for row in rows:
        by_port.setdefault(row["port_name"], []).append(row)
    return [Panel(of_port, "thousand TEU", port) for port, of_port in by_port.items()]


def draw(rows: list[Record]) -> str:
    """Draw one port's containers by month."""
    shown: list[Record] = [
        {"month": str(row["month"]), "teu": None if row["total_teu"] is None else float(row["total_teu"])}
        for row in rows
    ]
    encoding = {
        "x": {"field": "month", "type": "temporal", "axis": {"format": "%b %y", "tickCount": 4, "labelFlush": True}},
        "y": {"field": "teu", "type": "quantitative", "axis": {"labelExpr": THOUSANDS}},
    }
    mark = {"type": "line", "color": SERIES[0], "point": {"size": 22, "color": SERIES[0]}}
    spec = {"data": {"values": shown}, "mark": mark, "encoding": encoding, "width": 330, "height": 150}
    description = in_words((row["month"][:7], row["teu"]) for row in shown if row["teu"] is not None)
    return svg(spec, f"{rows[0]['port_name']}, containers by month", description)


CHART = Chart(
    chart_id="throughput",
    placement="full",
    heading="Containers through the ports",
    introduction="All container traffic of each port, as published. The corridor is a part of it.",
    sample_note="Unlike the rest of this page, these figures are real.",
    query=MONTHS,
    panels=panels,
    draw=draw,
    caption="By month, the last three years. A gap is a month that nobody has published.",
    is_shown=bool,
    tables="release/scorecard/charts/throughput.html.j2",
    table_queries={"newest": NEWEST, "disputed": DISPUTED, "years": YEARS},
)
