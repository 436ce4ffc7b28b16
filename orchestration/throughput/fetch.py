"""Fetching public statistics: locate the pages, read them, store the bytes, parse them, add a vintage if they changed.

Belongs here: the order of these steps over all sources of corridor.toml, and what happens when a step fails.
Does not belong here: the layout of a source, HTTP, the rule for a new vintage, the files of the lake.
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
from orchestration.throughput.fetch_record import FetchRecord, Outcome, record_answer
from orchestration.throughput.sources import bts, long_beach, los_angeles, press, shanghai
from orchestration.throughput.sources.source import (
    Answer,
    Page,
    PageLocation,
    PageMissingError,
    RequestPolicy,
    Source,
    is_address,
    page_check,
)
from orchestration.throughput.vintages import Vintages

READERS: Mapping[str, Source] = {
    "los_angeles": los_angeles,
    "long_beach": long_beach,
    "shanghai": shanghai,
    "bts": bts,
    "press": press,
}

# Takes the address or path, the contact, and conditional request headers. Returns None if the page is unchanged.
ReadPage = Callable[[str, str, Mapping[str, str]], Answer | None]


@dataclass
class Fetched:
    """The outcome of a fetch of all sources. Pages are named source_id/page.

    Attributes:
        written: Pages whose figures changed; a vintage was written.
        unchanged: Pages whose figures equal their newest vintage.
        check_results: Everything that is wrong with a page. A page that is neither written nor unchanged was not read
            or is quarantined; its newest vintage stays in use.
        problems: Sentences that say why a page is out of use.
        new_problems: Those of them that the fetch before did not have.
    """

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    check_results: list[CheckResult] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    new_problems: list[str] = field(default_factory=list)


def fetch_sources(settings: Settings, clock: RunClock, policy: RequestPolicy | None = None) -> Fetched:
    """Fetch every page of every source of corridor.toml, in its order. A page that fails stops no other page.

    Args:
        settings: The home.
        clock: The as-of day and the moment stamped on new pages.
        policy: Limits of requests over the network.

    Raises:
        CorridorError: A source is of a kind that this version cannot read. Nothing has been fetched then.
    """
    readers = known_readers(settings)
    fetched = Fetched()
    with _page_reader(policy or RequestPolicy()) as read:
        for source in settings.file.sources:
            _SourceFetch(settings, source, readers[source.id], clock, read, fetched).run()
    return fetched


def known_readers(settings: Settings) -> dict[str, Source]:
    """Return the module that reads each source, by source id.

    Raises:
        CorridorError: No module reads the kind of a source.
    """
    for source in settings.file.sources:
        if source.kind not in READERS:
            raise CorridorError(
                f"{settings.config_path}: sources.{source.id} is of kind {source.kind!r}, which this version cannot "
                f"read (it reads {', '.join(READERS)}). Remove the source, or put its figures into a press file."
            )
    return {source.id: READERS[source.kind] for source in settings.file.sources}


@contextmanager
def _page_reader(policy: RequestPolicy) -> Iterator[ReadPage]:
    """Yield a function that reads files and addresses; one web client for all sources is made when first needed."""
    with ExitStack() as stack:
        web: list[ReadPage] = []

        def read(location: str, contact: str, conditions: Mapping[str, str]) -> Answer | None:
            if not is_address(location):
                return _read_file(location)
            if not web:
                # Imported here because httpx is slow to import and most homes read files.
                from orchestration.throughput.web_client import WebClient

                web.append(stack.enter_context(WebClient(policy)).get)
            return web[0](location, contact, conditions)

        yield read


def _read_file(path: str) -> Answer:
    try:
        return Answer(Path(path).read_bytes(), {})
    except OSError as error:
        raise PageMissingError(f"{path} could not be read: {error.strerror}.") from None


class _SourceFetch:
    """One fetch of all pages of a source. A missing page is skipped; any other failure ends the fetch of the source."""

    def __init__(
        self,
        settings: Settings,
        source: ConfiguredSource,
        reader: Source,
        clock: RunClock,
        read: ReadPage,
        fetched: Fetched,
    ) -> None:
        self._lake, self._source, self._reader, self._clock = Lake(settings.lake), source, reader, clock
        self._location = settings.location(source.location)
        self._contact = source.contact or settings.corridor.contact
        self._read, self._fetched = read, fetched
        self._now = clock.now.isoformat()
        self._before = {record.page: record for record in fetch_records_of(self._lake, source.id)}
        self._after: dict[str, FetchRecord] = {}
        self._snapshots = self._lake.newest_snapshots(source.id)
        self._vintages = Vintages(self._lake, source, reader)

    def run(self) -> None:
        """Read all pages, store the outcome of each, and report what is out of use."""
        try:
            locations = self._reader.locate(self._location, self._clock.as_of)
        except CorridorError as problem:
            self._record_failure(PageLocation(self._source.id, self._location), problem)
            self._store_records(list(self._before.values()))
            return
        remaining = list(locations)
        while remaining and self._fetch_page(remaining.pop(0)):
            pass
        self._store_records([self._before[at.page] for at in remaining if at.page in self._before])

    def _fetch_page(self, location: PageLocation) -> bool:
        """Fetch one page; return whether the next one may be requested."""
        before = self._before.get(location.page)
        stored = self._lake.raw_bytes(before.content_sha256) if before and before.content_sha256 else None
        # A conditional request is safe only if the bytes it refers to are in the lake.
        conditions = before.conditions if before and stored is not None and before.url == location.url else {}
        try:
            answer = self._read(location.url, self._contact, conditions)
        except CorridorError as problem:
            self._record_failure(location, problem)
            return isinstance(problem, PageMissingError)
        content = answer.content if answer else stored or b""
        self._add_page(location, content, answer)
        return True

    def _add_page(self, location: PageLocation, content: bytes, answer: Answer | None) -> None:
        """Store the page as received, then parse it, so that parsing can be repeated at any time."""
        snapshot = self._snapshot(location, content, answer)
        page = page_of(snapshot, content)
        added = self._vintages.add(page, snapshot["content_sha256"], self._reader.parse(page))
        self._fetched.check_results += added.check_results
        name = f"{self._source.id}/{location.page}"
        if added.outcome == "taken_in":
            self._fetched.written.append(name)
        elif added.outcome == "unchanged":
            self._fetched.unchanged.append(name)
        before = self._before.get(location.page)
        self._after[location.page] = record_answer(before, location, self._now, snapshot, answer, added)

    def _snapshot(self, location: PageLocation, content: bytes, answer: Answer | None) -> dict[str, Any]:
        """Return the snapshot of these bytes; a new one if the page had other bytes at the last fetch."""
        digest, newest = sha256(content).hexdigest(), self._snapshots.get(location.page)
        if self._lake.raw_bytes(digest) is None:
            self._lake.keep_raw(BytesIO(content))
        if newest and newest["content_sha256"] == digest:
            return newest
        headers = answer.headers if answer else {}
        snapshot = {
            "content_sha256": digest,
            "url": location.url,
            "licence": self._reader.LICENCE,
            "headers": headers,
        }
        return self._lake.write_snapshot(self._source.id, location.page, self._clock.now, snapshot)

    def _record_failure(self, location: PageLocation, problem: CorridorError) -> None:
        """Record a page, or a whole source, that could not be read, and repeat why its last bytes are quarantined."""
        outcome: Outcome = "missing" if isinstance(problem, PageMissingError) else "unreachable"
        before = self._before.get(location.page)
        before = before or FetchRecord(location.page, location.url, self._now, outcome, self._now)
        self._after[location.page] = before.failed(self._now, outcome, str(problem))
        message = f"{problem} Its earlier figures stay in use."
        expected = f"a page at {location.url}"
        result = page_check("page_is_reachable", location.page, "warning", str(problem), expected, message)
        self._fetched.check_results += [result, *before.check_results]

    def _store_records(self, not_requested: Sequence[FetchRecord]) -> None:
        """Store the records of this fetch and the earlier ones of pages that it did not request; report problems."""
        for record in not_requested:
            if record.page not in self._after:
                self._after[record.page] = record
                self._fetched.check_results += record.check_results
        self._lake.write_fetch_records(self._source.id, [vars(record) for record in self._after.values()])
        for record in self._after.values():
            sentences = [f"{self._source.id}: {problem}" for problem in record.problems]
            self._fetched.problems += sentences
            if record.is_new_problem_since(self._before.get(record.page)):
                self._fetched.new_problems += sentences


def fetch_records_of(lake: Lake, source_id: str) -> list[FetchRecord]:
    """Return the record of the last fetch of each page of a source."""
    return [FetchRecord.from_record(record) for record in lake.fetch_records(source_id)]


def page_of(snapshot: Mapping[str, Any], content: bytes) -> Page:
    """Return a page as it was when it was first read with these bytes."""
    read_at = datetime.fromisoformat(snapshot["read_at"])
    return Page(snapshot["source_id"], snapshot["page"], snapshot["url"], content, snapshot["headers"], read_at)
