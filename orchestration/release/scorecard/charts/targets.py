"""Each KPI with a target: its figures by year and the straight line from baseline to target.

Belongs here: this chart. Does not belong here: the table of targets (`../data.py`), the line itself (`sql/progress`).
"""

from orchestration.core.query import Record
from orchestration.release.scorecard.charts.chart import Chart, Panel
from orchestration.release.scorecard.charts.drawing import SERIES, in_words, svg

# Targets without a line, or without any published figure, are in the table only.
QUERY = """
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


def panels(rows: list[Record]) -> list[Panel]:
    """Draw each target in a panel of its own."""
    return [Panel([row], row["unit"], f"{row['name']}: {row['authority']}") for row in rows]


def draw(rows: list[Record]) -> str:
    """Draw figures by year, and the line from baseline to target."""
    (row,) = rows
    line = [
        {"year": row["baseline_year"], "line": row["baseline_value"]},
        {"year": row["target_year"], "line": row["target_value"]},
    ]
    x = {"field": "year", "type": "quantitative", "axis": {"format": "d", "tickMinStep": 1}, "scale": {"zero": False}}
    y = {"type": "quantitative", "scale": {"zero": False, "nice": True}}
    layers = [
        {
            "data": {"values": line},
            "mark": {"type": "line", "color": SERIES[1], "strokeDash": [6, 5]},
            "encoding": {"x": x, "y": {**y, "field": "line"}},
        },
        {
            "data": {"values": row["years"]},
            "mark": {"type": "line", "color": SERIES[0], "point": {"color": SERIES[0]}},
            "encoding": {"x": x, "y": {**y, "field": "value"}},
        },
    ]
    figures = [(point["year"], point["value"]) for point in row["years"]]
    description = in_words([*figures, (f"target {row['target_year']}", row["target_value"])])
    return svg({"layer": layers, "height": 150}, f"{row['name']} against its target", description)


CHART = Chart(
    chart_id="targets",
    placement="progress",
    query=QUERY,
    draw=draw,
    caption="Solid: figures by year. Dashed: the straight line from baseline to target.",
    is_shown=bool,
    panels=panels,
)
