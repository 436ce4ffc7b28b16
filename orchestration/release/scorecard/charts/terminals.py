"""Emissions and electricity of terminals per TEU: bars by port and year.

Belongs here: this chart. Does not belong here: bars by port in general (`drawing.py`).
"""

from orchestration.release.scorecard.charts.chart import Chart
from orchestration.release.scorecard.charts.drawing import figures_by_year, panel_per_kpi, port_bars

CHART = Chart(
    chart_id="terminals",
    placement="half",
    heading="Terminals",
    introduction="Emissions and electricity of the terminals per TEU over the quay. Energy that a terminal supplies to "
    "ships is counted with the ships.",
    query=figures_by_year("terminal_kgco2e_per_teu", "terminal_kwh_per_teu"),
    panels=panel_per_kpi,
    draw=port_bars,
    caption="By port and year.",
    year_table_part="Port",
    exact_figures_part="Part",
)
