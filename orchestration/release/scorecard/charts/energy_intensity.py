"""Greenhouse gas intensity of the energy that ships used: a line per method.

Belongs here: this chart.
"""

from orchestration.core.query import Record
from orchestration.release.scorecard.charts.chart import Chart
from orchestration.release.scorecard.charts.drawing import METHOD_NAMES, colour, in_words, pick, quarter_axis, svg

BY_METHOD = """
from figures
where kpi_id = 'energy_ghg_intensity_g_mj' and period_grain = '{grain}' and dimension = 'corridor' and has_begun
order by {order}
"""


def draw(rows: list[Record]) -> str:
    """Draw one line per method, by quarter."""
    shown = [
        {**pick(row, "period", "value"), "method": METHOD_NAMES.get(row["method_id"], row["method_id"])} for row in rows
    ]
    encoding = {
        "x": quarter_axis(shown),
        "y": {"field": "value", "type": "quantitative", "scale": {"zero": False}},
        "color": colour("method", list(METHOD_NAMES.values())),
    }
    spec = {"data": {"values": shown}, "encoding": encoding, "layer": [{"mark": "line"}, {"mark": "point"}]}
    description = in_words((f"{row['method']} {row['period']}", row["value"]) for row in shown)
    return svg(spec, "By quarter and method", description)


CHART = Chart(
    chart_id="energy",
    placement="half",
    heading="Greenhouse gas intensity of the energy used",
    introduction="Emissions per megajoule of fuel burned. Three rule books count differently: follow a line over "
    "time, do not compare lines.",
    query=BY_METHOD.format(grain="quarter", order="period_start, method_place"),
    draw=draw,
    caption="Whole corridor, by quarter and method; a gap is a quarter that is not published.",
    exact_figures_part="Method",
    tables="release/scorecard/charts/energy_intensity.html.j2",
    table_queries={"years": BY_METHOD.format(grain="year", order="period_start desc, method_place")},
)
