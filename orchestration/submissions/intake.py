"""Take in what partners filed: assess each new file, store it, and answer it with a receipt.

Belongs here: the order of the steps, what replaces what, and what happens after a crash.
Does not belong here: file names, formats and rules; how folders are reached.

The writes for a file have this order: its bytes, its failed checks, its accepted rows, the partner's copy of the
receipt, and last the receipt in the lake, which commits the submission. After a crash before that, the next run
writes all of it again with the same content.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from orchestration.core.clock import RunClock
from orchestration.core.corridor_file import Partner
from orchestration.core.errors import PartnerFolderError
from orchestration.core.lake import Lake, TooManyBytesError, as_json
from orchestration.core.query import Record
from orchestration.core.settings import Settings
from orchestration.release.release_folder import ReleasesRoot
from orchestration.submissions.assessment import Case
from orchestration.submissions.assessment_worker import AssessmentWorker
from orchestration.submissions.checks.data_issues import data_issues_by_partner
from orchestration.submissions.checks.totals import changed_totals, total_in_words
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.file_name import FileName, check_permission, parse_name
from orchestration.submissions.history import History, slot_of
from orchestration.submissions.inboxes.partner_folders import InboxFile, PartnerFolders
from orchestration.submissions.local_check import size_problem
from orchestration.submissions.pages.receipt_page import receipt_page
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import ACCEPTED, Receipt, Refusal, submission_id

# A file that changed within this time may still be being written, so it is listed a second time.
RECENT = timedelta(minutes=1)


@dataclass(frozen=True)
class IntakeSummary:
    """What an intake did.

    receipts: in the order in which they were written.
    waiting: files that were still being written, as partner/name; the next run takes them in.
    gone: files that are no longer in their inbox although their submissions are current. The submissions stay.
    unreachable: why a partner's inbox or outbox could not be used. Only that partner's files wait.
    """

    receipts: list[Receipt]
    waiting: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Intake:
    """What every step of one intake needs."""

    settings: Settings
    clock: RunClock
    lake: Lake
    folders: PartnerFolders
    history: History
    worker: AssessmentWorker
    waiting: list[str]
    data_issues: dict[str, list[Record]]


def take_in(settings: Settings, clock: RunClock, folders: PartnerFolders) -> IntakeSummary:
    """Take in the new files of every inbox, and rewrite the index of receipts.

    Neither the content of a file nor an unreachable partner raises an exception.

    Args:
        settings: The home.
        clock: The clock of the run.
        folders: The partners' folders, opened for this run.

    Raises:
        CorridorError: The lake cannot be written.
    """
    lake = Lake(settings.lake)
    earlier = [Receipt(**receipt) for receipt in lake.receipts()]
    history = History.of(earlier)
    lake.write_schemas(CONTRACTS.values(), [source.id for source in settings.file.sources])
    received: list[Receipt] = []
    with AssessmentWorker() as worker:
        current = {receipt.submission_id: receipt for receipt in history.current.values()}
        data_issues = data_issues_by_partner(ReleasesRoot(settings.releases).current.warehouse, current)
        intake = _Intake(settings, clock, lake, folders, history, worker, [], data_issues)
        for file in _finished_files(intake):
            for receipt in _take_in_unless_unreachable(intake, file):
                history.add(receipt)
                received.append(receipt)
    write_intake_index(lake, [*earlier, *received])
    return IntakeSummary(received, intake.waiting, _gone(history, folders), list(folders.unreachable.values()))


def write_intake_index(lake: Lake, receipts: Iterable[Receipt]) -> None:
    """Rewrite the lake's index of all receipts, in the order of their ids."""
    rows = []
    for receipt in sorted(receipts, key=lambda receipt: receipt.submission_id):
        period = Period.parse(receipt.period or "")
        days = {"period_start": period and period.start, "period_end": period and period.end}
        at = datetime.fromisoformat(receipt.received_at).replace(tzinfo=None)
        rows.append({**asdict(receipt), **days, "received_at": at})
    lake.write_submissions(rows)


def _finished_files(intake: _Intake) -> list[InboxFile]:
    """List the files that nobody is writing any more. Inboxes with recent files are listed a second time."""
    files = [file for inbox in intake.folders.files.values() for file in inbox]
    now = datetime.now(UTC)
    recent = [file for file in files if file.listing not in intake.history.listings and _is_recent(file, now)]
    if not recent:
        return files
    time.sleep(intake.settings.file.limits.settle_seconds)
    partners = {file.partner.id: file.partner for file in recent}
    listed_again = {file.listing for partner in partners.values() for file in _list_again(intake, partner)}
    unfinished = {file.listing for file in recent} - listed_again
    intake.waiting.extend(_label(file) for file in recent if file.listing in unfinished)
    return [file for file in files if file.listing not in unfinished]


def _list_again(intake: _Intake, partner: Partner) -> list[InboxFile]:
    try:
        return intake.folders.list_files(partner)
    except PartnerFolderError as problem:
        intake.folders.unreachable[partner.id] = str(problem)
        return []


def _is_recent(file: InboxFile, now: datetime) -> bool:
    try:
        return now - datetime.fromisoformat(file.modified) < RECENT
    except (ValueError, TypeError):
        return True


def _label(file: InboxFile) -> str:
    return f"{file.partner.id}/{file.name}"


def _gone(history: History, folders: PartnerFolders) -> list[str]:
    """List current submissions whose file is no longer in an inbox that could be listed."""
    listed = {(file.partner.id, file.name) for inbox in folders.files.values() for file in inbox}
    return sorted(
        f"{receipt.partner_id}/{receipt.path}"
        for receipt in history.current.values()
        if receipt.partner_id in folders.files and (receipt.partner_id, receipt.path) not in listed
    )


def _take_in_unless_unreachable(intake: _Intake, file: InboxFile) -> Iterator[Receipt]:
    """Take in a file. After a failure of its partner's folders, all files of the partner wait for the next run."""
    if file.partner.id in intake.folders.unreachable:
        return
    try:
        yield from _take_in_file(intake, file)
    except PartnerFolderError as problem:
        intake.folders.unreachable[file.partner.id] = str(problem)


def _take_in_file(intake: _Intake, file: InboxFile) -> Iterator[Receipt]:
    """Store a file and answer it with one receipt for each dataset that it holds.

    There is no receipt if the file was answered before, has just been removed, or changed while it was read.
    """
    max_bytes = intake.settings.file.limits.max_bytes
    sha256, problem = "", _link_problem(file) or size_problem(file.size, max_bytes)
    if not problem:
        try:
            sha256 = _store_bytes(intake, file)
        except FileNotFoundError:
            return
        except TooManyBytesError:
            problem = size_problem(max_bytes + 1, max_bytes)
        if sha256 and file.size not in (-1, intake.lake.raw_path(sha256).stat().st_size):
            intake.waiting.append(_label(file))
            return
    for name in parse_name(file.name):
        if (*file.listing, sha256, name.dataset) not in intake.history.answered:
            yield _answer(intake, file, name, sha256, problem)


def _answer(intake: _Intake, file: InboxFile, name: FileName, sha256: str, problem: Refusal | None) -> Receipt:
    """Assess one dataset of a file, store its rows, and write the receipt to the outbox and the lake."""
    draft = _draft(intake, file, name, sha256)
    current = intake.history.current.get(slot_of(draft))
    if current and current.content_sha256 == sha256 and not name.problem:
        message = f"The file is the same as that of submission {current.submission_id}, which counts. Nothing changes."
        receipt = replace(draft, verdict="acknowledged", message=message)
    else:
        problem = problem or name.problem or check_permission(file.partner, name)
        limits = intake.settings.file.limits
        receipt = intake.worker.assess(
            Case(intake.lake.raw_path(sha256), name, draft, limits, problem, intake.lake.root)
        )
        if current and receipt.verdict in ACCEPTED:
            receipt = _replacing(intake.lake, receipt, current)
    receipt = replace(receipt, house_findings=intake.data_issues.pop(file.partner.id, []))
    content = as_json(asdict(receipt))
    files = {f"{receipt.submission_id}.json": content, f"{receipt.submission_id}.html": receipt_page(receipt)}
    intake.folders.deliver(file.partner, files)
    intake.lake.write_receipt(receipt.submission_id, content)
    return receipt


def _link_problem(file: InboxFile) -> Refusal | None:
    if file.is_link:
        return Refusal("file_is_no_link", "The file is a link to another place. Put the file itself into the inbox.")
    return None


def _store_bytes(intake: _Intake, file: InboxFile) -> str:
    """Store the bytes of a file in the lake and return their SHA-256.

    A file that an earlier receipt lists is hashed first, and stored only if its bytes are missing from the lake.
    Raises FileNotFoundError if the file has gone, TooManyBytesError if it is larger than allowed.
    """
    if file.listing in intake.history.listings:
        sha256 = intake.folders.sha256(file)
        if intake.lake.raw_path(sha256).exists():
            return sha256
    with file.open() as stream:
        return intake.lake.keep_raw(stream, intake.settings.file.limits.max_bytes)


def _replacing(lake: Lake, receipt: Receipt, current: Receipt) -> Receipt:
    """Add to a receipt which submission it replaces, and which totals change."""
    dataset = receipt.dataset or ""
    before, after = (lake.accepted_path(dataset, r.submission_id) for r in (current, receipt))
    totals = changed_totals(CONTRACTS[dataset], before, after)
    changes = [f"{t['column']} {total_in_words(t['before'])} -> {total_in_words(t['after'])}" for t in totals]
    changed = f"changes {', '.join(changes)}" if changes else "changes no total"
    message = f"{receipt.message} It replaces submission {current.submission_id} and {changed}."
    return replace(receipt, supersedes=current.submission_id, message=message, totals_changed=totals)


def _draft(intake: _Intake, file: InboxFile, name: FileName, sha256: str) -> Receipt:
    """Start the receipt of a file with all that is clear before its content is checked."""
    partner_id, period = file.partner.id, name.period.text if name.period else None
    draft = Receipt(
        submission_id="",
        partner_id=partner_id,
        dataset=name.dataset,
        period=period,
        file_name=file.name,
        path=file.name,
        size=file.size,
        modified=file.modified,
        content_sha256=sha256,
        received_at=f"{intake.clock.now:%Y-%m-%dT%H:%M:%S.%fZ}",
        ordinal=0,
        sample=intake.settings.corridor.sample,
    )
    ordinal = intake.history.ordinals[slot_of(draft)] + 1
    own_id = submission_id(partner_id, name.dataset, period, sha256, ordinal)
    return replace(draft, ordinal=ordinal, submission_id=own_id)
