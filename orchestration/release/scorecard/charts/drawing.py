"""What several charts share: colours, scales, the conversion of a Vega-Lite specification to SVG, bars by port.

Belongs here: what at least two charts need to query or draw.
Does not belong here: what only one chart needs (its module).
Colours are CSS variables of the page, so that a chart follows its light or dark theme.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Any, Final

from orchestration.core.query import Record, quoted
from orchestration.release.scorecard.charts.chart import Panel

Spec = dict[str, Any]

SERIES: Final = ("var(--series-1)", "var(--series-2)", "var(--series-3)")
METHOD_NAMES: Final = {"glec_v3_2": "GLEC v3.2", "imo_lca": "IMO LCA", "fueleu": "FuelEU"}

CONFIG: Final[Spec] = {
    "aria": False,
    "background": None,
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--soft)",
        "titleColor": "var(--soft)",
        "gridColor": "var(--rule)",
        "domainColor": "var(--rule)",
        "tickColor": "var(--rule)",
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "labelPadding": 5,
    },
    "axisX": {"grid": False, "labelAngle": 0, "title": None},
    "axisY": {"tickCount": 5, "title": None},
    "legend": {
        "orient": "top",
        "title": None,
        "labelFontSize": 14,
        "labelColor": "var(--ink)",
        "symbolType": "circle",
        "symbolStrokeWidth": 0,
        "symbolSize": 110,
        "columnPadding": 18,
    },
    "line": {"strokeWidth": 2.5, "strokeCap": "round"},
    "point": {"filled": True, "size": 70, "opacity": 1},
}

QUARTER_LABEL: Final = "[slice(datum.label, 5), slice(datum.label, 5) == 'Q1' ? slice(datum.label, 0, 4) : '']"


def svg(spec: Spec, title: str, description: str) -> str:
    """Draw a specification as SVG that scales with the page.

    Args:
        spec: The Vega-Lite specification, without configuration.
        title: What the chart shows, for screen readers.
        description: The figures in words, for screen readers.
    """
    # Imported here because the converter is slow to import.
    import vl_convert

    full = {"width": 430, "height": 210, **spec, "config": CONFIG}
    drawing = vl_convert.vegalite_to_svg(full)
    opening = '<svg role="img" xmlns="http://www.w3.org/2000/svg" viewBox="{}"><title>{}</title><desc>{}</desc>'
    view_box = re.search(r'viewBox="([^"]+)"', drawing)
    body = drawing[drawing.index(">") + 1 :]
    return opening.format(view_box[1] if view_box else "", escape(title), escape(description)) + body


def quarter_axis(rows: list[Record]) -> Spec:
    """Return a horizontal axis with every quarter of the rows, also those without a value."""
    periods = list(dict.fromkeys(row["period"] for row in rows))
    axis = {"labelExpr": QUARTER_LABEL}
    return {"field": "period", "type": "ordinal", "scale": {"domain": periods}, "axis": axis}


def colour(field: str, domain: list[str]) -> Spec:
    """Give each value of a field a colour that does not depend on which values have figures."""
    return {"field": field, "type": "nominal", "scale": {"domain": domain, "range": list(SERIES[: len(domain)])}}


def pick(row: Record, *names: str) -> Record:
    """Return only the fields that a chart draws."""
    return {name: row[name] for name in names}


def in_words(figures: Iterable[tuple[object, float | None]]) -> str:
    """Write labels and their figures as one line of text."""
    return "; ".join(f"{label}: {_rounded(value)}" for label, value in figures)


def figures_by_year(*kpi_ids: str) -> str:
    """Return the query of some KPIs' figures by year, for the whole corridor and for each of its parts."""
    return f"""
        from figures
        where kpi_id in ({", ".join(map(quoted, kpi_ids))})
            and period_grain = 'year' and is_default_method and has_begun
        order by kpi_id, period_start desc, dimension = 'corridor' desc, part
    """


def panel_per_kpi(rows: list[Record]) -> list[Panel]:
    """Draw the ports of each KPI in a panel of its own, with a table of all its rows."""
    by_kpi: dict[str, list[Record]] = {}
    for row in rows:
        by_kpi.setdefault(row["kpi_id"], []).append(row)
    return [
        Panel(
            rows=[row for row in of_kpi if row["dimension"] == "port"],
            unit=of_kpi[0]["unit"],
            heading=of_kpi[0]["name"],
            table_rows=of_kpi,
        )
        for of_kpi in by_kpi.values()
    ]


def port_bars(rows: list[Record]) -> str:
    """Draw a bar per port and year; a port has the same colour whether or not it has a figure."""
    shown = [pick(row, "period", "value", "part") for row in rows if row["value"] is not None]
    ports = sorted({row["part"] for row in rows})
    y: Spec = {"field": "value", "type": "quantitative"}
    encoding = {
        "x": {"field": "period", "type": "ordinal"},
        # A port without a figure leaves its place empty, so that bars have the same width in every chart.
        "xOffset": {"field": "part", "scale": {"domain": ports}},
        "y": {**y, "axis": {"format": ".0%"}} if rows[0]["unit"] == "1" else y,
        "color": colour("part", ports),
    }
    description = in_words((f"{row['part']} {row['period']}", row["value"]) for row in shown)
    return svg({"data": {"values": shown}, "mark": "bar", "encoding": encoding}, "By port and year", description)


def _rounded(value: float | None) -> str:
    if value is None:
        return "not published"
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"
