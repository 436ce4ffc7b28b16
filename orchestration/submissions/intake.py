"""The door: every partner's inbox looked at, each new file judged, kept, and answered with a receipt.

Belongs here: the order of events, supersession, acknowledgement, what survives a crash.
Does not belong here: reading formats, rules, where things lie.

Order of writes for a file: raw bytes, findings, accepted rows, the partner's copy of the receipt, and last the
receipt in the lake, which is the commit. What was written before a crash is written again, the same, by the next run.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from orchestration.core.clock import RunClock
from orchestration.core.corridor_file import Partner
from orchestration.core.errors import PartnerPlaceError
from orchestration.core.lake import Lake, TooManyBytesError, as_json
from orchestration.core.query import Record
from orchestration.core.settings import Settings
from orchestration.submissions.assessment import Case
from orchestration.submissions.assessment_worker import Judging
from orchestration.submissions.checks.data_issues import findings_by_partner
from orchestration.submissions.checks.totals import changed_totals, total_in_words
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.inboxes.inbox import (
    FileName,
    InboxObject,
    check_permission,
    deliver,
    list_inbox,
    list_inboxes,
    parse_name,
)
from orchestration.submissions.offline import size_problem
from orchestration.submissions.pages.receipt_page import receipt_page
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import ACCEPTED_VERDICTS, Receipt, Refusal, submission_id

# A file changed longer ago than this is taken as finished.
RECENT = timedelta(minutes=1)

# What a submission replaces: partner, dataset and period; of a register the whole, whatever its period.
Slot = tuple[str | None, str | None, str | None]


@dataclass(frozen=True)
class IntakeSummary:
    """The receipts of one look at all inboxes, in the order in which they were written.

    waiting: files that were still being written, as partner/name; the next run looks at them again.
    gone: files of standing submissions that no longer lie in their inbox; their submissions stand.
    unreachable: why a partner's inbox cannot be read or its outbox written; what it filed waits, nobody else's does.
    """

    receipts: list[Receipt]
    waiting: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)


@dataclass
class _History:
    """What the receipts so far say: objects already answered, receipts per slot, the current submission of a slot."""

    objects: set[tuple[object, ...]] = field(default_factory=set)
    listings: set[tuple[object, ...]] = field(default_factory=set)
    ordinals: Counter[Slot] = field(default_factory=Counter)
    current: dict[Slot, Receipt] = field(default_factory=dict)

    def add(self, receipt: Receipt) -> None:
        slot = _slot(receipt)
        self.objects.add(receipt.identity)
        self.listings.add(receipt.identity[:-2])
        self.ordinals[slot] = max(self.ordinals[slot], receipt.ordinal)
        if receipt.verdict in ACCEPTED_VERDICTS:
            self.current[slot] = receipt


@dataclass(frozen=True)
class _Door:
    """What judging files needs, made once for a look at all inboxes."""

    settings: Settings
    clock: RunClock
    lake: Lake
    history: _History
    judging: Judging
    waiting: list[str]
    unreachable: dict[str, str]
    house_findings: dict[str, list[Record]]


def take_in(settings: Settings, clock: RunClock) -> IntakeSummary:
    """Look at every partner's inbox once: judge what is new, keep it, answer it, rewrite the index of receipts.

    Raises CorridorError when no inbox at all can be reached or the lake not be written; never for what a partner's
    file holds, or for the places of one partner.
    """
    lake = Lake(settings.lake)
    inboxes, unreachable = list_inboxes(settings)
    known = [Receipt(**receipt) for receipt in lake.receipts()]
    history = _History()
    for receipt in sorted(known, key=lambda r: r.ordinal):
        history.add(receipt)
    lake.write_schemas(CONTRACTS.values(), [source.id for source in settings.file.sources])
    received: list[Receipt] = []
    with Judging() as judging:
        standing = {receipt.submission_id: receipt for receipt in history.current.values()}
        found_before = findings_by_partner(settings.current / "internal" / "warehouse.duckdb", standing)
        door = _Door(settings, clock, lake, history, judging, [], unreachable, found_before)
        for found in _settled(door, inboxes.values()):
            for new in _received(door, found):
                history.add(new)
                received.append(new)
    write_intake_index(lake, [*known, *received])
    there = {(found.partner.id, found.name) for inbox in inboxes.values() for found in inbox}
    gone = [
        f"{r.partner_id}/{r.path}"
        for r in history.current.values()
        if r.partner_id in inboxes and (r.partner_id, r.path) not in there
    ]
    return IntakeSummary(received, door.waiting, sorted(gone), list(unreachable.values()))


def write_intake_index(lake: Lake, receipts: Iterable[Receipt]) -> None:
    """Rewrite the lake's index of all receipts, in the order of their ids."""
    rows = []
    for receipt in sorted(receipts, key=lambda r: r.submission_id):
        period = Period.parse(receipt.period or "")
        days = {"period_start": period and period.start, "period_end": period and period.end}
        at = datetime.fromisoformat(receipt.received_at).replace(tzinfo=None)
        rows.append({**asdict(receipt), **days, "received_at": at})
    lake.write_submissions(rows)


def _settled(door: _Door, inboxes: Iterable[list[InboxObject]]) -> list[InboxObject]:
    """The objects of all inboxes whose writing is over; those changed a moment ago are looked at twice."""
    objects = [found for inbox in inboxes for found in inbox]
    now = datetime.now(UTC)
    fresh = [found for found in objects if found.listing not in door.history.listings and _is_recent(found, now)]
    if not fresh:
        return objects
    time.sleep(door.settings.file.limits.settle_seconds)
    again = {partner.id: partner for partner in (found.partner for found in fresh)}
    still = {found.listing for partner in again.values() for found in _listed(door, partner)}
    unsettled = {found.listing for found in fresh} - still
    door.waiting.extend(f"{found.partner.id}/{found.name}" for found in fresh if found.listing in unsettled)
    return [found for found in objects if found.listing not in unsettled]


def _listed(door: _Door, partner: Partner) -> list[InboxObject]:
    try:
        return list_inbox(door.settings, partner)
    except PartnerPlaceError as problem:
        door.unreachable[partner.id] = str(problem)
        return []


def _is_recent(found: InboxObject, now: datetime) -> bool:
    try:
        return now - datetime.fromisoformat(found.modified) < RECENT
    except (ValueError, TypeError):
        return True


def _received(door: _Door, found: InboxObject) -> Iterator[Receipt]:
    """The receipts for one object; none from a partner whose place failed: the next look begins with this object."""
    if found.partner.id in door.unreachable:
        return
    try:
        yield from _receive(door, found)
    except PartnerPlaceError as problem:
        door.unreachable[found.partner.id] = str(problem)


def _receive(door: _Door, found: InboxObject) -> Iterator[Receipt]:
    """Judge, keep and answer one object of an inbox, for each dataset that it is about.

    Nothing when it has been answered before, has just gone, or changed while it was read.
    """
    most = door.settings.file.limits.max_bytes
    sha256, problem = "", _link_problem(found) or size_problem(found.size, most)
    if not problem:
        try:
            sha256 = _keep(door, found)
        except FileNotFoundError:
            return
        except TooManyBytesError:
            problem = size_problem(most + 1, most)
        if sha256 and found.size not in (-1, door.lake.raw_path(sha256).stat().st_size):
            door.waiting.append(f"{found.partner.id}/{found.name}")
            return
    for name in parse_name(found.name):
        if (*found.listing, sha256, name.dataset) not in door.history.objects:
            yield _answer(door, found, name, sha256, problem)


def _answer(door: _Door, found: InboxObject, name: FileName, sha256: str, problem: Refusal | None) -> Receipt:
    """Judge one dataset of an object, keep its rows, and put the receipt into the outbox and the lake."""
    draft = _draft(door, found, name, sha256)
    current = door.history.current.get(_slot(draft))
    if current and current.content_sha256 == sha256 and not name.problem:
        message = f"These are the bytes of submission {current.submission_id}, which stands; nothing changes."
        receipt = replace(draft, verdict="acknowledged", message=message)
    else:
        problem = problem or name.problem or check_permission(found.partner, name)
        case = Case(door.lake.raw_path(sha256), name, draft, door.settings.file.limits, problem, door.lake.root)
        receipt = door.judging.judge(case)
        if current and receipt.verdict in ACCEPTED_VERDICTS:
            receipt = _replacing(door.lake, receipt, current)
    receipt = replace(receipt, house_findings=door.house_findings.pop(found.partner.id, []))
    answer = as_json(asdict(receipt))
    files = {f"{receipt.submission_id}.json": answer, f"{receipt.submission_id}.html": receipt_page(receipt)}
    deliver(door.settings, found.partner, files)
    door.lake.write_receipt(receipt.submission_id, answer)
    return receipt


def _link_problem(found: InboxObject) -> Refusal | None:
    if found.is_link:
        return Refusal("file_is_no_link", "The file is a link to another place. Put the file itself into the inbox.")
    return None


def _keep(door: _Door, found: InboxObject) -> str:
    """Keep the bytes of an object; their SHA-256. One whose listing is known is hashed first, and rarely copied.

    Raises FileNotFoundError when it has gone, TooManyBytesError when it is larger than allowed.
    """
    if found.listing in door.history.listings:
        with found.open() as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        if door.lake.raw_path(sha256).exists():
            return sha256
    with found.open() as stream:
        return door.lake.keep_raw(stream, door.settings.file.limits.max_bytes)


def _replacing(lake: Lake, receipt: Receipt, current: Receipt) -> Receipt:
    """The receipt of a submission that takes the place of another, with what it changes."""
    assert receipt.dataset
    before, after = (lake.accepted_path(receipt.dataset, r.submission_id) for r in (current, receipt))
    changes = changed_totals(CONTRACTS[receipt.dataset], before, after)
    told = (f"{c['column']} {total_in_words(c['before'])} -> {total_in_words(c['after'])}" for c in changes)
    said = ", ".join(told) or "no total"
    message = f"{receipt.message} It replaces submission {current.submission_id} and changes {said}."
    return replace(receipt, supersedes=current.submission_id, message=message, totals_changed=changes)


def _draft(door: _Door, found: InboxObject, name: FileName, sha256: str) -> Receipt:
    partner_id, period = found.partner.id, name.period.text if name.period else None
    draft = Receipt(
        submission_id="",
        partner_id=partner_id,
        dataset=name.dataset,
        period=period,
        file_name=found.name,
        path=found.name,
        size=found.size,
        modified=found.modified,
        content_sha256=sha256,
        received_at=f"{door.clock.now:%Y-%m-%dT%H:%M:%S.%fZ}",
        ordinal=0,
        sample=door.settings.corridor.sample,
    )
    ordinal = door.history.ordinals[_slot(draft)] + 1
    return replace(
        draft, ordinal=ordinal, submission_id=submission_id(partner_id, name.dataset, period, sha256, ordinal)
    )


def _slot(receipt: Receipt) -> Slot:
    is_register = receipt.dataset is not None and CONTRACTS[receipt.dataset].register
    return receipt.partner_id, receipt.dataset, None if is_register else receipt.period
