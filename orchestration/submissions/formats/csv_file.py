"""CSV: bytes into text cells, with the row each stands in as a spreadsheet shows it.

Belongs here: delimiter, quoting, encoding, blank and ragged lines.
Does not belong here: what a column means, or whether a value is right.

DuckDB reads a tidy file as it is. One with ragged rows, blank lines (other row numbers), delimiters within its cells or
blanks around them is first rewritten by Python's reader: trimmed, and with each row's number and its count of cells.
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
from orchestration.submissions.receipt import Finding, Refusal, file_finding

DELIMITERS = ",;\t|"
HEAD_BYTES = 1 << 16
CHUNK_BYTES = 1 << 20

# Tried in this order where bytes are not UTF-8: what spreadsheets in the corridor's ports save text as.
LOCAL_ENCODINGS = ["cp1252", "gb18030"]


def read_csv(path: Path, scratch: Path, limits: Limits) -> TextTable:
    """A CSV file as a table of text, read when its SQL is run.

    Raises Refusal when the bytes are no text, hold nothing, or have no heading.
    """
    findings: list[Finding] = []
    if _head_problem(path) is not None:
        path, findings = _as_utf8(path, scratch)
    with path.open("rb") as file:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(file.read(HEAD_BYTES))
    if not text.strip():
        raise Refusal("file_is_not_empty", "The file is empty. Send the heading and the rows.")
    delimiter = max(DELIMITERS, key=lambda mark: len(_first_row(text, mark, limits)))
    heading = _first_row(text, delimiter, limits)
    check_width(heading, limits)
    # Spreadsheets part cells by semicolons where the comma is taken.
    comma_is_likely = delimiter == ";"

    def exact() -> TextTable:
        whole, said = (path, findings) if findings else _as_utf8(path, scratch)
        with whole.open(encoding="utf-8-sig", newline="") as lines:
            table = rewritten(heading, _numbered_rows(lines, delimiter, limits), scratch, limits, by_delimiter=True)
        return replace(table, findings=said, comma_is_likely=comma_is_likely)

    rows = _tidy_rows(path, delimiter.encode(), len(heading)) if "\n" in text else None
    if rows is None:
        return exact()
    source = csv_select(path, len(heading), delimiter)
    return TextTable(
        heading, source, exact=exact, rows_expected=rows, comma_is_likely=comma_is_likely, findings=findings
    )


def _head_problem(path: Path) -> int | None:
    """The first byte near the beginning that is not UTF-8 text (0 for NUL), or None."""
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


def _as_utf8(path: Path, scratch: Path) -> tuple[Path, list[Finding]]:
    """The file, or a copy of it in UTF-8 with a warning of how it was read. Raises Refusal when it is no text."""
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
            f"The file is not UTF-8 text: byte 0x{problem:02x} is not valid. Save it as CSV UTF-8 and send it again.",
        )
    shown = next((word for word in str(guess).replace('"', " ").split() if not word.isascii()), "")[:40]
    message = f"The file is not UTF-8. It was read as {guess.encoding}, in which it has the text {shown}. "
    warning = file_finding("file_is_utf8", "warning", f"{message}If that is wrong, save it as CSV UTF-8.")
    return _recoded(path, scratch, guess.encoding), [warning]


def _odd_lines(path: Path) -> bytes:
    """The first lines that are not ASCII, by which an encoding is known."""
    found = b""
    with path.open("rb") as file:
        for line in iter(partial(file.readline, HEAD_BYTES), b""):
            found += b"" if line.isascii() else line
            if len(found) > HEAD_BYTES:
                break
    return found


def _recoded(path: Path, scratch: Path, encoding: str) -> Path:
    """The same text in UTF-8, in the scratch folder."""
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
            "file_is_utf8", f"The file is not whole {encoding} text. Save it as CSV UTF-8 and send it again."
        ) from None
    return recoded


def _first_row(text: str, delimiter: str, limits: Limits) -> list[str]:
    csv.field_size_limit(limits.max_cell_characters)
    try:
        return next((row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row), [])
    except csv.Error as error:
        raise _not_csv(1, error) from None


def _tidy_rows(path: Path, delimiter: bytes, width: int) -> int | None:
    """How many rows a file has below its heading if each is one line with as many cells as the heading.

    None when that cannot be, or a cell may have blanks around it. DuckDB, which says nothing of empty cells too many,
    finds fewer rows wherever there is one, for whatever is unusual (a blank line, a delimiter in a cell) adds cells.
    """
    blanks = [b" ", b"\t"] if delimiter != b"\t" else [b" "]
    cells, before = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            # Faster than counting one byte after the other.
            cells += len(chunk) - len(chunk.translate(None, delimiter + b"\n"))
            seen = before + chunk
            # One byte is found much faster than two, and most chunks hold no blank at all.
            around = [
                pair for b in blanks if b in chunk for m in (delimiter, b"\n", b"\r", b'"') for pair in (b + m, m + b)
            ]
            if any(sign in seen for sign in around):
                return None
            before = chunk[-1:]
    cells += before != b"\n"
    return cells // width - 1 if cells % width == 0 else None


def _numbered_rows(lines: TextIO, delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Rows below the heading that hold anything, with their numbers. Raises Refusal naming the row it cannot pass."""
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
        "file_is_csv", f"The file cannot be read as CSV from row {number} on: {error}. Check the quotes there."
    )
