"""The list of all charts, in the order of the page. Queries, drawings and sections are made from it.

Belongs here: the list.
Does not belong here: the charts themselves (one module each).
"""

from typing import Final

from orchestration.release.scorecard.charts import (
    energy_intensity,
    headline_trend,
    port_to_port,
    shore_power,
    targets,
    terminals,
    throughput,
)
from orchestration.release.scorecard.charts.chart import Chart

CHARTS: Final[tuple[Chart, ...]] = (
    headline_trend.CHART,
    targets.CHART,
    port_to_port.CHART,
    energy_intensity.CHART,
    shore_power.CHART,
    terminals.CHART,
    throughput.CHART,
)
