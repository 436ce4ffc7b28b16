"""One run of the main job: the lock, the test for news, the graph, the outcome.

Belongs here: what happens around the graph. Does not belong here: any step of it; anything heavy at import.
"""

import errno
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from orchestration.core.alerts import alert
from orchestration.core.clock import RunClock, run_clock
from orchestration.core.errors import CorridorError, GateRefusedError
from orchestration.core.settings import Settings
from orchestration.defs.inputs_digest import inputs_digest
from orchestration.gate.gate import GateWorker
from orchestration.release.retention import Withdrawal, withdrawn_with
from orchestration.release.swap import current_id
from orchestration.submissions.inboxes.partner_folders import PartnerFolders, open_partner_folders
from orchestration.throughput.fetch import Fetched, fetch_sources
from orchestration.throughput.reparse import reparse_pages
from orchestration.throughput.sources.source import page_check

Say = Callable[[str], None]
WAIT_SECONDS = 600.0
DISK_FAULTS = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS))


@dataclass(frozen=True)
class News:
    """What a look at everything outside found: the pages as fetched, the partners' folders, and the inputs' digest.

    withdrawn: the release that was made from just these inputs and taken back; making it again would publish it again.
    """

    clock: RunClock
    fetched: Fetched
    folders: PartnerFolders
    inputs_digest: str
    is_published: bool
    withdrawn: Withdrawal | None = None


@dataclass(frozen=True)
class Run:
    """What every step of one run is given."""

    settings: Settings
    news: News
    gate: GateWorker
    dry_run: bool = False
    full_refresh: bool = False

    @property
    def clock(self) -> RunClock:
        return self.news.clock


@dataclass(frozen=True)
class Outcome:
    """How a run ended. release: the folder published, or the one that stays current; of a dry run, the candidate.

    withdrawn: with nothing new, the release taken back that these inputs gave.
    """

    release: Path
    ended: Literal["published", "nothing new", "dry run"]
    seconds: float
    withdrawn: Withdrawal | None = None


def look_for_news(settings: Settings, as_of: date | None = None) -> News:
    """FetchRecord at inboxes and public pages, and whether the current release was made from just these.

    Holder of the lock only, because pages that say something new are kept.

    Raises CorridorError when no inbox at all can be looked at; a page that cannot be read is a finding.
    """
    clock = run_clock(settings, as_of)
    fetched = fetch_sources(settings, clock)
    _alert_of_pages(settings, fetched)
    folders = open_partner_folders(settings)
    digest = inputs_digest(settings, clock, folders)
    is_published = digest == _published_digest(settings)
    withdrawn = None if is_published else withdrawn_with(settings.releases, digest)
    return News(clock, fetched, folders, digest, is_published, withdrawn)


@contextmanager
def open_run(settings: Settings, news: News, *, dry_run: bool = False, full_refresh: bool = False) -> Iterator[Run]:
    """A run with its gate worker started, whose imports then go on beside every step up to the gate."""
    with GateWorker(settings.file.gate) as gate:
        yield Run(settings, news, gate, dry_run=dry_run, full_refresh=full_refresh)


def run_once(
    settings: Settings,
    say: Say,
    as_of: date | None = None,
    *,
    dry_run: bool = False,
    full_refresh: bool = False,
    reparse: bool = False,
) -> Outcome:
    """Materialise the whole graph in this process, unless there is nothing new. Holder of the lock only.

    reparse: first make the vintages of public pages anew from every page ever read.
    Raises GateRefusedError when the candidate may not be published, CorridorError for whatever a user can mend.
    """
    started = time.monotonic()
    if reparse:
        for line in reparse_pages(settings):
            say(line)
    news = look_for_news(settings, as_of)
    if (news.is_published or news.withdrawn) and not (dry_run or full_refresh):
        for trouble in news.fetched.problems:
            say(trouble)
        return Outcome(settings.current.resolve(), "nothing new", time.monotonic() - started, news.withdrawn)
    with _disk_faults_told(settings), open_run(settings, news, dry_run=dry_run, full_refresh=full_refresh) as run:
        say("Loading the graph")
        from orchestration.cli.local_run import materialise

        release = materialise(run, say)
    return Outcome(release, "dry run" if dry_run else "published", time.monotonic() - started)


@contextmanager
def _disk_faults_told(settings: Settings) -> Iterator[None]:
    """A full disk or a lost permission is one message, in whichever of the libraries' words it first showed."""
    try:
        yield
    except GateRefusedError:
        raise
    except Exception as error:
        fault = next((words for words in DISK_FAULTS if words in str(error)), None)
        told_already = isinstance(error, CorridorError) and "\n" not in str(error)
        if fault is None or told_already:
            raise
        current = current_id(settings.releases)
        raise CorridorError(
            f"{settings.home} cannot be written: {fault}. Make room or restore the permission, and run again; "
            f"{f'release {current} stays current' if current else 'nothing is published yet'}."
        ) from error


def _alert_of_pages(settings: Settings, fetched: Fetched) -> None:
    """Tell of pages newly out of use. Undelivered, it is a finding: the pages stay visible, and the run goes on."""
    if not fetched.new_problems:
        return
    import httpx

    try:
        alert(settings.file.alerts.webhook_env, "\n".join(fetched.new_problems))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        message = f"The webhook failed, so nobody was alerted to {len(fetched.new_problems)} problems with public pages"
        fetched.problems.append(f"{message} ({type(error).__name__}).")
        fetched.check_results.append(
            page_check(
                "alert_is_delivered", "alerts", "warning", type(error).__name__, "an answer of 2xx", f"{message}."
            )
        )


def _published_digest(settings: Settings) -> str | None:
    try:
        manifest = json.loads((settings.current / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest["inputs_digest"])
    except (OSError, ValueError, KeyError):
        return None


@contextmanager
def single_run(settings: Settings, say: Say, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the home's one lock; while another process holds it, say who and wait.

    Raises CorridorError when the home cannot be written, or the wait is over.
    """
    path = settings.lock_file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, is_singleton=True)
        _acquire(lock, path, say, wait_seconds)
    except OSError as error:
        raise CorridorError(f"{path.parent} cannot be written: {error.strerror}. A run keeps its work there.") from None
    try:
        path.write_text(json.dumps({"pid": os.getpid(), "since": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}))
        yield
    finally:
        lock.release()


def lock_holder(path: Path) -> str:
    """Who holds the lock, in words: process id and since when."""
    try:
        holder = json.loads(path.read_text())
        return f"{path} is held by process {holder['pid']} since {holder['since']}"
    except (OSError, ValueError, KeyError):
        return f"{path} is held by another process"


def _acquire(lock: FileLock, path: Path, say: Say, wait_seconds: float) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"Waiting: {lock_holder(path)}.")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise CorridorError(f"Another run is not finished after {wait_seconds:g} s: {lock_holder(path)}.") from None
