"""The table of text that every format module returns: a heading, and SQL for the cells below it.

Belongs here: the interface between formats, layouts and checks, and making it from cells read in Python.
Does not belong here: any format.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.core.corridor_file import Limits
from orchestration.core.query import quoted
from orchestration.submissions.receipt import FailedCheck, Refusal

# What DuckDB raises for a file that it cannot read, in addition to its plain Error. Other errors are faults of our SQL.
UNREADABLE = (duckdb.InvalidInputException, duckdb.IOException, duckdb.SerializationException)


@dataclass(frozen=True)
class Origins:
    """Where converted rows come from, so that failed checks point into the file as it was sent.

    rows: a table with row_number (the source_row of the TextTable), file_row, and the columns that the SQL below uses.
    columns: for each column of the contract, SQL for the name of the file's own column.
    checks_sql: SQL for failed checks that the layout itself makes: row_number, file_row, file_column, value, rule,
    severity, message. None if there are none.
    replaced_rules: rules of the contract that checks_sql replaces.
    """

    rows: str
    columns: Mapping[str, str]
    checks_sql: str | None = None
    replaced_rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextTable:
    """A heading, and SQL for the cells below it.

    heading: as its sender wrote it.
    source: SQL with the VARCHAR columns c0, c1, ... in the order of the heading, trimmed, and NULL if blank.
    numbered: whether source also has source_row, the row as its sender counts it, and source_cells, the number of its
    cells. Otherwise every row is complete, and rows follow the heading without gaps.
    exact: a slower reading of the same file that names what is wrong. It is used if DuckDB cannot run source, or if
    source has another number of rows than rows_expected (because of a blank line, or a line break in a cell).
    comma_is_likely: whether the file probably comes from a country with a decimal comma, where a point may separate
    thousands.
    failed_checks: what the format reports about the whole file.
    origins: set if the rows were converted from other rows.
    """

    heading: list[str]
    source: str
    numbered: bool = False
    exact: Callable[[], "TextTable"] | None = None
    rows_expected: int | None = None
    comma_is_likely: bool = False
    failed_checks: list[FailedCheck] = field(default_factory=list)
    origins: Origins | None = None


def rewritten(
    heading: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    scratch: Path,
    limits: Limits,
    by_delimiter: bool = False,
) -> TextTable:
    """Write rows read in Python to the scratch folder, and return them as a table.

    Args:
        heading: The heading.
        rows: Each row with its number.
        scratch: A folder for temporary files.
        limits: The limits of corridor.toml.
        by_delimiter: Whether only delimiters say which cell is which, so that one delimiter too many shifts cells.

    Raises:
        Refusal: There are more rows, or a longer cell, than allowed.
    """
    width, clean, lengths = len(heading), scratch / "rewritten.csv", set[int]()
    with clean.open("w", encoding="utf-8", errors="backslashreplace", newline="") as out:
        writer = csv.writer(out)
        for count, (number, row) in enumerate(rows):
            if count >= limits.max_rows:
                raise Refusal("file_is_within_limits", _too_many_rows(limits))
            cells = [cell.strip() for cell in row]
            if max(map(len, cells), default=0) > limits.max_cell_characters:
                raise _cell_too_long(number, limits)
            # Spreadsheets leave empty cells beyond the heading. They are harmless.
            found = len(cells) if any(cells[width:]) else min(len(cells), width)
            lengths.update([len(cells)] if any(cells) else [])
            writer.writerow([number, found, len(cells), *(cells + [""] * width)[:width]])
    every = ", ".join(f"c{i + 3} as c{i}" for i in range(width))
    source = csv_select(clean, width + 3, ",", header=False)
    # If only some rows end with an extra empty cell, a delimiter too many may have shifted the cells before it.
    found_cells = "c2" if by_delimiter and len(lengths) > 1 else "c1"
    return TextTable(
        list(heading),
        f"select {every}, c0::bigint as source_row, {found_cells}::bigint as source_cells from ({source})",
        numbered=True,
    )


def csv_select(path: Path, columns: int, delimiter: str, header: bool = True) -> str:
    """Return SQL for the cells of a tidy CSV file in UTF-8 as text.

    Args:
        path: The file.
        columns: The number of columns.
        delimiter: The character between cells.
        header: Whether the first line is a heading, which is left out.
    """
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(columns))
    return (
        f"select * from read_csv({quoted(path)}, auto_detect = false, header = {str(header).lower()}, "
        f"delim = '{delimiter}', quote = '\"', escape = '\"', strict_mode = true, columns = {{{types}}})"
    )


def check_width(heading: Sequence[str], limits: Limits) -> None:
    """Raise Refusal if there are more columns than allowed."""
    if len(heading) > limits.max_columns:
        message = f"The heading has {len(heading):,} columns, more than the {limits.max_columns:,} allowed."
        raise Refusal("file_is_within_limits", f"{message} Remove columns that the dataset does not have.")


def _too_many_rows(limits: Limits) -> str:
    return f"The file has more than the {limits.max_rows:,} rows allowed. Split it by period."


def _cell_too_long(number: int, limits: Limits) -> Refusal:
    return Refusal(
        "file_is_within_limits",
        f"A cell in row {number} is longer than the {limits.max_cell_characters:,} characters allowed. "
        "Check whether a quotation mark is missing there.",
    )
