"""The submissions that caused failing rows. They name partners, so only the secretariat sees them.

Belongs here: partner, dataset and period of the submissions that a failing row or KPI cell comes from.
Does not belong here: what the public may see of a failing row (`expectations.py`).
"""

import json
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

import duckdb

from orchestration.core.query import Record, records, sql_of
from orchestration.release.identifiers import IDENTIFYING_COLUMNS

SHOWN_SUBMISSIONS = 5
CELL_KEY = {
    "kpi_id": "VARCHAR",
    "method_id": "VARCHAR",
    "period_grain": "VARCHAR",
    "period_start": "DATE",
    "dimension": "VARCHAR",
    "dimension_value": "VARCHAR",
}

Rows = Sequence[Mapping[Hashable, Any]]


def text(value: Any) -> str:
    """Format a value for a reader: a day without its time, a list as its items."""
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time.min else value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def row_text(row: Mapping[Hashable, Any]) -> str:
    """Format a row as `column=value, ...`."""
    return ", ".join(f"{name}={text(value)}" for name, value in row.items())


def without_identifiers(row: Mapping[Hashable, Any]) -> dict[Hashable, Any]:
    """Return the columns of a failing row that the public may see."""
    return {name: value for name, value in row.items() if name not in IDENTIFYING_COLUMNS}


def causes_of(con: duckdb.DuckDBPyConnection, failing: Rows, *, has_previous: bool) -> str:
    """Describe where failing rows come from.

    Rows with identifiers are given in full. For rows with the key of a KPI cell, the submissions that contributed to
    the cell are named; if some of them are new since the previous release, only those.

    Args:
        con: A connection to the candidate with its reference tables.
        failing: The failing rows.
        has_previous: Whether there is a previous release.

    Returns:
        One sentence without its full stop; empty if the rows have neither identifiers nor the key of a cell.
    """
    if identified := [row for row in failing if len(without_identifiers(row)) < len(row)]:
        return "; ".join(map(row_text, identified))
    cells = [{name: text(row[name]) for name in CELL_KEY} for row in failing if row.keys() >= CELL_KEY.keys()]
    if not cells:
        return ""
    con.execute(
        "create or replace temp table cells as select unnest(from_json(?::json, ?), recursive := true)",
        [json.dumps(cells), json.dumps([CELL_KEY])],
    )
    previous = "previous_warehouse.marts.dim_submission" if has_previous else "(select null::varchar as submission_id)"
    con.execute(f"create or replace temp view previous_submissions as select submission_id from {previous}")
    return _submissions_text(records(con, sql_of("gate/sql/causes")), has_previous=has_previous)


def _submissions_text(submissions: list[Record], *, has_previous: bool) -> str:
    new = [row for row in submissions if row["is_new"]] if has_previous else []
    if has_previous and not new:
        return "no submission is new since the last release; check public figures, factors and code"
    rows = new or submissions
    names = [f"{row['partner_id']} {row['dataset']} {row['period']}" for row in rows[:SHOWN_SUBMISSIONS]]
    more = f" and {len(rows) - SHOWN_SUBMISSIONS} more" if len(rows) > SHOWN_SUBMISSIONS else ""
    return f"{'new since the last release: ' if new else ''}{', '.join(names)}{more}"
