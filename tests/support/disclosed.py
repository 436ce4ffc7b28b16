"""Cells of a quarter and their disclosure status, for tests of disclosure control."""

from datetime import date
from typing import Any

import duckdb

from orchestration.core.corridor_file import Waiver
from orchestration.core.settings import Settings
from orchestration.release.disclosure.disclose import disclose, find_unsafe_cells
from tests.support.release_home import OPERATORS, add_cell

FOUR = OPERATORS


def add_quarter(
    con: duckdb.DuckDBPyConnection, method_id: str = "glec_v3_2", late: dict[str, float] | None = None
) -> None:
    """Add a quarter and its months; the second month has two carriers and those that filed late."""
    two = {"SMPL-A": 50.0, "SMPL-B": 40.0} | (late or {})
    for month, ships in ((1, FOUR), (2, two), (3, FOUR)):
        period = ("month", date(2025, month, 1), date(2025, month, 28))
        add_cell(con, "corridor_wtw_t", 90.0, ships=ships, period=period, method_id=method_id)
    ships = {name: 2 * amount + two.get(name, 0) for name, amount in FOUR.items()}
    period = ("quarter", date(2025, 1, 1), date(2025, 3, 31))
    add_cell(con, "corridor_wtw_t", 290.0, ships=ships, period=period, method_id=method_id)


def statuses(con: duckdb.DuckDBPyConnection, settings: Settings, p: float = 10.0, **options: Any) -> dict[Any, str]:
    con.execute("use kpis")
    find_unsafe_cells(con, p, **options)
    disclose(con, settings)
    return {
        tuple(key): status
        for *key, status in con.execute(
            "select method_id, period_grain, month(period_start), dimension_value, status from kpi.kpi_values"
        ).fetchall()
    }


def waiver(holding: str, until: date) -> Waiver:
    return Waiver(holding=holding, kpi_id="*", granted_by="SMPL-Signatory", reason="a test", until=until)
