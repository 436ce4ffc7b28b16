"""The public pages, made from the disclosed tables and the templates beside this module.

Belongs here: rendering, and how a number, a share or a status is written for a reader.
Does not belong here: what is asked of the tables (data), the charts (charts).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.core.pages import render
from orchestration.core.query import Record
from orchestration.release.dictionary import release_card
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


def write_scorecard(con: duckdb.DuckDBPyConnection, path: Path) -> Path:
    """scorecard.html: the page for the public, whole in one file."""
    shown, card = read_scorecard(con), release_card(con)
    page = render(
        "release/scorecard/scorecard.html.j2",
        sample=card.sample,
        card=card,
        shown=shown,
        charts=_draw(shown),
        headline_kpi=HEADLINE,
        port_to_port=PORT_TO_PORT,
        parts=PARTS,
        methods=charts.METHODS,
    )
    path.write_text(page, encoding="utf-8")
    return path


def _draw(shown: Scorecard) -> Mapping[str, Any]:
    """The charts by name; None where no figure is published."""
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
        **drawings,
        "targets": [(row, charts.towards_target(row)) for row in shown.progress_lines],
        "throughput": ports,
    }


def _ports_by_kpi(rows: list[Record]) -> dict[str, list[Record]]:
    shown: dict[str, list[Record]] = {}
    for row in rows:
        if row["dimension"] == "port":
            shown.setdefault(row["kpi_id"], []).append(row)
    return shown


def _any(rows: list[Record]) -> bool:
    return any(row["value"] is not None for row in rows)
