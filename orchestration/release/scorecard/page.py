"""The public pages, made from the disclosed tables and the templates beside this module.

Belongs here: rendering, and how a number, a share or a status is written for a reader.
Does not belong here: what is asked of the tables (data), the charts (charts).
"""

import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.core.query import Record
from orchestration.release.scorecard import charts
from orchestration.release.scorecard.data import (
    HEADLINE,
    PARTS,
    PORT_TO_PORT,
    SHORE_POWER,
    TERMINALS,
    Scorecard,
    read_scorecard,
)

if TYPE_CHECKING:
    from jinja2 import Environment

UNKNOWN = "\N{EN DASH}"
COUNTED = ("vessels",)
TEMPLATES = Path(__file__).parent / "templates"

STATUS_WORDS = {
    "published": "published",
    "terminal_default": "published, terminals at the default figure",
    "suppressed": "suppressed",
    "not_computable": "not computable",
    "no_data": "no data",
    "on_track": "on track",
    "ahead": "ahead",
    "behind": "behind",
    "no_target": "no line to compare with",
    "reached": "reached",
    "reached_late": "reached late",
    "pending": "still open",
    "not_reached": "not reached",
    "unknown": "no published figure can tell",
    None: "no figure yet",
}


def write_scorecard(con: duckdb.DuckDBPyConnection, path: Path) -> Path:
    """scorecard.html: the page for the public, whole in one file."""
    from orchestration.release.dictionary import release_card

    shown = read_scorecard(con)
    page = render(
        "scorecard.html.j2",
        card=release_card(con),
        shown=shown,
        charts=_draw(shown),
        headline_kpi=HEADLINE,
        port_to_port=PORT_TO_PORT,
        parts=PARTS,
        methods=charts.METHODS,
    )
    path.write_text(page, encoding="utf-8")
    return path


def render(template: str, **context: object) -> str:
    """A template of this folder as text; whatever stands in a value is escaped."""
    return _environment().get_template(template).render(**context)


def figure(value: float | None, unit: str = "") -> str:
    """Three significant digits and the unit, ships whole; a ratio (unit 1) as a percentage; a dash where unknown."""
    if value is None:
        return UNKNOWN
    if unit in COUNTED:
        return f"{value:,.0f} {unit}"
    if unit == "1":
        return f"{_three_digits(100 * float(value))} %"
    return f"{_three_digits(float(value))} {unit}".strip()


def _draw(shown: Scorecard) -> Mapping[str, Any]:
    """The charts by name; None where no figure is published."""
    from markupsafe import Markup

    whole = [row for row in shown.port_to_port if row["dimension"] == "corridor" and row["kpi_id"] in PARTS]
    drawings: dict[str, str | None] = {
        **dict.fromkeys((*SHORE_POWER, *TERMINALS)),
        "trend": charts.trend(shown.trend) if _any(shown.trend) else None,
        "methods": charts.methods(shown.method_quarters) if _any(shown.method_quarters) else None,
        "port_to_port": charts.stacked(whole, PARTS) if _any(whole) else None,
        **{
            kpi_id: charts.by_port(rows) if _any(rows) else None
            for kpi_id, rows in _ports_by_kpi([*shown.shore_power, *shown.terminals]).items()
        },
    }
    ports = {
        port: charts.monthly(rows, port)
        for port in dict.fromkeys(row["port_name"] for row in shown.throughput)
        if (rows := [row for row in shown.throughput if row["port_name"] == port])
    }
    return {
        **{name: svg and Markup(svg) for name, svg in drawings.items()},
        "targets": [(row, Markup(charts.towards_target(row))) for row in shown.progress_lines],
        "throughput": {port: Markup(svg) for port, svg in ports.items()},
    }


def _ports_by_kpi(rows: list[Record]) -> dict[str, list[Record]]:
    shown: dict[str, list[Record]] = {}
    for row in rows:
        if row["dimension"] == "port":
            shown.setdefault(row["kpi_id"], []).append(row)
    return shown


def _any(rows: list[Record]) -> bool:
    return any(row["value"] is not None for row in rows)


def _three_digits(value: float) -> str:
    rounded = float(f"{value:.3g}")
    decimals = max(0, 2 - math.floor(math.log10(abs(rounded)))) if rounded else 0
    return f"{rounded:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def _day(value: str | date) -> str:
    day = date.fromisoformat(str(value)[:10])
    return f"{day.day} {day:%B %Y}"


def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        figure=figure, day=_day, status=lambda status: STATUS_WORDS.get(status, str(status)), exact=_exact
    )
    return environment


def _exact(value: object) -> str:
    """A figure as the tables hold it."""
    return UNKNOWN if value is None else str(value)
