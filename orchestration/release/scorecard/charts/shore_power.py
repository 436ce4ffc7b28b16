"""Use and coverage of shore power: bars by port and year.

Belongs here: this chart. Does not belong here: bars by port in general (`drawing.py`).
"""

from orchestration.release.scorecard.charts.chart import Chart
from orchestration.release.scorecard.charts.drawing import figures_by_year, panel_per_kpi, port_bars

CHART = Chart(
    chart_id="shore-power",
    placement="half",
    heading="Shore power",
    introduction="Use is the share of all hours at berth for which ships were connected to shore power. Coverage is "
    "the same share of the hours in which the rule at Los Angeles and Long Beach requires emission control.",
    query=figures_by_year("shore_power_use", "shore_power_coverage"),
    panels=panel_per_kpi,
    draw=port_bars,
    caption="By port and year.",
    year_table_part="Port",
    exact_figures_part="Part",
)
