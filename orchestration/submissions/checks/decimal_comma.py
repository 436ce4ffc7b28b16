"""Decide whether a file has a decimal comma. The decision is for the whole file, never for single cells.

Belongs here: this decision, from the text of all number columns.
Does not belong here: how a number with a decimal comma is read (`rules.py`).

The text 1,234 is ambiguous. A comma is decimal only if some cell cannot be read otherwise, and no cell has a point that
can only be decimal.
"""

from collections.abc import Mapping

import duckdb

from orchestration.core.contract import Contract
from orchestration.submissions.formats.text_table import TextTable

# A mark is decimal if other than three digits follow it, or if a zero or at least four digits precede it.
_DECIMAL = r"[+-]?([0-9]*{mark}([0-9]{{1,2}}|[0-9]{{4,}})|0{mark}[0-9]+|[0-9]{{4,}}{mark}[0-9]+)"


# A point that may separate thousands: in countries with a decimal comma, 1.450 is one thousand four hundred and fifty.
_THOUSANDS = r"[+-]?[1-9][0-9]{0,2}([.][0-9]{3})+"


def has_decimal_comma(
    con: duckdb.DuckDBPyConnection, contract: Contract, table: TextTable, places: Mapping[str, int]
) -> bool:
    """Whether the numbers of a table have a decimal comma.

    Args:
        con: The connection in which the table can be read.
        contract: The contract of the dataset.
        table: The content of the file.
        places: The position of each column in the heading.
    """
    comma, point, _ = _marks(con, contract, table, places)
    return comma and not point


def doubtful_number(
    con: duckdb.DuckDBPyConnection, contract: Contract, table: TextTable, places: Mapping[str, int]
) -> str | None:
    """Return a number whose point may separate thousands if no other number settles it, otherwise None.

    Args:
        con: The connection in which the table can be read.
        contract: The contract of the dataset.
        table: The content of the file.
        places: The position of each column in the heading.
    """
    comma, point, doubtful = _marks(con, contract, table, places)
    return None if comma or point else doubtful


def _marks(
    con: duckdb.DuckDBPyConnection, contract: Contract, table: TextTable, places: Mapping[str, int]
) -> tuple[bool, bool, str | None]:
    """Return whether some comma and some point can only be decimal, and a number whose point may separate thousands."""
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
