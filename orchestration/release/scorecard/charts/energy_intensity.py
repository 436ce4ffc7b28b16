"""Greenhouse gas intensity of the energy that ships used: a line per method.

Belongs here: this chart. Does not belong here: the intensity per TEU and kilometre (`headline_trend.py`).
"""

from orchestration.core.query import Record
from orchestration.release.scorecard.charts.chart import Chart, Panel
from orchestration.release.scorecard.charts.drawing import METHOD_NAMES, colour, in_words, pick, quarter_axis, svg

QUERY = """
from figures
where kpi_id = 'energy_ghg_intensity_g_mj'
    and period_grain in ('quarter', 'year') and dimension = 'corridor' and has_begun
order by period_grain, period_start, method_place
"""


def panels(rows: list[Record]) -> list[Panel]:
    """Draw the quarters; the table has the years."""
    named = [{**row, "part": METHOD_NAMES.get(row["method_id"], row["method_id"])} for row in rows]
    quarters = [row for row in named if row["period_grain"] == "quarter"]
    years = [row for row in named if row["period_grain"] == "year"]
    return [Panel(quarters, "g/MJ", table_rows=years)]


def draw(rows: list[Record]) -> str:
    """Draw one line per method, by quarter."""
    shown = [pick(row, "period", "value", "part") for row in rows]
    encoding = {
        "x": quarter_axis(shown),
        "y": {"field": "value", "type": "quantitative", "scale": {"zero": False}},
        "color": colour("part", list(METHOD_NAMES.values())),
    }
    spec = {"data": {"values": shown}, "encoding": encoding, "layer": [{"mark": "line"}, {"mark": "point"}]}
    description = in_words((f"{row['part']} {row['period']}", row["value"]) for row in shown)
    return svg(spec, "By quarter and method", description)


CHART = Chart(
    chart_id="energy",
    placement="half",
    heading="Greenhouse gas intensity of the energy used",
    introduction="Emissions per megajoule of fuel burned, well-to-wake. The three methods count differently: "
    "compare a line with itself over time, not with the other lines.",
    query=QUERY,
    panels=panels,
    draw=draw,
    caption="Whole corridor, by quarter and method. A gap is a quarter without a published figure.",
    year_table_part="Method",
    exact_figures_part="Method",
)
