"""What a chart of the scorecard consists of.

Belongs here: the fields that every chart has.
Does not belong here: any chart (one module each), helpers for drawing (`drawing.py`), the page (`../page.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from orchestration.core.query import Record

# Next to the headline figure, in the section of targets, or in a section of its own of half or full width.
Placement = Literal["headline", "progress", "half", "full"]


@dataclass(frozen=True)
class Panel:
    """One drawing of a chart.

    Attributes:
        rows: The rows to draw.
        unit: The unit of the value axis; None for a share, whose axis is in per cent.
        heading: The heading above the drawing, if the chart has several.
        table_rows: The rows of the table by year under the drawing, if the chart has one.
    """

    rows: list[Record]
    unit: str | None
    heading: str | None = None
    table_rows: list[Record] = field(default_factory=list)


def one_panel(rows: list[Record]) -> list[Panel]:
    """Draw all rows in one panel, in the unit of the first one."""
    return [Panel(rows, rows[0]["unit"] if rows else None)]


def has_value(rows: list[Record]) -> bool:
    """Return whether at least one row has a published value."""
    return any(row["value"] is not None for row in rows)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart of the scorecard: its query, its drawing, its texts, and when and where it is shown.

    Attributes:
        chart_id: The name of the chart and the anchor of its section.
        placement: Where the chart is on the page.
        query: SQL over schema `kpi` and the view `figures` of `../data.py`.
        draw: Draws the rows of one panel as SVG.
        caption: The sentence under each drawing.
        is_shown: Whether the rows of a panel can be drawn. If not, the page says that there is none.
        panels: Divides the rows of the query into drawings.
        heading: The heading of the chart's own section.
        introduction: The paragraph under the heading.
        sample_note: A sentence to add to the introduction of a sample release.
        note: The paragraph under the drawings and tables.
        year_table_part: What the rows of the table by year are, such as `Port`; None if there is no such table.
        exact_figures_part: What tells rows of the same KPI apart in the table of exact figures; None if there is none.
        tables: A template with further tables; it reads `drawn.tables`.
        table_queries: SQL for those tables, by name.
    """

    chart_id: str
    placement: Placement
    query: str
    draw: Callable[[list[Record]], str]
    caption: str
    is_shown: Callable[[list[Record]], bool] = has_value
    panels: Callable[[list[Record]], list[Panel]] = one_panel
    heading: str = ""
    introduction: str = ""
    sample_note: str = ""
    note: str = ""
    year_table_part: Literal["Port", "Direction", "Method"] | None = None
    exact_figures_part: Literal["Part", "Method"] | None = None
    tables: str | None = None
    table_queries: Mapping[str, str] = field(default_factory=dict)
