"""Tables of a web page, read by their headings: which table, which column, which figure.

Belongs here: HTML and number formats, strict enough that a cell is read right or not at all.
Does not belong here: what a heading or a row means.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree, html

BLANKS = {"", "-", "\N{EN DASH}", "\N{EM DASH}", "#n/a", "n/a", "in progress"}
# As many digits as the lake's DECIMAL(14,2) holds.
GROUPED = r"[0-9]{1,3}(?P<mark>[, ])[0-9]{3}(?:(?P=mark)[0-9]{3}){0,2}"
NUMBER = re.compile(rf"(?:[0-9]{{1,12}}|{GROUPED})(?:\.[0-9]{{1,2}})?")


class LayoutError(Exception):
    """A page is not laid out as expected."""

    def __init__(self, observed: str, expected: str) -> None:
        super().__init__(f"found {observed}, expected {expected}")
        self.observed, self.expected = observed, expected


@dataclass(frozen=True)
class Table:
    """The column of each heading asked for, the number of columns, and the cells of every row but the heading."""

    columns: dict[str, int]
    width: int
    rows: list[list[html.HtmlElement]]


def find_table(content: bytes, headings: Collection[str]) -> Table:
    """The one table whose heading row holds every heading once, compared without regard to case.

    Raises LayoutError when there is none, or more than one, or a heading stands twice.
    """
    found = [table for table in _tables(content) if _heading_row(table, headings) is not None]
    if len(found) != 1:
        raise LayoutError(f"{len(found)} tables with these headings", f"one with {', '.join(headings)}")
    at = _heading_row(found[0], headings) or 0
    texts = [text(cell).casefold() for cell in found[0][at]]
    doubled = [heading for heading in headings if texts.count(heading) > 1]
    if doubled:
        raise LayoutError(f"the heading {doubled[0]} more than once", "each heading once")
    return Table({heading: texts.index(heading) for heading in headings}, len(texts), found[0][at + 1 :])


def _tables(content: bytes) -> Iterator[list[list[html.HtmlElement]]]:
    try:
        parser = html.HTMLParser(remove_comments=True, encoding="utf-8")
        document = html.document_fromstring(_in_utf8(content), parser=parser)
    except etree.LxmlError as error:
        raise LayoutError("no document", "a web page") from error
    # A footnote mark is no digit of the figure it stands beside.
    etree.strip_elements(document, "sup", "script", "style", with_tail=False)
    for table in document.iter("table"):
        yield [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]


def _in_utf8(content: bytes) -> bytes:
    """What a server says of its encoding is often wrong; bytes that are valid UTF-8 are UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode()
    return content


def _heading_row(table: list[list[html.HtmlElement]], headings: Collection[str]) -> int | None:
    for index, cells in enumerate(table):
        if {*headings} <= {text(cell).casefold() for cell in cells}:
            return index
    return None


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
