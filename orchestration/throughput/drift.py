"""Whether a page that says something new may be believed, by what is held of its source.

Belongs here: the bounds, and words for what `drift.sql` finds outside them.
Does not belong here: a page's layout, which its source judges; what becomes of a page that is not believed.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import duckdb

from orchestration.core.check_result import CheckResult
from orchestration.core.query import Record, quoted, records, sql_of
from orchestration.core.settings import DBT_PROJECT_DIR
from orchestration.throughput.sources.source import finding

# The band of a figure: the median of the 36 figures nearest in time, times and divided by a factor. The factor is that
# of 6 standard deviations of the logarithms, by their median absolute deviation, and at least 2.5: of the months of
# Los Angeles and Long Beach from 2019 to 2026, spring 2020 and the peak of 2021 among them, the furthest stands 5.5
# from those before it, the lowest at 0.43 of their median. Where there are fewer than 12 figures to know how they
# scatter, it is 4. Tenfold totals and laden figures are outside; empty imports scatter more: their sums hold them.
WINDOW_FIGURES, FEW_FIGURES, SPREADS, NARROWEST, OF_FEW = 36, 12, 6.0, 2.5, 4.0

# Press figures add up within 3 TEU; a source that prints hundredths says its own tolerance.
TOLERANCE_TEU = Decimal(3)
CELLS_SHOWN = 5
# Which measures add up to which: the seed that dbt reads too.
SUMS = DBT_PROJECT_DIR / "seeds" / "method" / "throughput_sums.csv"

WHAT = {
    "published_figures_stay": ("is no longer there", "every figure published before, or its revision"),
    "figures_are_in_their_band": ("is far from its own history", "figures of the usual size"),
    "totals_stay_sums_of_their_parts": ("is no longer the sum of its parts", "sums within the source's tolerance"),
    "most_figures_stand": ("is revised like most of the page", "few revisions at a time"),
}


def drifts(con: duckdb.DuckDBPyConnection, staged: Path, page: str, tolerance: Decimal) -> list[CheckResult]:
    """One finding of severity error a check that a staged vintage fails. con has the table `held`, shaped alike."""
    con.execute(f"create or replace view said as select * from read_parquet({quoted(staged)})")
    con.execute(f"create or replace view throughput_sums as from read_csv({quoted(SUMS)}, all_varchar = true)")
    con.execute(
        f"create or replace view bounds as select {tolerance} as tolerance_teu, {WINDOW_FIGURES} as window_figures, "
        f"{FEW_FIGURES} as few_figures, {SPREADS} as spreads, {NARROWEST} as narrowest, {OF_FEW} as of_few"
    )
    found = groupby(records(con, sql_of("throughput/drift")), key=lambda row: str(row["check_name"]))
    return [_finding(check_name, page, list(cells)) for check_name, cells in found]


def _finding(check_name: str, page: str, cells: Sequence[Record]) -> CheckResult:
    what, expected = WHAT[check_name]
    shown = [_cell(cell) for cell in cells[:CELLS_SHOWN]]
    more = [f"and {len(cells) - CELLS_SHOWN} more"] if len(cells) > CELLS_SHOWN else []
    count = "a figure" if len(cells) == 1 else f"each of {len(cells)} figures"
    message = f"{page}: {count} {what}: {'; '.join(shown + more)}"
    row = finding(check_name, page, "error", "; ".join(shown + more), expected, message)
    return row if len(cells) == 1 else CheckResult(**{**vars(row), "failing_count": len(cells)})


def _cell(cell: Record) -> str:
    """Which figure, what it was, what it is, and what would be believed."""
    period = _period(cell)
    was = "none held" if cell["old_teu"] is None else f"{cell['old_teu']} held"
    now = "none now" if cell["teu"] is None else f"{cell['teu']} now"
    low, high = cell["low_teu"], cell["high_teu"]
    usual = "" if low is None else f", parts make {low:.2f}" if low == high else f", usual {low:.0f} to {high:.0f}"
    return f"{cell['port_locode']} {period} {cell['measure']}: {was}, {now}{usual}"


def _period(cell: Record) -> str:
    month = f"{cell['period_start']:%Y-%m}"
    if cell["period_grain"] in ("month", "year_to_date"):
        return month if cell["period_grain"] == "month" else f"the year to {month}"
    return f"the {str(cell['period_grain']).replace('_', ' ')} from {month}"
