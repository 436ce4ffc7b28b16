"""xlsx: the sheet of a workbook that has the rows, with its cells as text.

Belongs here: choosing the sheet, and writing numbers, dates and truth values as text.
Does not belong here: what a column means, or whether a value is right.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from orchestration.core.corridor_file import Limits
from orchestration.submissions.formats.compressed import check_document
from orchestration.submissions.formats.text_table import TextTable, check_width, rewritten
from orchestration.submissions.receipt import FailedCheck, Refusal, about_file

# Sheets of a template that explain the sheet to fill in.
HELP_SHEETS = ("columns", "example")

MAX_SHEET_CELLS = 10_000_000
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,7})([0-9]{1,10})""")
_LONGEST_CELL = 40

Cell = int | float | str | bool | date | datetime | time | timedelta


def read_xlsx(path: Path, scratch: Path, limits: Limits) -> TextTable:
    """Read the first sheet with content. A formula has the value with which the workbook was saved.

    Args:
        path: The file.
        scratch: A folder for temporary files.
        limits: The limits of corridor.toml.

    Raises:
        Refusal: The content is not a workbook, or the workbook is empty.
    """
    if path.stat().st_size > limits.max_document_bytes:
        message = f"The file is larger than the {limits.max_document_bytes:,} bytes allowed for .xlsx."
        raise Refusal("file_is_within_limits", f"{message} Send it as .csv or .parquet.")
    check_document(path, limits, "Excel workbook", Extent().watch)
    try:
        with CalamineWorkbook.from_path(path) as book:
            return _first_table(book, scratch, limits)
    except CalamineError:
        raise _not_a_workbook() from None
    except BaseException as error:
        # A panic in the reader is raised by pyo3 as a BaseException.
        if type(error).__name__ != "PanicException":
            raise
        raise _not_a_workbook() from None


class Extent:
    """The extent of the cells of a workbook. The reader needs memory for the whole rectangle up to the last cell."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[bytes, int, int]] = {}

    def watch(self, part: str, content: bytes) -> None:
        """Update the extent from a piece of a part. Raises Refusal if the rectangle has become too large."""
        if not part.startswith("xl/worksheets/"):
            return
        before, row, column = self._seen.get(part, (b"", 0, 0))
        for letters, digits in _CELL.findall(before + content):
            row, column = max(row, int(digits)), max(column, _column_number(letters))
        if row * column > MAX_SHEET_CELLS:
            raise Refusal(
                "file_is_within_limits",
                f"The sheet reaches to row {row:,} and column {column:,}, which is more than can be read. Delete the "
                "empty rows and columns after the data, save the file and send it again.",
            )
        self._seen[part] = ((before + content)[-_LONGEST_CELL:], row, column)


def _column_number(letters: bytes) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _first_table(book: CalamineWorkbook, scratch: Path, limits: Limits) -> TextTable:
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > limits.max_rows + 1:
            message = f"The sheet has more than the {limits.max_rows:,} rows allowed. Split it by period."
            raise Refusal("file_is_within_limits", message)
        lines = ([_text(cell) for cell in row] for row in sheet.iter_rows())
        numbered = enumerate(lines, start=1)
        heading = next((row for _, row in numbered if any(row)), None)
        if heading is not None:
            while heading and not heading[-1]:
                heading.pop()
            check_width(heading, limits)
            table = rewritten(heading, ((number, row) for number, row in numbered if any(row)), scratch, limits)
            table.failed_checks.extend(_unread(name, book.sheet_names))
            return table
    raise Refusal("file_is_not_empty", "The workbook is empty. Send the heading and the rows.")


def _unread(name: str, names: list[str]) -> Iterator[FailedCheck]:
    others = [other[:80] for other in names if other != name and other.lower() not in HELP_SHEETS]
    if others:
        yield about_file(
            "one_sheet_is_read",
            "warning",
            f"Only the sheet {name[:80]} was read, not {', '.join(others[:10])}. Send one file per sheet.",
        )


def _text(cell: Cell) -> str:
    """Return a cell as a partner would write it in a CSV file. A time in a workbook has no offset from UTC."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            midnight = cell.time() == time()
            return cell.date().isoformat() if midnight else cell.isoformat(timespec="seconds")
        case date() | time():
            return cell.isoformat()
    return str(cell).strip()


def _not_a_workbook() -> Refusal:
    return Refusal(
        "file_is_whole",
        "The content cannot be read as an Excel workbook. Save it as .xlsx or as CSV UTF-8 and send it again.",
    )
