"""The cells of fct_kpi joined with those of the recomputation, and their differences.

Belongs here: what is compared and how closely. Does not belong here: any figure of either.
"""

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

AS_OF = date(2026, 2, 28)
CELL = ["kpi_id", "method_id", "period_grain", "period_start", "dimension", "dimension_value"]
FIGURES = [
    "numerator",
    "denominator",
    "value",
    "lower",
    "upper",
    "coverage",
    "primary_data_share",
    "energy_without_factor_share",
    "n_contributors",
    "factor_lag_years",
]
WORDS = ["status", "factor_evidence"]


def side_by_side(warehouse: Path, again: pd.DataFrame) -> pd.DataFrame:
    """Return one row per cell: the warehouse's columns, and the recomputation's with the suffix _again."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return matched(con.sql("from marts.fct_kpi").df(), again)


def matched(cells: pd.DataFrame, again: pd.DataFrame) -> pd.DataFrame:
    """Join given rows of fct_kpi with the recomputation."""
    ours = cells[(cells["variant"] == "measured") & (cells["kpi_id"] != "port_throughput_teu")]
    return in_days(ours).merge(in_days(again), on=CELL, how="outer", suffixes=("", "_again"), indicator=True)


def in_days(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.assign(period_start=pd.to_datetime(cells["period_start"]))


def not_matched(both: pd.DataFrame) -> pd.DataFrame:
    """Return cells of only one side; the recomputation has no cells for data that nobody filed."""
    return both[(both["_merge"] == "right_only") | ((both["_merge"] == "left_only") & (both["status"] != "no_data"))]


def apart(both: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return cells whose column differs: a figure by more than a billionth of itself, a text at all."""
    cells = both[both["_merge"] == "both"]
    if column in WORDS:
        return cells[cells[column].fillna("") != cells[f"{column}_again"].fillna("")]
    ours = pd.to_numeric(cells[column]).astype(float)
    again = pd.to_numeric(cells[f"{column}_again"]).astype(float)
    close = (ours - again).abs() <= 1e-9 * again.abs()
    return cells[~(close | (ours.isna() & again.isna()))]
