"""CSV: turn bytes into cells of text, with row numbers as a spreadsheet shows them.

Belongs here: delimiter, quoting, encoding, blank and ragged lines.
Does not belong here: what a column means, or whether a value is right.

DuckDB reads a tidy file directly. A file with ragged rows, blank lines, delimiters inside cells or blanks around cells
is first rewritten by Python's reader, trimmed, and with the number and the count of cells of each row.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TextIO

import charset_normalizer

from orchestration.core.corridor_file import Limits
from orchestration.submissions.formats.text_table import TextTable, check_width, csv_select, rewritten
from orchestration.submissions.receipt import FailedCheck, Refusal, about_file

DELIMITERS = ",;\t|"
HEAD_BYTES = 1 << 16
CHUNK_BYTES = 1 << 20

# Encodings in which spreadsheets in the corridor's countries save text, tried in this order if bytes are not UTF-8.
LOCAL_ENCODINGS = ["cp1252", "gb18030"]


def read_csv(path: Path, scratch: Path, limits: Limits) -> TextTable:
    """Return a CSV file as a table of text, which is read when its SQL runs.

    Args:
        path: The file.
        scratch: A folder for temporary files.
        limits: The limits of corridor.toml.

    Raises:
        Refusal: The file is not text, is empty, or has no heading.
    """
    failed_checks: list[FailedCheck] = []
    if _head_problem(path) is not None:
        path, failed_checks = _as_utf8(path, scratch)
    with path.open("rb") as file:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(file.read(HEAD_BYTES))
    if not text.strip():
        raise Refusal("file_is_not_empty", "The file is empty. Send the heading and the rows.")
    delimiter = max(DELIMITERS, key=lambda mark: len(_first_row(text, mark, limits)))
    heading = _first_row(text, delimiter, limits)
    check_width(heading, limits)
    # Spreadsheets separate cells by semicolons in countries with a decimal comma.
    comma_is_likely = delimiter == ";"

    def exact() -> TextTable:
        whole, warnings = (path, failed_checks) if failed_checks else _as_utf8(path, scratch)
        with whole.open(encoding="utf-8-sig", newline="") as lines:
            table = rewritten(heading, _numbered_rows(lines, delimiter, limits), scratch, limits, by_delimiter=True)
        return replace(table, failed_checks=warnings, comma_is_likely=comma_is_likely)

    rows = _tidy_rows(path, delimiter.encode(), len(heading)) if "\n" in text else None
    if rows is None:
        return exact()
    source = csv_select(path, len(heading), delimiter)
    return TextTable(
        heading,
        source,
        exact=exact,
        rows_expected=rows,
        comma_is_likely=comma_is_likely,
        failed_checks=failed_checks,
    )


def _head_problem(path: Path) -> int | None:
    """Return the first byte near the beginning that is not UTF-8 text (0 for NUL), or None."""
    with path.open("rb") as file:
        return _problem(file.read(HEAD_BYTES), codecs.getincrementaldecoder("utf-8")())


def _problem(chunk: bytes, decoder: codecs.IncrementalDecoder) -> int | None:
    if b"\0" in chunk:
        return 0
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError as error:
        return error.object[error.start]
    return None


def _as_utf8(path: Path, scratch: Path) -> tuple[Path, list[FailedCheck]]:
    """Return the file, or a copy in UTF-8 with a warning about its encoding. Raises Refusal if it is not text."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return _recoded(path, scratch, "utf-16"), []
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        problems = (_problem(chunk, decoder) for chunk in iter(partial(file.read, CHUNK_BYTES), b""))
        problem = next((byte for byte in problems if byte is not None), None)
        if problem is None and decoder.getstate()[0]:
            problem = decoder.getstate()[0][0]
    if problem is None:
        return path, []
    if problem == 0:
        raise Refusal("file_is_text", "The file is not text. Save it as CSV UTF-8 and send it again.")
    guess = charset_normalizer.from_bytes(_odd_lines(path), cp_isolation=LOCAL_ENCODINGS).best()
    if guess is None:
        raise Refusal(
            "file_is_utf8",
            f"The file is not in UTF-8: byte 0x{problem:02x} is not valid. Save it as CSV UTF-8 and send it again.",
        )
    shown = next((word for word in str(guess).replace('"', " ").split() if not word.isascii()), "")[:40]
    message = f"The file is not in UTF-8. It was read as {guess.encoding}, which gives the text {shown}. "
    warning = about_file("file_is_utf8", "warning", f"{message}If that is wrong, save the file as CSV UTF-8.")
    return _recoded(path, scratch, guess.encoding), [warning]


def _odd_lines(path: Path) -> bytes:
    """Return the first lines that are not ASCII, from which the encoding can be guessed."""
    lines = b""
    with path.open("rb") as file:
        for line in iter(partial(file.readline, HEAD_BYTES), b""):
            lines += b"" if line.isascii() else line
            if len(lines) > HEAD_BYTES:
                break
    return lines


def _recoded(path: Path, scratch: Path, encoding: str) -> Path:
    """Write the same text in UTF-8 to the scratch folder."""
    recoded = scratch / "recoded.csv"
    try:
        with (
            path.open(encoding=encoding, newline="") as text,
            recoded.open("w", encoding="utf-8", newline="") as out,
        ):
            while chunk := text.read(CHUNK_BYTES):
                if "\0" in chunk:
                    raise Refusal("file_is_text", "The file is not text. Save it as CSV UTF-8 and send it again.")
                out.write(chunk)
    except UnicodeError:
        raise Refusal(
            "file_is_utf8", f"The file is not complete {encoding} text. Save it as CSV UTF-8 and send it again."
        ) from None
    return recoded


def _first_row(text: str, delimiter: str, limits: Limits) -> list[str]:
    csv.field_size_limit(limits.max_cell_characters)
    try:
        return next((row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row), [])
    except csv.Error as error:
        raise _not_csv(1, error) from None


def _tidy_rows(path: Path, delimiter: bytes, width: int) -> int | None:
    """Count the rows below the heading, if each of them is one line with as many cells as the heading.

    Return None if that is impossible, or if a cell may have blanks around it. Anything unusual (a blank line, a
    delimiter inside a cell) adds cells to this count, so DuckDB then has fewer rows, and the exact reading is used.

    Args:
        path: The file.
        delimiter: The byte between cells.
        width: The number of cells of the heading.
    """
    blanks = [b" ", b"\t"] if delimiter != b"\t" else [b" "]
    cells, before = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            # Deleting bytes and comparing lengths is faster than counting them.
            cells += len(chunk) - len(chunk.translate(None, delimiter + b"\n"))
            seen = before + chunk
            # Searching one byte is much faster than searching two, and most chunks have no blank at all.
            around = [
                pair for b in blanks if b in chunk for m in (delimiter, b"\n", b"\r", b'"') for pair in (b + m, m + b)
            ]
            if any(sign in seen for sign in around):
                return None
            before = chunk[-1:]
    cells += before != b"\n"
    return cells // width - 1 if cells % width == 0 else None


def _numbered_rows(lines: TextIO, delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the heading that have cells, with their numbers. Raises Refusal at an unreadable row."""
    csv.field_size_limit(limits.max_cell_characters)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number, heading_seen = 0, False
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _not_csv(number, error) from None
        if cells and heading_seen:
            yield number, cells
        heading_seen = heading_seen or bool(cells)


def _not_csv(number: int, error: csv.Error) -> Refusal:
    return Refusal(
        "file_is_csv",
        f"The file cannot be read as CSV from row {number} on: {error}. Check the quotation marks there.",
    )
