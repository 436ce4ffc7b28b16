"""The charts of the scorecard: Vega-Lite specifications, drawn as SVG that stands in the page.

Belongs here: what is drawn and how it looks. Does not belong here: any figure that is not in the rows passed in.
Colours are CSS variables of the page, so that a chart follows its light or dark theme.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

Row = dict[str, Any]
Spec = dict[str, Any]

SERIES = ["var(--series-1)", "var(--series-2)", "var(--series-3)"]
METHODS = {"glec_v3_2": "GLEC v3.2", "imo_lca": "IMO LCA", "fueleu": "FuelEU"}

CONFIG: Spec = {
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
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelPadding": 5,
    },
    "axisX": {"grid": False, "labelAngle": 0, "title": None},
    "axisY": {"tickCount": 5, "title": None},
    "legend": {
        "orient": "top",
        "title": None,
        "labelFontSize": 13,
        "labelColor": "var(--ink)",
        "symbolType": "circle",
        "symbolStrokeWidth": 0,
        "symbolSize": 110,
        "columnPadding": 18,
    },
    "line": {"strokeWidth": 2.5, "strokeCap": "round"},
    "point": {"filled": True, "size": 70, "opacity": 1},
}


def trend(rows: Iterable[Row]) -> str:
    """Value by quarter with its interval; a quarter without a value is a gap."""
    shown = [_pick(row, "period", "value", "lower", "upper") for row in rows]
    y = {"type": "quantitative", "scale": {"zero": False, "nice": True}}
    layers = [
        {
            "mark": {"type": "rule", "strokeWidth": 14, "opacity": 0.25, "color": SERIES[0]},
            "encoding": {"y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
        },
        {"mark": {"type": "line", "color": SERIES[0]}, "encoding": {"y": {**y, "field": "value"}}},
        {"mark": {"type": "point", "color": SERIES[0]}, "encoding": {"y": {**y, "field": "value"}}},
    ]
    summary = "; ".join(_spoken(row["period"], row["value"]) for row in shown)
    return _svg(
        {"data": {"values": shown}, "encoding": {"x": _quarters(shown)}, "layer": layers}, "By quarter", summary
    )


def towards_target(row: Row) -> str:
    """Figures by year against the straight line from baseline to target."""
    line = [
        {"year": row["baseline_year"], "line": row["baseline_value"]},
        {"year": row["target_year"], "line": row["target_value"]},
    ]
    x = {"field": "year", "type": "quantitative", "axis": {"format": "d", "tickMinStep": 1}, "scale": {"zero": False}}
    y = {"type": "quantitative", "scale": {"zero": False, "nice": True}}
    layers = [
        {
            "data": {"values": line},
            "mark": {"type": "line", "color": SERIES[1], "strokeDash": [6, 5]},
            "encoding": {"x": x, "y": {**y, "field": "line"}},
        },
        {
            "data": {"values": row["years"]},
            "mark": {"type": "line", "color": SERIES[0], "point": {"color": SERIES[0]}},
            "encoding": {"x": x, "y": {**y, "field": "value"}},
        },
    ]
    said = [_spoken(point["year"], point["value"]) for point in row["years"]]
    summary = "; ".join([*said, f"target {_spoken(row['target_year'], row['target_value'])}"])
    return _svg({"layer": layers, "height": 150}, f"{row['name']} against its target", summary)


def methods(rows: Iterable[Row]) -> str:
    """One line per method, by quarter."""
    shown = [
        {**_pick(row, "period", "value"), "method": METHODS.get(row["method_id"], row["method_id"])} for row in rows
    ]
    encoding = {
        "x": _quarters(shown),
        "y": {"field": "value", "type": "quantitative", "scale": {"zero": False}},
        "color": _color("method", list(METHODS.values())),
    }
    layers = [{"mark": "line"}, {"mark": "point"}]
    summary = "; ".join(_spoken(f"{row['method']} {row['period']}", row["value"]) for row in shown)
    spec = {"data": {"values": shown}, "encoding": encoding, "layer": layers}
    return _svg(spec, "By quarter and method", summary)


def stacked(rows: Iterable[Row], parts: dict[str, str]) -> str:
    """A bar per year made of its parts."""
    shown = [
        {**_pick(row, "period", "value"), "part": parts[row["kpi_id"]]} for row in rows if row["value"] is not None
    ]
    encoding = {
        "x": {"field": "value", "type": "quantitative", "axis": {"grid": True}},
        "y": {"field": "period", "type": "ordinal", "title": None},
        "color": _color("part", list(parts.values())),
        "order": {"field": "place", "type": "quantitative"},
    }
    places = list(parts.values())
    values = [{**row, "place": places.index(row["part"])} for row in shown]
    summary = "; ".join(_spoken(f"{row['period']} {row['part']}", row["value"]) for row in shown)
    spec = {"data": {"values": values}, "mark": {"type": "bar", "height": 34}, "encoding": encoding, "height": 110}
    return _svg(spec, "By part", summary)


def by_port(rows: list[Row]) -> str:
    """Bars by year, one per port; a port keeps its colour whether or not it has a figure."""
    shown = [_pick(row, "period", "value", "part") for row in rows if row["value"] is not None]
    ports = sorted({row["part"] for row in rows})
    y: Spec = {"field": "value", "type": "quantitative"}
    encoding = {
        "x": {"field": "period", "type": "ordinal"},
        "xOffset": {"field": "part", "sort": ports},
        "y": {**y, "axis": {"format": ".0%"}} if rows[0]["unit"] == "1" else y,
        "color": _color("part", ports),
    }
    summary = "; ".join(_spoken(f"{row['part']} {row['period']}", row["value"]) for row in shown)
    return _svg({"data": {"values": shown}, "mark": "bar", "encoding": encoding}, "By port and year", summary)


def monthly(rows: list[Row], port: str) -> str:
    """One port's containers by month."""
    shown: list[Row] = [
        {"month": str(row["month"]), "teu": None if row["total_teu"] is None else float(row["total_teu"])}
        for row in rows
    ]
    encoding = {
        "x": {"field": "month", "type": "temporal", "axis": {"format": "%b %y", "tickCount": 4, "labelFlush": True}},
        "y": {"field": "teu", "type": "quantitative", "axis": {"labelExpr": THOUSANDS}},
    }
    known = [row for row in shown if row["teu"] is not None]
    summary = "; ".join(_spoken(row["month"][:7], row["teu"]) for row in known)
    mark = {"type": "line", "color": SERIES[0], "point": {"size": 22, "color": SERIES[0]}}
    spec = {"data": {"values": shown}, "mark": mark, "encoding": encoding, "width": 330, "height": 150}
    return _svg(spec, f"{port}, containers by month", summary)


QUARTER_LABEL = "[slice(datum.label, 5), slice(datum.label, 5) == 'Q1' ? slice(datum.label, 0, 4) : '']"
THOUSANDS = "format(datum.value / 1000, ',')"


def _svg(spec: Spec, title: str, description: str) -> str:
    """Draw a specification; the SVG scales with the page and tells a screen reader what it shows."""
    import vl_convert

    full = {"width": 430, "height": 210, **spec, "config": CONFIG}
    svg = vl_convert.vegalite_to_svg(full)
    opening = '<svg role="img" xmlns="http://www.w3.org/2000/svg" viewBox="{}"><title>{}</title><desc>{}</desc>'
    view_box = re.search(r'viewBox="([^"]+)"', svg)
    body = svg[svg.index(">") + 1 :]
    return opening.format(view_box[1] if view_box else "", escape(title), escape(description)) + body


def _quarters(rows: list[Row]) -> Spec:
    periods = list(dict.fromkeys(row["period"] for row in rows))
    axis = {"labelExpr": QUARTER_LABEL}
    return {"field": "period", "type": "ordinal", "scale": {"domain": periods}, "axis": axis}


def _color(field: str, domain: list[str]) -> Spec:
    return {"field": field, "type": "nominal", "scale": {"domain": domain, "range": SERIES[: len(domain)]}}


def _pick(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


def _spoken(what: object, value: float | None) -> str:
    return f"{what}: {'not published' if value is None else f'{value:.3g}' if value < 1000 else f'{value:,.0f}'}"
