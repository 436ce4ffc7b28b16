"""What every format module returns: a heading, and SQL that yields the cells below it as text.

Belongs here: the one shape between the formats and the check, and how cells read in Python become it.
Does not belong here: any format.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.core.corridor_file import Limits
from orchestration.core.query import quoted
from orchestration.submissions.receipt import Finding, Refusal

# What DuckDB raises for a file it cannot read, beside its plain Error; all else is a fault of the contract's SQL.
UNREADABLE = (duckdb.InvalidInputException, duckdb.IOException, duckdb.SerializationException)


@dataclass(frozen=True)
class Origins:
    """Where rows that a format made come from, so that findings point into the file as it was sent.

    rows: a table with row_number (the source_row of the TextTable), file_row, and what columns and findings name.
    columns: SQL for the file's own column, by the contract's.
    findings: SQL for what the format itself found wrong with rows: row_number, file_row, file_column, value, rule,
    severity, message; NULL where it looks for nothing.
    replaced: rules of the contract in whose place the format has a sentence of its own.
    """

    rows: str
    columns: Mapping[str, str]
    findings: str | None = None
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextTable:
    """heading: as its sender wrote it. source: SQL, VARCHAR columns c0, c1, ... in the order of the heading,
    trimmed, NULL where blank.

    numbered: the source also yields source_row, the row as its sender counts it, and source_cells, the cells found
    in it; else every row is whole and they follow the heading one by one.
    exact: another reading of the same file, for when DuckDB cannot run this one, or finds another number of rows than
    rows_expected (a line is blank, or a cell has two); slower, and it names the fault.
    comma_is_likely: whoever made the file lives with a decimal comma, so that a point may part thousands.
    findings: what the format has to say of the whole file.
    origins: set where the rows are not the file's own, but made from them.
    """

    heading: list[str]
    source: str
    numbered: bool = False
    exact: Callable[[], "TextTable"] | None = None
    rows_expected: int | None = None
    comma_is_likely: bool = False
    findings: list[Finding] = field(default_factory=list)
    origins: Origins | None = None


def rewritten(
    heading: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    scratch: Path,
    limits: Limits,
    by_delimiter: bool = False,
) -> TextTable:
    """Rows read in Python, each with its number, as a table; written to the scratch folder for DuckDB.

    by_delimiter: nothing but delimiters says which cell is which, so that one too many moves those after it.
    Raises Refusal for more rows, or a longer cell, than the limits allow.
    """
    width, clean, lengths = len(heading), scratch / "rewritten.csv", set[int]()
    with clean.open("w", encoding="utf-8", errors="backslashreplace", newline="") as out:
        writer = csv.writer(out)
        for count, (number, row) in enumerate(rows):
            if count >= limits.max_rows:
                raise Refusal("file_is_within_limits", f"The file has more than {limits.max_rows:,} rows.")
            cells = [cell.strip() for cell in row]
            if max(map(len, cells), default=0) > limits.max_cell_characters:
                raise _cell_too_long(number, limits)
            # Empty cells beyond the heading are what spreadsheets leave behind, and harmless.
            found = len(cells) if any(cells[width:]) else min(len(cells), width)
            lengths.update([len(cells)] if any(cells) else [])
            writer.writerow([number, found, len(cells), *(cells + [""] * width)[:width]])
    every = ", ".join(f"c{i + 3} as c{i}" for i in range(width))
    source = csv_select(clean, width + 3, ",", header=False)
    # An empty cell that not every row ends with may be the last one, moved by another that is too many.
    found_cells = "c2" if by_delimiter and len(lengths) > 1 else "c1"
    return TextTable(
        list(heading),
        f"select {every}, c0::bigint as source_row, {found_cells}::bigint as source_cells from ({source})",
        numbered=True,
    )


def csv_select(path: Path, columns: int, delimiter: str, header: bool = True) -> str:
    """SQL: the cells of a tidy CSV file in UTF-8 as text."""
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(columns))
    return (
        f"select * from read_csv({quoted(path)}, auto_detect = false, header = {str(header).lower()}, "
        f"delim = '{delimiter}', quote = '\"', escape = '\"', strict_mode = true, columns = {{{types}}})"
    )


def check_width(heading: Sequence[str], limits: Limits) -> None:
    """Raise Refusal for more columns than the limits allow."""
    if len(heading) > limits.max_columns:
        raise Refusal(
            "file_is_within_limits", f"The heading has {len(heading):,} columns; the most is {limits.max_columns:,}."
        )


def _cell_too_long(number: int, limits: Limits) -> Refusal:
    return Refusal(
        "file_is_within_limits",
        f"A cell in row {number} is longer than {limits.max_cell_characters:,} characters. "
        "Is a quotation mark missing there?",
    )
