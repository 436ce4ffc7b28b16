"""The scorecard page, made from the disclosed tables and the templates of this folder.

Belongs here: drawing the charts and rendering the page.
Does not belong here: what is read from the tables (data), any chart (charts), how a number is written (core/pages).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.core.pages import render
from orchestration.release.dictionary import release_card
from orchestration.release.scorecard.charts.chart import Chart, Panel
from orchestration.release.scorecard.charts.drawing import METHOD_NAMES
from orchestration.release.scorecard.charts.registry import CHARTS
from orchestration.release.scorecard.data import ChartRows, read_scorecard


@dataclass(frozen=True)
class DrawnChart(ChartRows):
    """A chart as the templates show it.

    Attributes:
        panels: Each panel with its SVG, or with None if nothing can be drawn.
    """

    panels: list[tuple[Panel, str | None]]


def write_scorecard(con: duckdb.DuckDBPyConnection, path: Path, charts: Iterable[Chart] = CHARTS) -> Path:
    """Write scorecard.html, the page for the public, as one file.

    Args:
        con: A connection with schema `kpi` in use.
        path: The file to write.
        charts: The charts, in the order of the page.
    """
    shown, card = read_scorecard(con, charts), release_card(con)
    page = render(
        "release/scorecard/scorecard.html.j2",
        sample=card.sample,
        card=card,
        shown=shown,
        charts=[_draw(answer) for answer in shown.charts],
        method_names=METHOD_NAMES,
    )
    path.write_text(page, encoding="utf-8")
    return path


def _draw(answer: ChartRows) -> DrawnChart:
    chart = answer.chart
    panels = [
        (panel, chart.draw(panel.rows) if chart.is_shown(panel.rows) else None) for panel in chart.panels(answer.rows)
    ]
    return DrawnChart(chart, answer.rows, answer.tables, panels)
