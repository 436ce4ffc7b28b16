"""What every source of public port statistics has in common: pages, figures, and what is said about them.

Belongs here: the interface between a source's own module and fetch.py, and the shapes that pass between them.
Does not belong here: any one page's layout, the network, the lake.
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
    """One page is not where it should be; the source's other pages may be."""


@dataclass(frozen=True)
class Manners:
    """How long a server is waited for (seconds), how often it is asked again, how much of its answer is read.

    total_s bounds one attempt, headers and body. pause_s parts two requests to one host; its robots.txt may ask for
    more. max_wait_s bounds what a server may ask to be waited for. max_bytes counts unpacked bytes.
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
    """What a server or a file holds: bytes, unpacked, and the server's headers in small letters."""

    content: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Place:
    """Where a page can be had: its lasting name, and its address or absolute path."""

    page: str
    url: str


@dataclass(frozen=True)
class Page:
    """A page as it was read: its bytes untouched, and what the server said (no headers for a file)."""

    source_id: str
    page: str
    url: str
    content: bytes
    headers: dict[str, str]
    read_at: datetime


@dataclass(frozen=True)
class Observation:
    """One cell of a page, in TEU. teu None: the cell is there and holds no figure (precision None too).

    period_start: first day of the period; of a year to date, of its last month.
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
class Reading:
    """What a page says, and what is wrong with it."""

    observations: list[Observation] = field(default_factory=list)
    findings: list[CheckResult] = field(default_factory=list)

    @property
    def quarantined(self) -> bool:
        """Whether nothing of the page may be taken in: a finding of severity error."""
        return any(row.severity == "error" for row in self.findings)


class Source(Protocol):
    """A module of this package that knows one publisher's pages, and on what terms they may be used.

    It may say TOLERANCE_TEU, a Decimal: how far its totals may be from the sums of their parts.
    """

    LICENCE: str

    def locate(self, location: str, as_of: date) -> list[Place]:
        """The pages to read, oldest first. Raises CorridorError when the location holds none."""

    def parse(self, page: Page) -> Reading:
        """Every figure of a page. Never raises for what a page holds: that is a finding."""


def finding(
    check_name: str, page: str, severity: Literal["error", "warning"], observed: str, expected: str, message: str
) -> CheckResult:
    """One failed check of a page. error: nothing of the page is taken in; warning: taken in as the message says."""
    return CheckResult(check_name, page, severity, "failed", observed, expected, 1, message, layer="contract")


def page_refused(page: Page, observed: str, expected: str) -> CheckResult:
    """A page that is not laid out as its source's pages are."""
    message = f"{page.page}: found {observed}, expected {expected}; nothing of the page was taken in"
    return finding("page_has_its_layout", page.page, "error", observed, expected, message)


def status_of(page: Page, month: date) -> Status:
    """What is read in the year it speaks of may yet be verified and changed."""
    return "final" if page.read_at.year > month.year else "preliminary"


def is_address(location: str) -> bool:
    """Whether a location is fetched over the network, rather than read from a file."""
    return urlsplit(location).scheme in ("http", "https")


def page_name(url: str) -> str:
    """The lasting name of a page: the last part of its path, in small letters, without an extension."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return last.partition(".")[0].lower()
