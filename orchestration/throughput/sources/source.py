"""What all sources of public port statistics share: pages, observations, check results, and the reader interface.

Belongs here: the interface between a source's module and `fetch.py`, and the records that pass between them.
Does not belong here: the layout of any page, the network, the lake.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol
from urllib.parse import urlsplit

from orchestration.core.check_result import CheckResult
from orchestration.core.errors import CorridorError

PeriodGrain = Literal["month", "calendar_year", "fiscal_year", "year_to_date"]
Precision = Literal["hundredth", "whole", "rounded", "derived"]
Status = Literal["preliminary", "final"]

MEASURES = (
    "loaded_imports",
    "empty_imports",
    "total_imports",
    "loaded_exports",
    "empty_exports",
    "total_exports",
    "total_empty",
    "total_teu",
)


class PageMissingError(CorridorError):
    """A page does not exist at its location; other pages of the source may exist."""


@dataclass(frozen=True)
class RequestPolicy:
    """Limits of requests to a server.

    Attributes:
        connect_s: Seconds to wait for a connection.
        read_s: Seconds to wait for the next bytes.
        total_s: Seconds for one attempt, headers and body.
        attempts: Attempts for one page after time-outs and 5xx answers.
        first_wait_s: Seconds before the second attempt; later waits are longer.
        pause_s: Seconds between two requests to one host; its robots.txt may ask for more.
        max_wait_s: The longest wait in seconds that a server may ask for.
        max_bytes: The largest page in decompressed bytes.
        max_redirects: The most redirects for one page.
    """

    connect_s: float = 5.0
    read_s: float = 20.0
    total_s: float = 60.0
    attempts: int = 3
    first_wait_s: float = 1.0
    pause_s: float = 1.0
    max_wait_s: float = 60.0
    max_bytes: int = 20_000_000
    max_redirects: int = 5


@dataclass(frozen=True)
class Answer:
    """The content of a server's answer or a file, decompressed, with the headers in lower case."""

    content: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class PageLocation:
    """The lasting name of a page, and its address or absolute path."""

    page: str
    url: str


@dataclass(frozen=True)
class Page:
    """A page as it was read: its unchanged bytes and the server's headers (none for a file)."""

    source_id: str
    page: str
    url: str
    content: bytes
    headers: dict[str, str]
    read_at: datetime


@dataclass(frozen=True)
class Observation:
    """One figure of a page, in TEU.

    `teu` and `precision` are None if the cell exists and has no figure. `period_start` is the first day of the period;
    for a year to date it is the first day of its last month.
    """

    port_locode: str
    period_grain: PeriodGrain
    period_start: date
    measure: str
    teu: Decimal | None
    precision: Precision | None
    status: Status
    citation: str


@dataclass
class ParsedPage:
    """The figures of a page, and what is wrong with it."""

    observations: list[Observation] = field(default_factory=list)
    check_results: list[CheckResult] = field(default_factory=list)

    @property
    def quarantined(self) -> bool:
        """Whether no figure of the page may be taken in, because a check result has severity error."""
        return any(row.severity == "error" for row in self.check_results)


class Source(Protocol):
    """The interface of a module that reads the pages of one publisher and states their terms of use.

    The module may define TOLERANCE_TEU, a Decimal: how far a total may be from the sum of its parts.
    """

    LICENCE: str

    def locate(self, location: str, as_of: date) -> list[PageLocation]:
        """Return the pages to read, oldest first. Raises CorridorError if the location has none."""

    def parse(self, page: Page) -> ParsedPage:
        """Return every figure of a page. Faults of the page are check results, never exceptions."""


def page_check(
    check_name: str, page: str, severity: Literal["error", "warning"], observed: str, expected: str, message: str
) -> CheckResult:
    """Return the failed check of a page.

    Args:
        check_name: The name of the check.
        page: The name of the page.
        severity: error if no figure of the page is taken in; warning if the rest of the page is.
        observed: What the page has.
        expected: What it should have.
        message: A sentence for the person who reads the report.
    """
    return CheckResult(check_name, page, severity, "failed", observed, expected, 1, message, layer="contract")


def layout_error(page: Page, observed: str, expected: str) -> CheckResult:
    """Return the check result of a page whose layout differs from that of its source."""
    message = f"{page.page}: found {observed}, expected {expected}; nothing of the page was taken in"
    return page_check("page_has_its_layout", page.page, "error", observed, expected, message)


def status_of(page: Page, month: date) -> Status:
    """Return the status of a figure: publishers still verify and change figures of the current year."""
    return "final" if page.read_at.year > month.year else "preliminary"


def is_address(location: str) -> bool:
    """Return whether a location is fetched over the network; otherwise it is a path."""
    return urlsplit(location).scheme in ("http", "https")


def page_name(url: str) -> str:
    """Return the lasting name of a page: the last part of its path, in lower case, without an extension."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return last.partition(".")[0].lower()
