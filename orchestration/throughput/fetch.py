"""The way in of public statistics: locate, read, keep, parse, and a vintage when a page says something new.

Belongs here: the order of these steps over all sources of corridor.toml, and what happens when one of them fails.
Does not belong here: any source's layout, HTTP, what becomes a vintage, the form in which the lake keeps things.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from orchestration.core.check_result import CheckResult
from orchestration.core.clock import RunClock
from orchestration.core.corridor_file import Source as ConfiguredSource
from orchestration.core.errors import CorridorError
from orchestration.core.lake import Lake
from orchestration.core.settings import Settings
from orchestration.throughput.fetch_record import Look, Outcome, answered
from orchestration.throughput.sources import bts, long_beach, los_angeles, press, shanghai
from orchestration.throughput.sources.source import (
    Answer,
    Manners,
    Page,
    PageMissingError,
    Place,
    Source,
    finding,
    is_address,
)
from orchestration.throughput.vintages import Vintages

READERS: Mapping[str, Source] = {
    "los_angeles": los_angeles,
    "long_beach": long_beach,
    "shanghai": shanghai,
    "bts": bts,
    "press": press,
}

# (address or path, contact, what the server is told of the page as it was) -> None: the page is as it was.
Read = Callable[[str, str, Mapping[str, str]], Answer | None]


@dataclass
class Fetched:
    """What became of every page, each as source_id/page, and what is wrong with any of them.

    written: said something new, a vintage was written. unchanged: said what the newest vintage says.
    A page in neither was not read or not taken in: findings say which, and its newest vintage stays in use.
    troubles: what keeps a page out, in words; news: those of it that the look before did not have.
    """

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    findings: list[CheckResult] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    news: list[str] = field(default_factory=list)


def fetch_sources(settings: Settings, clock: RunClock, manners: Manners | None = None) -> Fetched:
    """Every page of every source of corridor.toml, in its order. A page that cannot be read stops nothing else.

    Raises CorridorError, before anything is read, for a source of a kind that nothing here can read.
    """
    readers = known_readers(settings)
    fetched = Fetched()
    with _way_in(manners or Manners()) as read:
        for source in settings.file.sources:
            _Visit(settings, source, readers[source.id], clock, read, fetched).make()
    return fetched


def known_readers(settings: Settings) -> dict[str, Source]:
    """The module that reads each source, by the source's id. Raises CorridorError for a kind that none reads."""
    for source in settings.file.sources:
        if source.kind not in READERS:
            raise CorridorError(
                f"{settings.config_path}: sources.{source.id} is of kind {source.kind!r}, which this version cannot "
                f"read (it reads {', '.join(READERS)}). Remove the source, or put its figures into a press file."
            )
    return {source.id: READERS[source.kind] for source in settings.file.sources}


@contextmanager
def _way_in(manners: Manners) -> Iterator[Read]:
    """How pages are read: files, and over the network with one client for all sources, made when it is needed."""
    with ExitStack() as stack:
        web: list[Read] = []

        def read(place: str, contact: str, known: Mapping[str, str]) -> Answer | None:
            if not is_address(place):
                return _read_file(place)
            if not web:
                from orchestration.throughput.web_client import Web  # slow to import, and most homes read files

                web.append(stack.enter_context(Web(manners)).get)
            return web[0](place, contact, known)

        yield read


def _read_file(path: str) -> Answer:
    try:
        return Answer(Path(path).read_bytes(), {})
    except OSError as error:
        raise PageMissingError(f"{path} could not be read: {error.strerror}.") from None


class _Visit:
    """One look at all pages of a source. A page that is missing is passed over; any other failure ends the asking."""

    def __init__(
        self,
        settings: Settings,
        source: ConfiguredSource,
        reader: Source,
        clock: RunClock,
        read: Read,
        fetched: Fetched,
    ) -> None:
        self._lake, self._source, self._reader, self._clock = Lake(settings.lake), source, reader, clock
        self._location = settings.location(source.location)
        self._contact = source.contact or settings.corridor.contact
        self._read, self._fetched = read, fetched
        self._now = clock.now.isoformat()
        self._before = {look.page: look for look in looks_of(self._lake, source.id)}
        self._after: dict[str, Look] = {}
        self._cards = self._lake.newest_cards(source.id)
        self._vintages = Vintages(self._lake, source, reader)

    def make(self) -> None:
        """Read and take in the pages; keep what came of each, and tell what is in trouble."""
        try:
            places = self._reader.locate(self._location, self._clock.as_of)
        except CorridorError as problem:
            self._not_had(Place(self._source.id, self._location), problem)
            self._keep_looks(list(self._before.values()))
            return
        unasked = list(places)
        while unasked and self._goes_on(unasked.pop(0)):
            pass
        self._keep_looks([self._before[place.page] for place in unasked if place.page in self._before])

    def _goes_on(self, place: Place) -> bool:
        """Look at one page; whether the next may be asked for."""
        before = self._before.get(place.page)
        held = self._lake.raw_bytes(before.content_sha256) if before and before.content_sha256 else None
        # Only a page whose bytes are here may be answered with "as it was".
        known = before.conditions if before and held is not None and before.url == place.url else {}
        try:
            answer = self._read(place.url, self._contact, known)
        except CorridorError as problem:
            self._not_had(place, problem)
            return isinstance(problem, PageMissingError)
        content = answer.content if answer else held or b""
        self._take_in(place, content, answer)
        return True

    def _take_in(self, place: Place, content: bytes, answer: Answer | None) -> None:
        """Keep the page as it was received, then read it: whatever a parser makes of it can be done again."""
        card = self._card(place, content, answer)
        reading = self._reader.parse(page_of(card, content))
        judged = self._vintages.put(page_of(card, content), card["content_sha256"], reading)
        self._fetched.findings += judged.findings
        name = f"{self._source.id}/{place.page}"
        if judged.outcome == "taken_in":
            self._fetched.written.append(name)
        elif judged.outcome == "unchanged":
            self._fetched.unchanged.append(name)
        before = self._before.get(place.page)
        look = answered(before, place.page, place.url, self._now, judged.outcome, card, answer, judged.findings)
        self._after[place.page] = look

    def _card(self, place: Place, content: bytes, answer: Answer | None) -> dict[str, Any]:
        """The reading of these bytes; a new one when the page did not say just this the last time."""
        digest, newest = sha256(content).hexdigest(), self._cards.get(place.page)
        if self._lake.raw_bytes(digest) is None:
            self._lake.keep_raw(BytesIO(content))
        if newest and newest["content_sha256"] == digest:
            return newest
        said = {"licence": self._reader.LICENCE, "headers": answer.headers if answer else {}}
        card = {"content_sha256": digest, "url": place.url, **said}
        return self._lake.write_card(self._source.id, place.page, self._clock.now, card)

    def _not_had(self, place: Place, problem: CorridorError) -> None:
        """A page, or the whole source, that could not be read, and that what it last said is not believed."""
        outcome: Outcome = "missing" if isinstance(problem, PageMissingError) else "unreachable"
        before = self._before.get(place.page) or Look(place.page, place.url, self._now, outcome, self._now)
        self._after[place.page] = before.failed(self._now, outcome, str(problem))
        message = f"{problem} The figures already held stay in use."
        expected = f"a page at {place.url}"
        row = finding("page_is_reachable", place.page, "warning", str(problem), expected, message)
        self._fetched.findings += [row, *before.findings]

    def _keep_looks(self, unasked: Sequence[Look]) -> None:
        """Keep the looks just made and those before them at pages that were not asked for, and tell the troubles."""
        for look in unasked:
            if look.page not in self._after:
                self._after[look.page] = look
                self._fetched.findings += look.findings
        self._lake.write_looks(self._source.id, [vars(look) for look in self._after.values()])
        for look in self._after.values():
            told = [f"{self._source.id}: {trouble}" for trouble in look.troubles]
            self._fetched.troubles += told
            if look.is_news_after(self._before.get(look.page)):
                self._fetched.news += told


def looks_of(lake: Lake, source_id: str) -> list[Look]:
    """The last look at each page of a source."""
    return [Look.from_record(record) for record in lake.looks(source_id)]


def page_of(card: Mapping[str, Any], content: bytes) -> Page:
    """A page as it was when it was read first with these bytes."""
    read_at = datetime.fromisoformat(card["read_at"])
    return Page(card["source_id"], card["page"], card["url"], content, card["headers"], read_at)
