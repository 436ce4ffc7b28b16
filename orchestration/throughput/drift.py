"""Drift: whether new figures of a page agree with the earlier figures of its source.

Belongs here: the bounds, and messages for the figures that `drift.sql` finds outside them.
Does not belong here: a page's layout, which its source checks; what becomes of a page that drifts.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import duckdb

from orchestration.core.check_result import CheckResult
from orchestration.core.query import Record, quoted, records, sql_of
from orchestration.core.settings import DBT_PROJECT_DIR
from orchestration.throughput.sources.source import page_check

# The band of a figure is the median of the 36 figures nearest in time, multiplied and divided by a factor: 6 standard
# deviations of the logarithms (from their median absolute deviation), at least 2.5, and 4 with fewer than 12 figures.
# Los Angeles and Long Beach, 2019 to 2026: the furthest month is 5.5 deviations away, the lowest 0.43 of its median.
WINDOW_FIGURES, FEW_FIGURES, SPREADS, NARROWEST, OF_FEW = 36, 12, 6.0, 2.5, 4.0

# Press figures add up within 3 TEU; a source that prints hundredths defines its own tolerance.
TOLERANCE_TEU = Decimal(3)
CELLS_SHOWN = 5
# The seed that states which measures add up to which; dbt reads it as well.
SUMS = DBT_PROJECT_DIR / "seeds" / "method" / "throughput_sums.csv"

FAULTS = {
    "published_figures_stay": ("has disappeared", "every figure published before, or its revision"),
    "figures_are_in_their_band": ("is far from its own history", "figures of the usual size"),
    "totals_stay_sums_of_their_parts": ("is no longer the sum of its parts", "sums within the source's tolerance"),
    "most_figures_stand": ("is revised like most of the page", "few revisions at a time"),
}


def drift_results(con: duckdb.DuckDBPyConnection, staged: Path, page: str, tolerance: Decimal) -> list[CheckResult]:
    """Return one result of severity error for each check that a staged vintage fails.

    Args:
        con: A connection with the table `current_figures`, the newest vintage of every page of the source.
        staged: The Parquet file of the staged vintage, with the same columns.
        page: The name of its page.
        tolerance: How far in TEU a total may be from the sum of its parts.
    """
    con.execute(f"create or replace view new_figures as select * from read_parquet({quoted(staged)})")
    con.execute(f"create or replace view throughput_sums as from read_csv({quoted(SUMS)}, all_varchar = true)")
    con.execute(
        f"create or replace view bounds as select {tolerance} as tolerance_teu, {WINDOW_FIGURES} as window_figures, "
        f"{FEW_FIGURES} as few_figures, {SPREADS} as spreads, {NARROWEST} as narrowest, {OF_FEW} as of_few"
    )
    failing = groupby(records(con, sql_of("throughput/drift")), key=lambda row: str(row["check_name"]))
    return [_result(check_name, page, list(cells)) for check_name, cells in failing]


def _result(check_name: str, page: str, cells: Sequence[Record]) -> CheckResult:
    fault, expected = FAULTS[check_name]
    shown = [_cell(cell) for cell in cells[:CELLS_SHOWN]]
    more = [f"and {len(cells) - CELLS_SHOWN} more"] if len(cells) > CELLS_SHOWN else []
    count = "a figure" if len(cells) == 1 else f"each of {len(cells)} figures"
    message = f"{page}: {count} {fault}: {'; '.join(shown + more)}"
    result = page_check(check_name, page, "error", "; ".join(shown + more), expected, message)
    return result if len(cells) == 1 else CheckResult(**{**vars(result), "failing_count": len(cells)})


def _cell(cell: Record) -> str:
    """Describe a figure: which one, its earlier value, its new value, and the expected band."""
    period = _period(cell)
    was = "none before" if cell["old_teu"] is None else f"{cell['old_teu']} before"
    now = "none now" if cell["teu"] is None else f"{cell['teu']} now"
    low, high = cell["low_teu"], cell["high_teu"]
    usual = (
        "" if low is None else f", its parts add to {low:.2f}" if low == high else f", usual {low:.0f} to {high:.0f}"
    )
    return f"{cell['port_locode']} {period} {cell['measure']}: {was}, {now}{usual}"


def _period(cell: Record) -> str:
    month = f"{cell['period_start']:%Y-%m}"
    if cell["period_grain"] in ("month", "year_to_date"):
        return month if cell["period_grain"] == "month" else f"the year to {month}"
    return f"the {str(cell['period_grain']).replace('_', ' ')} from {month}"
