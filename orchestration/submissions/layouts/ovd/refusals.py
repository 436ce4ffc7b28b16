"""What makes an OVD file useless as a whole: a broken heading, a broken chain of reports, another notation.

Belongs here: checks that refuse the file. Does not belong here: failed checks of single rows (`sql/*_checks.sql`).
A log is refused whole when one report cannot be placed, because legs and intervals depend on all reports.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.core.query import quoted
from orchestration.submissions.layouts.ovd.columns import (
    NUMBERS,
    PORTIONS,
    REQUIRED,
    TANKS_BY_NOTE,
    columns_read,
    key,
)
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import Refusal, visible


@dataclass(frozen=True)
class Heading:
    """The heading of a file.

    places: the position of each column that is read, by its key. written: every column as its sender wrote it, by key.
    """

    layout: str
    places: dict[str, int]
    written: dict[str, str]

    def has(self, column: str) -> bool:
        """Whether the file has this OVD column."""
        return key(column) in self.places


def read_heading(layout: str, heading: list[str]) -> Heading:
    """Find the columns that are read. Raises Refusal if one of them is there twice, or a required one is missing."""
    read = {key(name): name for name in columns_read(layout)}
    places: dict[str, int] = {}
    written: dict[str, str] = {}
    for place, text in enumerate(heading):
        name = key(text)
        is_reported = PORTIONS.fullmatch(name) or TANKS_BY_NOTE.fullmatch(name)
        if name in read and name in places:
            message = f"The column {read[name]} is in the heading twice. Keep only one of them."
            raise Refusal("heading_is_unique", message)
        if name in read or (is_reported and name not in places):
            places[name] = place
        if name:
            written[name] = visible(text.strip())
    missing = [name for name in REQUIRED[layout] if key(name) not in places]
    if missing:
        have = ", ".join(list(written.values())[:50])
        message = (
            f"The heading lacks {', '.join(missing)}, which every OVD file of this kind needs. The heading is: {have}."
        )
        raise Refusal("required_columns_are_there", message, missing[0])
    return Heading(layout, places, written)


def refuse_ragged_rows(con: duckdb.DuckDBPyConnection, width: int) -> None:
    """Raise Refusal if a row of `ovd_cells` has another number of cells than the heading."""
    ragged = con.execute(
        f"select file_row, source_cells from ovd_cells where source_cells != {width} order by 1 limit 1"
    ).fetchall()
    if ragged:
        row, cells = ragged[0]
        message = f"Row {row} has {cells} cells, but the heading has {width}."
        remedy = "Put quotation marks around a cell that contains the delimiter; do not end rows with a delimiter."
        raise Refusal("row_has_all_its_cells", f"{message} {remedy}")


def refuse_decimal_commas(con: duckdb.DuckDBPyConnection, heading: Heading, columns: Iterable[str]) -> None:
    """Raise Refusal if a number has a comma. OVD prescribes a decimal point."""
    wrong = _first_cell(con, heading, columns, "regexp_full_match(cell, '[+-]?[0-9.]*[0-9],[0-9][0-9,.]*')")
    if wrong:
        row, column, cell = wrong
        message = f"The number {visible(cell)} in row {row}, column {column}, has a comma."
        remedy = "OVD expects a decimal point and no thousands separators. Correct all numbers and send the file again."
        raise Refusal("decimal_point_is_used", f"{message} {remedy}", column)


def refuse_broken_chains(con: duckdb.DuckDBPyConnection, heading: Heading) -> None:
    """Raise Refusal if a report cannot be placed, or if a cell that is added up over reports is not a number."""
    misplaced = con.execute("""
        select file_row, concat_ws(', ', 'IMO ' || coalesce(imo, '(blank)'),
            'Date_UTC ' || coalesce(date_utc, '(blank)'), 'Time_UTC ' || coalesce(time_utc, '(blank)'))
        from ovd_cells
        where imo is null or not coalesce(regexp_full_match(date_utc, '[0-9]{4}-[0-9]{2}-[0-9]{2}')
            and regexp_full_match(time_utc, '[0-9]{2}:[0-9]{2}(:[0-9]{2})?')
            and try_cast(concat(date_utc, ' ', time_utc) as timestamp) is not null, false)
        order by file_row limit 1
    """).fetchall()
    if misplaced:
        row, cells = misplaced[0]
        message = f"The ship or time of the report in row {row} cannot be read: {visible(cells, 120)}."
        expected = "Expected: an IMO number, a date such as 2025-03-01 and a time such as 14:30."
        remedy = "All reports are needed in their order, so correct it and send the file again."
        raise Refusal("report_has_its_place", f"{message} {expected} {remedy}")
    wrong = _first_cell(con, heading, NUMBERS, "not coalesce(isfinite(try_cast(cell as double)), false)")
    if wrong:
        row, column, cell = wrong
        message = f"{visible(cell)} in row {row}, column {column}, is not a number."
        remedy = "Correct it, or leave the cell blank if the number is unknown, and send the file again."
        raise Refusal("value_has_its_type", f"{message} {remedy}", column)


def refuse_other_periods(con: duckdb.DuckDBPyConnection, period: Period) -> None:
    """Raise Refusal if the log has reports, and none of them is of the period in the file name."""
    reports, inside = con.execute(
        "select count(*), count(*) filter (reported_utc >= first_day and reported_utc < next_first_day) "
        "from ovd_reports cross join ovd_filing"
    ).fetchall()[0]
    if reports and not inside:
        message = (
            f"None of the {reports:,} reports is of {period.text}, the period in the file name. Correct the file name."
        )
        raise Refusal("reports_are_of_the_period", message)


def _first_cell(
    con: duckdb.DuckDBPyConnection, heading: Heading, columns: Iterable[str], test: str
) -> tuple[int, str, str] | None:
    """Return row, column and text of the first filled cell for which the test, SQL about `cell`, is true."""
    present = [name for name in columns if heading.has(name)]
    if not present:
        return None
    pairs = ", ".join(f"{{'name': {quoted(name)}, 'cell': {key(name)}}}" for name in present)
    rows: list[tuple[int, str, str]] = con.execute(f"""
        select file_row, pair.name, pair.cell as cell from (select file_row, unnest([{pairs}]) as pair from ovd_cells)
        where cell is not null and {test} order by file_row limit 1
    """).fetchall()
    return rows[0] if rows else None
