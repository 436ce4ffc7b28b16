"""Whether a file writes 12,5 for twelve and a half: decided for the file as a whole, never cell by cell.

Belongs here: the one question, asked of the text of all number columns.
Does not belong here: how a number with a decimal comma is then read (`rules.py`).

1,234 alone could be either; a comma is decimal only where some cell can mean nothing else, and no cell has a point
that can mean nothing else.
"""

from collections.abc import Mapping

import duckdb

from orchestration.submissions.contract import Contract
from orchestration.submissions.formats.text_table import TextTable

# With other than three digits behind it, or with a zero or four digits before it, a mark is no thousands separator.
_DECIMAL = r"[+-]?([0-9]*{mark}([0-9]{{1,2}}|[0-9]{{4,}})|0{mark}[0-9]+|[0-9]{{4,}}{mark}[0-9]+)"


def has_decimal_comma(
    con: duckdb.DuckDBPyConnection, contract: Contract, table: TextTable, places: Mapping[str, int]
) -> bool:
    """Whether the numbers of a table are written with a decimal comma."""
    cells = [f"c{places[c.name]}" for c in contract.columns if c.type == "number" and c.name in places]
    if not cells:
        return False
    some = {mark: _some(cells, _DECIMAL.format(mark=mark)) for mark in (",", "[.]")}
    comma, point = con.execute(f"select {some[',']}, {some['[.]']} from ({table.source})").fetchall()[0]
    return bool(comma) and not point


def _some(cells: list[str], pattern: str) -> str:
    tests = (f"coalesce(regexp_full_match({cell}, '{pattern}'), false)" for cell in cells)
    return f"bool_or({' or '.join(tests)})"
