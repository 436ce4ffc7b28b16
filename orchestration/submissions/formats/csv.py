"""CSV: bytes into text cells, with the row each stands in as a spreadsheet shows it.

Belongs here: delimiter, quoting, encoding, gzip, blank and ragged lines.
Does not belong here: what a column means, or whether a value is right.

DuckDB reads a tidy file as it is. One with ragged rows, blank lines (other row numbers) or blanks around its cells is
first rewritten by Python's reader: trimmed, and with each row's number and its count of cells.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from orchestration.submissions.formats.text_table import TextTable
from orchestration.submissions.receipt import Refusal

DELIMITERS = ",;\t|"
HEAD_BYTES = 1 << 16
CHUNK_BYTES = 1 << 20


def read_csv(path: Path, scratch: Path) -> TextTable:
    """A CSV file as a table of text, read when its SQL is run.

    Raises Refusal when the bytes are no text, hold nothing, or have no heading.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if b"\0" in head:
        raise Refusal(
            "file_is_text", "The file is not text. Save it as CSV (comma delimited, UTF-8) and send it again."
        )
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError as error:
        raise _not_utf8(error) from None
    if not text.strip():
        raise Refusal("file_is_not_empty", "The file is empty. Send the heading and the rows.")
    delimiter = max(DELIMITERS, key=lambda mark: len(_first_row(text, mark)))
    heading = _first_row(text, delimiter)
    if "\n" not in text or not _is_tidy(path, delimiter.encode()):
        return _rewritten(path, scratch, heading, delimiter)
    table = TextTable(heading, _select(path, heading, delimiter))
    return table.with_exact_reading(lambda: _rewritten(path, scratch, heading, delimiter))


def unpack_gzip(path: Path, scratch: Path, max_bytes: int) -> Path:
    """The content of a gzip file, in the scratch folder. Raises Refusal when it is none or holds too much."""
    unpacked = scratch / "unpacked.csv"
    left = max_bytes
    try:
        with gzip.open(path, "rb") as packed, unpacked.open("wb") as out:
            while chunk := packed.read(CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    raise Refusal("file_is_within_limits", f"Unpacked the file is larger than {max_bytes:,} bytes.")
                out.write(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise Refusal("file_is_gzip", "The file is not a whole gzip file. Compress it and send it again.") from None
    return unpacked


def _first_row(text: str, delimiter: str) -> list[str]:
    try:
        return next((row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row), [])
    except csv.Error as error:
        raise _not_csv(1, error) from None


def _is_tidy(path: Path, delimiter: bytes) -> bool:
    """Whether no line is blank and no cell is surrounded by blanks; may say no of a file that is."""
    blanks = [b" ", b"\t"] if delimiter != b"\t" else [b" "]
    with path.open("rb") as file:
        before = b"\n"
        while chunk := file.read(CHUNK_BYTES):
            seen = before + chunk
            # One byte is found much faster than two, and most chunks hold no blank at all.
            around = [
                pair for b in blanks if b in seen for m in (delimiter, b"\n", b"\r", b'"') for pair in (b + m, m + b)
            ]
            if any(sign in seen for sign in (b"\n\n", b"\n\r\n", *around)):
                return False
            before = seen[-2:]
    return True


def _select(path: Path, names: list[str], delimiter: str) -> str:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
    return (
        f"select * from read_csv('{str(path).replace(chr(39), chr(39) * 2)}', auto_detect = false, header = true, "
        f"delim = '{delimiter}', quote = '\"', escape = '\"', strict_mode = true, columns = {{{columns}}})"
    )


def _rewritten(path: Path, scratch: Path, heading: list[str], delimiter: str) -> TextTable:
    """The same table through Python's reader. Raises Refusal naming the row it cannot get past."""
    clean = scratch / "rewritten.csv"
    with (
        path.open(encoding="utf-8-sig", newline="") as lines,
        clean.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out)
        writer.writerow(["row_number", "cells", *heading])
        for number, row in _numbered_rows(lines, delimiter):
            cells = [cell.strip() for cell in row]
            # Empty cells beyond the heading are what spreadsheets leave behind, and harmless.
            found = len(cells) if any(cells[len(heading) :]) else min(len(cells), len(heading))
            padded = (cells + [""] * len(heading))[: len(heading)]
            writer.writerow([number, found, *padded])
    every = ", ".join(f"c{i + 2} as c{i}" for i in range(len(heading)))
    source = _select(clean, ["row_number", "cells", *heading], ",")
    return TextTable(
        heading, f"select {every}, c0::bigint as source_row, c1::bigint as source_cells from ({source})", numbered=True
    )


def _numbered_rows(lines: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows below the heading that hold anything, with their numbers."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number, heading_seen = 0, False
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except UnicodeDecodeError as error:
            raise _not_utf8(error) from None
        except csv.Error as error:
            raise _not_csv(number, error) from None
        if cells and heading_seen:
            yield number, cells
        heading_seen = heading_seen or bool(cells)


def _not_utf8(error: UnicodeDecodeError) -> Refusal:
    return Refusal(
        "file_is_utf8",
        f"The file is not UTF-8 text: byte 0x{error.object[error.start]:02x} is not valid. "
        "Save it as CSV UTF-8 and send it again.",
    )


def _not_csv(number: int, error: csv.Error) -> Refusal:
    return Refusal(
        "file_is_csv", f"The file cannot be read as CSV from row {number} on: {error}. Check the quotes there."
    )
