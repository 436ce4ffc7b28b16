"""The way in of public statistics: locate, read, keep, parse, and write a vintage when a page says something new.

Belongs here: the order of these steps over all sources of corridor.toml, and what happens when one of them fails.
Does not belong here: any source's layout, HTTP, the form in which the lake keeps things.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path

from orchestration.clock import RunClock
from orchestration.corridor_file import Source as ConfiguredSource
from orchestration.errors import CorridorError
from orchestration.lake import Lake
from orchestration.quality.checks import CheckRow
from orchestration.settings import Settings
from orchestration.throughput import los_angeles, press
from orchestration.throughput.source import Manners, Page, PageMissingError, Source, finding, is_address

READERS: Mapping[str, Source] = {"los_angeles": los_angeles, "press": press}

Read = Callable[[str], tuple[bytes, dict[str, str]]]


@dataclass
class Fetched:
    """What became of every page, each as source_id/page, and what is wrong with any of them.

    written: said something new, a vintage was written. unchanged: said what the newest vintage says.
    A page in neither was not read or not taken in: findings say which, and its newest vintage stays in use.
    """

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    findings: list[CheckRow] = field(default_factory=list)


def fetch_sources(settings: Settings, clock: RunClock, manners: Manners | None = None) -> Fetched:
    """Every page of every source of corridor.toml, in its order. A page that cannot be read stops nothing else.

    Raises CorridorError, before anything is read, for a source of a kind that nothing here can read.
    """
    for source in settings.file.sources:
        if source.kind not in READERS:
            raise CorridorError(
                f"{settings.config_path}: sources.{source.id} is of kind {source.kind!r}, which this version cannot "
                f"read (it reads {', '.join(READERS)}). Remove the source, or put its figures into a press file."
            )
    fetched = Fetched()
    for source in settings.file.sources:
        _fetch_source(settings, source, clock, manners or Manners(), fetched)
    return fetched


def _fetch_source(
    settings: Settings, source: ConfiguredSource, clock: RunClock, manners: Manners, fetched: Fetched
) -> None:
    """All pages of one source. A page that is missing is passed over; any other failure ends the asking."""
    reader, lake = READERS[source.kind], Lake(settings.lake)
    location = settings.location(source.location)
    contact = source.contact or settings.corridor.contact
    try:
        places = reader.locate(location, clock.as_of)
    except CorridorError as problem:
        fetched.findings.append(_unreachable(source.id, problem, location))
        return
    with _way_in(location, contact, manners) as read:
        for place in places:
            try:
                content, headers = read(place.url)
            except CorridorError as problem:
                fetched.findings.append(_unreachable(place.page, problem, place.url))
                if isinstance(problem, PageMissingError):
                    continue
                return
            page = Page(source.id, place.page, place.url, content, headers, clock.now)
            _take_in(lake, page, reader, fetched)


@contextmanager
def _way_in(location: str, contact: str, manners: Manners) -> Iterator[Read]:
    """How the pages at a location are read: with one client for all of them, or as files."""
    if not is_address(location):
        yield _read_file
        return
    from orchestration.throughput import http  # the client is slow to import, and most homes read files

    with http.open_client(contact, manners) as client:
        yield partial(http.get, client, manners=manners)


def _read_file(path: str) -> tuple[bytes, dict[str, str]]:
    try:
        return Path(path).read_bytes(), {}
    except OSError as error:
        raise PageMissingError(f"{path} could not be read: {error.strerror}.") from None


def _take_in(lake: Lake, page: Page, reader: Source, fetched: Fetched) -> None:
    """Keep the page as it was received, then read it: whatever a parser makes of it can be done again."""
    content_sha256 = lake.keep_raw(BytesIO(page.content))
    card = {"source_id": page.source_id, "page": page.page, "url": page.url, "read_at": page.read_at.isoformat()}
    lake.write_card(content_sha256, {**card, "licence": reader.LICENCE, "headers": page.headers})
    reading = reader.parse(page)
    fetched.findings += reading.findings
    if reading.quarantined:
        return
    rows = [asdict(observation) for observation in reading.observations]
    written = lake.write_vintage(page.source_id, page.page, rows, content_sha256, page.read_at)
    (fetched.written if written else fetched.unchanged).append(f"{page.source_id}/{page.page}")


def _unreachable(target: str, problem: CorridorError, where: str) -> CheckRow:
    message = f"{problem} The figures already held stay in use."
    return finding("page_is_reachable", target, "warning", str(problem), f"a page at {where}", message)
