"""The door: every partner's inbox looked at, each new file judged, kept, and answered with a receipt.

Belongs here: the order of events, supersession, acknowledgement, what survives a crash.
Does not belong here: reading formats, rules, where things lie.

Order of writes for a file: raw bytes, findings, accepted rows, the partner's copy of the receipt, and last the
receipt in the lake, which is the commit. What was written before a crash is written again, the same, by the next run.
"""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb

from orchestration.clock import RunClock
from orchestration.errors import CorridorError
from orchestration.lake import Lake, as_json
from orchestration.settings import Limits, Settings
from orchestration.submissions import check
from orchestration.submissions.contracts import CONTRACTS
from orchestration.submissions.inbox import FileName, InboxObject, check_permission, deliver, list_inbox, parse_name
from orchestration.submissions.judge import judge
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import ACCEPTED_VERDICTS, Receipt, submission_id
from orchestration.submissions.rules import literal

# What a submission replaces: partner, dataset and period; of a register the whole, whatever its period.
Slot = tuple[str | None, str | None, str | None]


@dataclass(frozen=True)
class IntakeSummary:
    """The receipts of one look at all inboxes, in the order in which they were written."""

    receipts: list[Receipt]

    @property
    def verdicts(self) -> dict[str, Counter[str]]:
        """Number of new receipts by dataset ('unknown' where the name does not say) and verdict."""
        counts: dict[str, Counter[str]] = {}
        for receipt in self.receipts:
            counts.setdefault(receipt.dataset or "unknown", Counter())[receipt.verdict] += 1
        return counts


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
        self.listings.add(receipt.identity[:-1])
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
    con: duckdb.DuckDBPyConnection
    scratch: Path


def take_in(settings: Settings, clock: RunClock) -> IntakeSummary:
    """Look at every partner's inbox once: judge what is new, keep it, answer it, rewrite the index of receipts.

    Raises CorridorError when an inbox or outbox cannot be reached or the lake not be written; never for what a
    partner's file holds.
    """
    lake = Lake(settings.lake)
    inboxes = [list_inbox(settings, partner) for partner in settings.file.partners]
    known = [Receipt(**receipt) for receipt in lake.receipts()]
    history = _History()
    for receipt in sorted(known, key=lambda r: r.ordinal):
        history.add(receipt)
    received = []
    with tempfile.TemporaryDirectory() as scratch, check.connect(Path(scratch)) as con:
        lake.write_schemas(CONTRACTS.values(), [source.id for source in settings.file.sources])
        door = _Door(settings, clock, lake, history, con, Path(scratch))
        for found in (found for inbox in inboxes for found in inbox):
            new = _receive(door, found)
            if new:
                history.add(new)
                received.append(new)
    write_intake_index(lake, [*known, *received])
    return IntakeSummary(received)


def check_file(path: Path, settings: Settings | None = None) -> Receipt:
    """The verdict a file would get, without keeping anything; needs no home.

    Who may file it is not checked: partner_id is None. Raises CorridorError when the file cannot be read at all.
    """
    try:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        listed = path.stat()
    except OSError as error:
        raise CorridorError(f"{path} cannot be read: {error.strerror}.") from None
    name = parse_name(path.name)
    draft = Receipt(
        submission_id="",
        partner_id=None,
        dataset=name.dataset,
        period=name.period.text if name.period else None,
        file_name=path.name,
        path=str(path),
        size=listed.st_size,
        modified=datetime.fromtimestamp(listed.st_mtime, UTC).isoformat(),
        content_sha256=sha256,
        received_at="",
        ordinal=0,
    )
    limits = settings.file.limits if settings else Limits()
    with tempfile.TemporaryDirectory() as scratch, check.connect(Path(scratch)) as con:
        return judge(con, Path(scratch), path, name, draft, limits)


def write_intake_index(lake: Lake, receipts: Iterable[Receipt]) -> None:
    """Rewrite the lake's index of all receipts, in the order of their ids."""
    rows = []
    for receipt in sorted(receipts, key=lambda r: r.submission_id):
        period = Period.parse(receipt.period or "")
        days = {"period_start": period and period.start, "period_end": period and period.end}
        at = datetime.fromisoformat(receipt.received_at).replace(tzinfo=None)
        rows.append({**asdict(receipt), **days, "received_at": at})
    lake.write_submissions(rows)


def _receive(door: _Door, found: InboxObject) -> Receipt | None:
    """Judge, keep and answer one object of an inbox; None when it has been answered before, or has just gone."""
    try:
        sha256 = _keep(door, found)
    except FileNotFoundError:
        return None
    if sha256 is None:
        return None
    name = parse_name(found.name)
    draft = _draft(door, found, name, sha256)
    current = door.history.current.get(_slot(draft))
    if current and current.content_sha256 == sha256 and not name.problem:
        message = f"These are the bytes of submission {current.submission_id}, which stands; nothing changes."
        receipt = replace(draft, verdict="acknowledged", message=message)
    else:
        limits = door.settings.file.limits
        permit = partial(check_permission, found.partner)
        receipt = judge(door.con, door.scratch, door.lake.raw_path(sha256), name, draft, limits, permit)
        if current and receipt.verdict in ACCEPTED_VERDICTS:
            message = f"{receipt.message} It replaces submission {current.submission_id}."
            receipt = replace(receipt, supersedes=current.submission_id, message=message)
        _keep_rows(door, receipt)
    answer = as_json(asdict(receipt))
    deliver(door.settings, found.partner, f"{receipt.submission_id}.json", answer)
    door.lake.write_receipt(receipt.submission_id, answer)
    return receipt


def _keep(door: _Door, found: InboxObject) -> str | None:
    """Keep the bytes of an object; their SHA-256, or None when just this object was answered before.

    An object whose listing has not changed is hashed, not copied; one beyond the limit is not even read.
    """
    listing = (found.partner.id, found.name, found.size, found.modified)
    if found.size > door.settings.file.limits.max_bytes:
        return None if (*listing, "") in door.history.objects else ""
    if listing in door.history.listings:
        with found.open() as stream:
            if (*listing, hashlib.file_digest(stream, "sha256").hexdigest()) in door.history.objects:
                return None
    with found.open() as stream:
        sha256 = door.lake.keep_raw(stream)
    return None if (*listing, sha256) in door.history.objects else sha256


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


def _keep_rows(door: _Door, receipt: Receipt) -> None:
    """Write the findings and the accepted rows of the file just judged."""
    if not receipt.dataset or not receipt.partner_id:
        return
    own, lake = receipt.submission_id, door.lake
    if receipt.findings_total:
        rows = check.rejected_rows(own, receipt.partner_id)
        lake.copy_rows(door.con, rows, lake.rejected_path(receipt.dataset, own))
    if receipt.verdict in ACCEPTED_VERDICTS:
        values = {
            "partner_id": literal(receipt.partner_id),
            "submission_id": literal(own),
            "period": literal(receipt.period or ""),
            "received_at": f"timestamp {literal(receipt.received_at.rstrip('Z'))}",
            "row_number": "row_number",
        }
        rows = check.accepted_rows(CONTRACTS[receipt.dataset], values, receipt.rows_rejected > 0)
        lake.copy_rows(door.con, rows, lake.accepted_path(receipt.dataset, own))


def _slot(receipt: Receipt) -> Slot:
    is_register = receipt.dataset is not None and CONTRACTS[receipt.dataset].register
    return receipt.partner_id, receipt.dataset, None if is_register else receipt.period
