"""Tables of a web page, a CSV file or a JSON answer, found by their headings.

Belongs here: HTML, CSV, JSON and number formats, so strict that a cell is read correctly or not at all.
Does not belong here: the meaning of a heading or a row.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree, html

from orchestration.core.check_result import CheckResult
from orchestration.throughput.sources.source import Page, page_check

BLANKS = {"", "-", "\N{EN DASH}", "\N{EM DASH}", "#n/a", "n/a", "in progress"}
# At most as many digits as fit into the lake's DECIMAL(14, 2).
GROUPED = r"[0-9]{1,3}(?P<mark>[, ])[0-9]{3}(?:(?P=mark)[0-9]{3}){0,2}"
NUMBER = re.compile(rf"(?:[0-9]{{1,12}}|{GROUPED})(?:\.[0-9]{{1,2}})?")
# Characters that lxml rejects.
CONTROL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Takes the texts of a row and returns the column of each name; None if the row is not such a heading.
Match = Callable[[list[str]], dict[str, int] | None]
Rows = list[list[html.HtmlElement]]


class LayoutError(Exception):
    """A page has another layout than expected."""

    def __init__(self, observed: str, expected: str) -> None:
        super().__init__(f"found {observed}, expected {expected}")
        self.observed, self.expected = observed, expected


@dataclass(frozen=True)
class Table:
    """The column of each name, the number of columns, and the cells of every row under the heading."""

    columns: dict[str, int]
    width: int
    rows: Rows

    def refuse_shifted(self, label: str, cells: list[html.HtmlElement]) -> None:
        """Raise LayoutError for a row whose cells may belong to other headings."""
        if len(cells) != self.width:
            raise LayoutError(f"{len(cells)} cells in the row {label}", f"{self.width}")
        if any(map(_spans, cells)):
            raise LayoutError(f"a cell across several columns or rows in the row {label}", "one cell per column")


def named(headings: Collection[str]) -> Match:
    """Return a matcher for a row with every heading, in any case. It raises LayoutError if one occurs twice."""

    def match(texts: list[str]) -> dict[str, int] | None:
        if not {*headings} <= {*texts}:
            return None
        if doubled := [heading for heading in headings if texts.count(heading) > 1]:
            raise LayoutError(f"the heading {doubled[0]} more than once", "each heading once")
        return {heading: texts.index(heading) for heading in headings}

    return match


def find_table(content: bytes, match: Match, expected: str) -> Table:
    """Return the one table with a matching heading row. Raises LayoutError if there is none, or more than one."""
    found = []
    for rows in _tables(content):
        for at, cells in enumerate(rows):
            columns = match([text(cell).casefold() for cell in cells])
            if columns is None:
                continue
            if any(map(_spans, cells)):
                raise LayoutError("a heading across several columns or rows", "one heading per column")
            found.append(Table(columns, len(cells), rows[at + 1 :]))
            break
    if len(found) != 1:
        raise LayoutError(f"{len(found)} tables with these headings", f"one with {expected}")
    return found[0]


def _spans(cell: html.HtmlElement) -> bool:
    return any(cell.get(name, "1").strip() != "1" for name in ("colspan", "rowspan"))


def _tables(content: bytes) -> Iterator[Rows]:
    decoded = _decoded(content)
    first = decoded.lstrip()[:1]
    if first in ("", "<") or "<table" in decoded.casefold():
        yield from _html_tables(decoded)
    elif first in ("{", "["):
        yield _as_cells(_json_rows(decoded))
    else:
        yield _as_cells(_csv_rows(decoded))


def _decoded(content: bytes) -> str:
    """Decode a page by its bytes, because declared encodings are often wrong; valid UTF-8 is UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        chinese = re.search(rb"charset=[\"']?gb", content[:2048], re.IGNORECASE)
        return content.decode("gb18030" if chinese else "cp1252", errors="replace")


def _html_tables(content: str) -> Iterator[Rows]:
    for table in document(content.encode()).iter("table"):
        yield [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]


def document(content: bytes) -> html.HtmlElement:
    """Return the visible elements of a web page. Raises LayoutError if the content is not a page."""
    try:
        parser = html.HTMLParser(remove_comments=True, encoding="utf-8")
        page = html.document_fromstring(_decoded(content).encode(), parser=parser)
    except etree.LxmlError as error:
        raise LayoutError("no document", "a web page") from error
    # A footnote mark is not a digit of the figure next to it.
    etree.strip_elements(page, "sup", "script", "style", with_tail=False)
    return page


def _csv_rows(content: str) -> list[list[str]]:
    delimiter = max(",;\t", key=content.partition("\n")[0].count)
    try:
        return list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise LayoutError(f"text that is not CSV ({error})", "a table") from error


def _json_rows(content: str) -> list[list[str]]:
    """Return rows from a list of records, or from a DataTables answer (`data`, with headings in `columns`)."""
    try:
        answer = json.loads(
            content, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_each_key_once
        )
    except (ValueError, RecursionError) as error:
        raise LayoutError(f"text that is not JSON ({error})", "a table") from error
    headings, records = None, answer
    if isinstance(answer, dict):
        headings, records = answer.get("columns"), answer.get("data")
    if not isinstance(records, list):
        raise LayoutError("JSON without a list of rows", "a list of rows")
    if all(isinstance(record, dict) for record in records):
        headings = [*dict.fromkeys(name for record in records for name in record)]
        records = [[record.get(name) for name in headings] for record in records]
    elif not isinstance(headings, list) or not all(isinstance(record, list) for record in records):
        raise LayoutError("rows without headings", "records by heading, or lists of cells with `columns`")
    return [["" if cell is None else str(cell) for cell in row] for row in [headings, *records]]


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a record has a key twice")
    return record


def _as_cells(rows: Iterable[list[str]]) -> Rows:
    return [[_cell(word) for word in row] for row in rows if row]


def _cell(word: str) -> html.HtmlElement:
    cell = html.Element("td")
    cell.text = CONTROL.sub("\N{REPLACEMENT CHARACTER}", word)
    return cell


def text(cell: html.HtmlElement) -> str:
    """Return the words of a cell, separated by single spaces."""
    return " ".join(" ".join(cell.itertext()).split())


def figure(cell: html.HtmlElement) -> Decimal | None:
    """Return the figure in a cell, negative in accounting brackets; None if the cell is marked as empty.

    Raises:
        ValueError: The cell has anything else, such as two pieces of text.
    """
    pieces = [piece for words in cell.itertext() if (piece := " ".join(words.split()))]
    content = "|".join(pieces)
    if content.casefold() in BLANKS:
        return None
    bracketed = re.fullmatch(r"\((.*)\)", content)
    number = bracketed[1] if bracketed else content
    if not NUMBER.fullmatch(number):
        raise ValueError(f"{content!r} is not a figure")
    value = Decimal(re.sub("[, ]", "", number))
    return -value if bracketed else value


def readable(
    page: Page,
    where: str,
    cell: html.HtmlElement,
    check_results: list[CheckResult],
    expected: str = "a figure such as 422,831",
) -> Decimal | None:
    """Return the figure in a cell. A cell that cannot be read is unknown and adds a check result.

    Args:
        page: The page.
        where: Row and column, for the message.
        cell: The cell.
        check_results: The list that gets the check result.
        expected: What the cell should have, for the message.
    """
    try:
        return figure(cell)
    except ValueError as problem:
        message = f"{page.page}, {where}: {problem}; it counts as unknown"
        check_results.append(page_check("cell_is_readable", page.page, "warning", text(cell), expected, message))
        return None


def refuse_unreadable(rows: Collection[tuple[dict[str, html.HtmlElement], dict[str, Decimal | None]]]) -> None:
    """Raise LayoutError for a column in which most filled cells cannot be read: it has other content.

    Args:
        rows: The cells and the figures of each row, by column.
    """
    for column in next(iter(rows), ({}, {}))[0]:
        read = sum(figures[column] is not None for _, figures in rows)
        filled = sum(text(cells[column]).casefold() not in BLANKS for cells, _ in rows)
        if filled - read > read:
            raise LayoutError(f"{filled - read} cells that cannot be read and {read} figures in {column}", "figures")
