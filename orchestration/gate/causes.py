"""Who and what is behind rows that failed: for the secretariat alone, never for a public file.

Belongs here: naming the partner's dataset and period behind a failing row or KPI cell.
Does not belong here: what a reader of the release may see of a failing row (expectations).
"""

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import duckdb
import pandas as pd

from orchestration.core.query import Record, records, sql_of
from orchestration.release.identifiers import IDENTIFYING_COLUMNS

SHOWN = 5
CELL = {
    "kpi_id": "VARCHAR",
    "method_id": "VARCHAR",
    "period_grain": "VARCHAR",
    "period_start": "DATE",
    "dimension": "VARCHAR",
    "dimension_value": "VARCHAR",
}

Rows = Sequence[Mapping[Hashable, Any]]


def text(value: Any) -> str:
    """A value as a reader expects it: a day as a day, a list as its items."""
    if isinstance(value, pd.Timestamp):
        return str(value.date()) if value == value.normalize() else value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def named(row: Mapping[Hashable, Any]) -> str:
    """A failing row as it is pointed at."""
    return ", ".join(f"{name}={text(value)}" for name, value in row.items())


def without_identifiers(row: Mapping[Hashable, Any]) -> dict[Hashable, Any]:
    """What of a failing row anybody may read."""
    return {name: value for name, value in row.items() if name not in IDENTIFYING_COLUMNS}


def behind(con: duckdb.DuckDBPyConnection, failing: Rows, *, has_previous: bool) -> str:
    """The partners that failing rows name, or the submissions behind failing cells; empty where there are neither.

    con: a candidate with its background. Of a cell's submissions those new since the release before, if any are.
    """
    if identified := [row for row in failing if len(without_identifiers(row)) < len(row)]:
        return "; ".join(map(named, identified))
    cells = [{name: text(row[name]) for name in CELL} for row in failing if row.keys() >= CELL.keys()]
    if not cells:
        return ""
    con.execute(
        "create or replace temp table cells as select unnest(from_json(?::json, ?), recursive := true)",
        [json.dumps(cells), json.dumps([CELL])],
    )
    known = "previous_warehouse.marts.dim_submission" if has_previous else "(select null::varchar as submission_id)"
    con.execute(f"create or replace temp view known_before as select submission_id from {known}")
    return _words(records(con, sql_of("gate/sql/behind")), has_previous=has_previous)


def _words(found: list[Record], *, has_previous: bool) -> str:
    new = [row for row in found if row["is_new"]] if has_previous else []
    if has_previous and not new:
        return "no submission that is new since the last release; look at public figures, factors and code"
    rows = new or found
    names = [f"{row['partner_id']} {row['dataset']} {row['period']}" for row in rows[:SHOWN]]
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"{'new since the last release: ' if new else ''}{', '.join(names)}{more}"
