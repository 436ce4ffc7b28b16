"""The corridor's emissions intensity by quarter, next to the headline figure.

Belongs here: this chart. Does not belong here: the headline figure itself (`../data.py`).
"""

from orchestration.core.query import Record, quoted
from orchestration.release.scorecard.charts.chart import Chart
from orchestration.release.scorecard.charts.drawing import SERIES, in_words, pick, quarter_axis, svg
from orchestration.release.scorecard.data import HEADLINE

QUERY = f"""
from figures
where kpi_id = {quoted(HEADLINE)}
    and period_grain = 'quarter' and dimension = 'corridor' and is_default_method and has_begun
order by period_start
"""


def draw(rows: list[Record]) -> str:
    """Draw the value by quarter with its interval; a quarter without a value is a gap."""
    shown = [pick(row, "period", "value", "lower", "upper") for row in rows]
    y = {"type": "quantitative", "scale": {"zero": False, "nice": True}}
    layers = [
        {
            "mark": {"type": "rule", "strokeWidth": 14, "opacity": 0.25, "color": SERIES[0]},
            "encoding": {"y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
        },
        {"mark": {"type": "line", "color": SERIES[0]}, "encoding": {"y": {**y, "field": "value"}}},
        {"mark": {"type": "point", "color": SERIES[0]}, "encoding": {"y": {**y, "field": "value"}}},
    ]
    spec = {"data": {"values": shown}, "encoding": {"x": quarter_axis(shown)}, "layer": layers}
    return svg(spec, "By quarter", in_words((row["period"], row["value"]) for row in shown))


CHART = Chart(
    chart_id="headline-trend",
    placement="headline",
    query=QUERY,
    draw=draw,
    caption="By quarter, with 95 % intervals as bars. A gap is a quarter without a published figure.",
    exact_figures_part="Method",
)
