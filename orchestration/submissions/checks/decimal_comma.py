"""Whether a file writes 12,5 for twelve and a half: decided for the file as a whole, never cell by cell.

Belongs here: the one question, asked of the text of all number columns.
Does not belong here: how a number with a decimal comma is then read (`rules.py`).

1,234 alone could be either; a comma is decimal only where some cell can mean nothing else, and no cell has a point
that can mean nothing else.
"""

from collections.abc import Mapping

import duckdb

from orchestration.core.contract import Contract
from orchestration.submissions.formats.text_table import TextTable

# With other than three digits behind it, or with a zero or four digits before it, a mark is no thousands separator.
_DECIMAL = r"[+-]?([0-9]*{mark}([0-9]{{1,2}}|[0-9]{{4,}})|0{mark}[0-9]+|[0-9]{{4,}}{mark}[0-9]+)"


# A point that may part thousands: 1.450 is fourteen hundred and fifty where a comma is decimal.
_THOUSANDS = r"[+-]?[1-9][0-9]{0,2}([.][0-9]{3})+"


def has_decimal_comma(
    con: duckdb.DuckDBPyConnection, contract: Contract, table: TextTable, places: Mapping[str, int]
) -> bool:
    """Whether the numbers of a table are written with a decimal comma."""
    comma, point, _ = _marks(con, contract, table, places)
    return comma and not point


def doubtful_number(
    con: duckdb.DuckDBPyConnection, contract: Contract, table: TextTable, places: Mapping[str, int]
) -> str | None:
    """A number whose point may part thousands, where no other number tells; None where there is no such doubt."""
    comma, point, doubtful = _marks(con, contract, table, places)
    return None if comma or point else doubtful


def _marks(
    con: duckdb.DuckDBPyConnection, contract: Contract, table: TextTable, places: Mapping[str, int]
) -> tuple[bool, bool, str | None]:
    """Whether some comma and some point can only be decimal, and a number whose point may part thousands."""
    cells = [f"c{places[c.name]}" for c in contract.columns if c.type == "number" and c.name in places]
    if not cells:
        return False, False, None
    some = [_some(cells, _DECIMAL.format(mark=mark)) for mark in (",", "[.]")]
    thousands = (f"min({cell}) filter (regexp_full_match({cell}, '{_THOUSANDS}'))" for cell in cells)
    answer = con.execute(f"select {', '.join(some)}, coalesce({', '.join(thousands)}, null) from ({table.source})")
    comma, point, doubtful = answer.fetchall()[0]
    return bool(comma), bool(point), doubtful


def _some(cells: list[str], pattern: str) -> str:
    tests = (f"coalesce(regexp_full_match({cell}, '{pattern}'), false)" for cell in cells)
    return f"bool_or({' or '.join(tests)})"
