"""What changes when one submission replaces another: the number of rows, and the sums of number columns.

Belongs here: those totals. Does not belong here: which submission replaces which (`intake.py`).
"""

from pathlib import Path

import duckdb

from orchestration.core.contract import Contract
from orchestration.core.query import quoted

# column (`rows` for the number of rows), before, after; None where no row has a number.
TotalChange = dict[str, str | float | int | None]


def changed_totals(contract: Contract, before: Path, after: Path) -> list[TotalChange]:
    """Return the totals that differ between the accepted rows of two submissions.

    Args:
        contract: The contract of the dataset.
        before: The Parquet file of the submission that is replaced.
        after: The Parquet file of the submission that replaces it.
    """
    columns = [column.name for column in contract.columns if column.type == "number"]
    sums = ", ".join(["count(*)", *(f"round(sum({name}), 6)" for name in columns)])
    with duckdb.connect() as con:
        old, new = (con.execute(f"select {sums} from {quoted(path)}").fetchall()[0] for path in (before, after))
    named = zip(["rows", *columns], old, new, strict=True)
    return [{"column": name, "before": was, "after": now} for name, was, now in named if was != now]


def total_in_words(value: object) -> str:
    """Format a total for a person to read."""
    return "unknown" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
