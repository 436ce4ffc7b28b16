"""Tables of a web page, a CSV file or a JSON answer, read by their headings: which table, which column, which figure.

Belongs here: HTML, CSV, JSON and number formats, strict enough that a cell is read right or not at all.
Does not belong here: what a heading or a row means.
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
from orchestration.throughput.sources.source import Page, finding

BLANKS = {"", "-", "\N{EN DASH}", "\N{EM DASH}", "#n/a", "n/a", "in progress"}
# As many digits as the lake's DECIMAL(14,2) holds.
GROUPED = r"[0-9]{1,3}(?P<mark>[, ])[0-9]{3}(?:(?P=mark)[0-9]{3}){0,2}"
NUMBER = re.compile(rf"(?:[0-9]{{1,12}}|{GROUPED})(?:\.[0-9]{{1,2}})?")
# What lxml takes for no text at all.
CONTROL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The column of each name by the texts of a heading row; None when the row is no such heading.
Match = Callable[[list[str]], dict[str, int] | None]
Rows = list[list[html.HtmlElement]]


class LayoutError(Exception):
    """A page is not laid out as expected."""

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
        """Raises LayoutError for a row whose cells may not stand under their headings."""
        if len(cells) != self.width:
            raise LayoutError(f"{len(cells)} cells in the row {label}", f"{self.width}")
        if any(map(_spans, cells)):
            raise LayoutError(f"a cell across several columns or rows in the row {label}", "one cell a column")


def named(headings: Collection[str]) -> Match:
    """A heading row that holds every heading once, without regard to case. Raises LayoutError when one stands twice."""

    def match(texts: list[str]) -> dict[str, int] | None:
        if not {*headings} <= {*texts}:
            return None
        if doubled := [heading for heading in headings if texts.count(heading) > 1]:
            raise LayoutError(f"the heading {doubled[0]} more than once", "each heading once")
        return {heading: texts.index(heading) for heading in headings}

    return match


def find_table(content: bytes, match: Match, expected: str) -> Table:
    """The one table with a heading row that matches. Raises LayoutError when there is none, or more than one."""
    found = []
    for rows in _tables(content):
        for at, cells in enumerate(rows):
            columns = match([text(cell).casefold() for cell in cells])
            if columns is None:
                continue
            if any(map(_spans, cells)):
                raise LayoutError("a heading across several columns or rows", "one heading a column")
            found.append(Table(columns, len(cells), rows[at + 1 :]))
            break
    if len(found) != 1:
        raise LayoutError(f"{len(found)} tables with these headings", f"one with {expected}")
    return found[0]


def _spans(cell: html.HtmlElement) -> bool:
    return any(cell.get(name, "1").strip() != "1" for name in ("colspan", "rowspan"))


def _tables(content: bytes) -> Iterator[Rows]:
    said = _decoded(content)
    first = said.lstrip()[:1]
    if first in ("", "<") or "<table" in said.casefold():
        yield from _html_tables(said)
    elif first in ("{", "["):
        yield _as_cells(_json_rows(said))
    else:
        yield _as_cells(_csv_rows(said))


def _decoded(content: bytes) -> str:
    """What a server says of its encoding is often wrong; bytes that are valid UTF-8 are UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        chinese = re.search(rb"charset=[\"']?gb", content[:2048], re.IGNORECASE)
        return content.decode("gb18030" if chinese else "cp1252", errors="replace")


def _html_tables(said: str) -> Iterator[Rows]:
    for table in document(said.encode()).iter("table"):
        yield [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]


def document(content: bytes) -> html.HtmlElement:
    """The elements of a web page, without what no reader sees. Raises LayoutError when it is no page."""
    try:
        parser = html.HTMLParser(remove_comments=True, encoding="utf-8")
        page = html.document_fromstring(_decoded(content).encode(), parser=parser)
    except etree.LxmlError as error:
        raise LayoutError("no document", "a web page") from error
    # A footnote mark is no digit of the figure it stands beside.
    etree.strip_elements(page, "sup", "script", "style", with_tail=False)
    return page


def _csv_rows(said: str) -> list[list[str]]:
    delimiter = max(",;\t", key=said.partition("\n")[0].count)
    try:
        return list(csv.reader(io.StringIO(said, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise LayoutError(f"text that is no CSV ({error})", "a table") from error


def _json_rows(said: str) -> list[list[str]]:
    """Records by heading, or the `data` of a DataTables answer: records, or lists beside the headings in `columns`."""
    try:
        answer = json.loads(said, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_each_key_once)
    except (ValueError, RecursionError) as error:
        raise LayoutError(f"text that is no JSON ({error})", "a table") from error
    headings, records = None, answer
    if isinstance(answer, dict):
        headings, records = answer.get("columns"), answer.get("data")
    if not isinstance(records, list):
        raise LayoutError("JSON without a list of rows", "a list of rows")
    if all(isinstance(record, dict) for record in records):
        headings = [*dict.fromkeys(name for record in records for name in record)]
        records = [[record.get(name) for name in headings] for record in records]
    elif not isinstance(headings, list) or not all(isinstance(record, list) for record in records):
        raise LayoutError("rows without headings", "records by heading, or lists of cells beside their `columns`")
    return [["" if cell is None else str(cell) for cell in row] for row in [headings, *records]]


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a key stands twice in a record")
    return record


def _as_cells(rows: Iterable[list[str]]) -> Rows:
    return [[_cell(word) for word in row] for row in rows if row]


def _cell(word: str) -> html.HtmlElement:
    cell = html.Element("td")
    cell.text = CONTROL.sub("\N{REPLACEMENT CHARACTER}", word)
    return cell


def text(cell: html.HtmlElement) -> str:
    """The words of a cell, with one plain space between them."""
    return " ".join(" ".join(cell.itertext()).split())


def figure(cell: html.HtmlElement) -> Decimal | None:
    """The figure in a cell, negative in accounting brackets; None when the cell says there is none.

    Raises ValueError for anything else, two pieces of text in one cell included.
    """
    pieces = [piece for words in cell.itertext() if (piece := " ".join(words.split()))]
    said = "|".join(pieces)
    if said.casefold() in BLANKS:
        return None
    bracketed = re.fullmatch(r"\((.*)\)", said)
    number = bracketed[1] if bracketed else said
    if not NUMBER.fullmatch(number):
        raise ValueError(f"{said!r} is not a figure")
    value = Decimal(re.sub("[, ]", "", number))
    return -value if bracketed else value


def readable(
    page: Page,
    where: str,
    cell: html.HtmlElement,
    findings: list[CheckResult],
    expected: str = "a figure such as 422,831",
) -> Decimal | None:
    """The figure in a cell; a cell that cannot be read is unknown, and a finding."""
    try:
        return figure(cell)
    except ValueError as problem:
        message = f"{page.page}, {where}: {problem}; kept as unknown"
        findings.append(finding("cell_is_readable", page.page, "warning", text(cell), expected, message))
        return None


def refuse_unreadable(rows: Collection[tuple[dict[str, html.HtmlElement], dict[str, Decimal | None]]]) -> None:
    """Raises LayoutError for a column in which most cells that say something cannot be read: it holds something else.

    rows: the cells and the figures of each row, by column.
    """
    for column in next(iter(rows), ({}, {}))[0]:
        read = sum(figures[column] is not None for _, figures in rows)
        said = sum(text(cells[column]).casefold() not in BLANKS for cells, _ in rows)
        if said - read > read:
            raise LayoutError(f"{said - read} cells that cannot be read beside {read} figures of {column}", "figures")
