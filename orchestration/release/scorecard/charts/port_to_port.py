"""Emissions per TEU from port to port: a bar per year, divided into sailing, ships at berth and terminals.

Belongs here: this chart. Does not belong here: any other chart.
"""

from orchestration.core.query import Record
from orchestration.release.scorecard.charts.chart import Chart, Panel
from orchestration.release.scorecard.charts.drawing import colour, figures_by_year, in_words, pick, svg

TOTAL = "port_to_port_kg_per_teu"
PARTS = {
    "port_to_port_sailing_kg_per_teu": "Sailing",
    "port_to_port_berth_kg_per_teu": "Ships at berth",
    "port_to_port_terminals_kg_per_teu": "Terminals",
}


def panels(rows: list[Record]) -> list[Panel]:
    """Draw the parts for the whole corridor; the table has the totals, also by direction."""
    parts = [row for row in rows if row["dimension"] == "corridor" and row["kpi_id"] in PARTS]
    totals = [row for row in rows if row["kpi_id"] == TOTAL]
    return [Panel(parts, "kg/TEU", table_rows=totals)]


def draw(rows: list[Record]) -> str:
    """Draw a bar per year made of its parts."""
    names = list(PARTS.values())
    shown = [
        {**pick(row, "period", "value"), "part": PARTS[row["kpi_id"]], "place": list(PARTS).index(row["kpi_id"])}
        for row in rows
        if row["value"] is not None
    ]
    encoding = {
        "x": {"field": "value", "type": "quantitative", "axis": {"grid": True}},
        "y": {"field": "period", "type": "ordinal", "title": None},
        "color": colour("part", names),
        "order": {"field": "place", "type": "quantitative"},
    }
    spec = {"data": {"values": shown}, "mark": {"type": "bar", "height": 34}, "encoding": encoding, "height": 110}
    return svg(spec, "By part", in_words((f"{row['period']} {row['part']}", row["value"]) for row in shown))


CHART = Chart(
    chart_id="port-to-port",
    placement="half",
    heading="Port to port",
    introduction="Emissions of moving one TEU from the terminal at one end of the corridor to the terminal at the "
    "other, both terminals included.",
    query=figures_by_year(TOTAL, *PARTS),
    panels=panels,
    draw=draw,
    caption="Whole corridor, by year.",
    year_table_part="Direction",
    note="Ships' fuel is counted well-to-wake; terminals and shore power with direct emissions and power generation. "
    "If too few companies operate the terminals, their part is the default value of the GLEC Framework.",
    exact_figures_part="Part",
)
