"""What a person decided after a refusal: one file per decision, kept in the home.

Belongs here: writing an approval, finding those in force, and putting them to a verdict's rows.
Does not belong here: which checks may be approved (suites.toml), or what follows from a verdict (gate).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from orchestration.core.check_result import Approval, CheckResult
from orchestration.core.errors import CorridorError
from orchestration.core.settings import Settings
from orchestration.release import swap
from orchestration.release.identifiers import finder, input_identifiers

IN_FORCE_DAYS = 30

APPROVAL, CHECK_ROW = TypeAdapter(Approval), TypeAdapter(CheckResult)


@dataclass(frozen=True)
class ApprovalRequest:
    """The wish of a person to publish what one check refused.

    Attributes:
        check_name: the check that refused the candidate.
        release_id: the id of the refused candidate.
        reason: why the rows may be published; it is published with the release.
        by: who takes the decision; it is published with the release.
        until: the last day on which the approval counts, 30 days after the decision if None.
    """

    check_name: str
    release_id: str
    reason: str
    by: str
    until: date | None = None


def approve(settings: Settings, request: ApprovalRequest, today: date) -> tuple[Approval, Path]:
    """Record the approval of the rows for which a check refused a candidate; return it and its file.

    Args:
        settings: the settings of the home.
        request: what is approved, by whom and why.
        today: the day of the decision.

    Raises:
        CorridorError: there is no such refusal, the check cannot be approved, or the words cannot be published.
    """
    row = _refused_row(settings, request.check_name, request.release_id)
    until = request.until or today + timedelta(days=IN_FORCE_DAYS)
    if until < today:
        raise CorridorError(f"--until {until} is over: expected {today} or later.")
    _must_be_publishable(settings, reason=request.reason, by=request.by)
    approval = Approval(
        check_name=request.check_name,
        digest=str(row.digest),
        release_id=request.release_id,
        observed=row.observed or "",
        reason=request.reason,
        by=request.by,
        approved_on=today,
        until=until,
    )
    path = settings.approvals / f"{request.check_name}-{approval.digest[:16]}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(asdict(approval), default=str, indent=2) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise CorridorError(f"{path} cannot be written: {error.strerror}. Approvals are kept there.") from None
    return approval, path


def approvals_in_force(settings: Settings, today: date) -> list[Approval]:
    """Every approval that has not expired, by check. Raises CorridorError naming a file that cannot be read."""
    found = []
    for path in sorted(settings.approvals.glob("*.json")):
        try:
            approval = APPROVAL.validate_json(path.read_bytes())
        except (OSError, ValidationError):
            raise CorridorError(
                f"{path} cannot be read as an approval: expected what `corridor approve` wrote. Remove it."
            ) from None
        if approval.approved_on <= today <= approval.until:
            found.append(approval)
    return found


def with_approvals(rows: Sequence[CheckResult], approvals: Sequence[Approval]) -> tuple[CheckResult, ...]:
    """The rows, of which those that failed on just what a person approved say `approved`."""
    by_finding = {(approval.check_name, approval.digest): approval for approval in approvals}
    return tuple(_decided(row, by_finding.get((row.check_name, row.digest or ""))) for row in rows)


def _decided(row: CheckResult, approval: Approval | None) -> CheckResult:
    if approval is None or not row.is_approvable:
        return row
    return replace(row, verdict="approved", approval=approval, message=f"{row.message} {approval.sentence()}")


def _refused_row(settings: Settings, check_name: str, release_id: str) -> CheckResult:
    refused = [release for release in swap.list_releases(settings.releases) if release.state == swap.REFUSED]
    candidate = next((release for release in refused if release.release_id == release_id), None)
    if candidate is None:
        known = ", ".join(release.release_id for release in refused) or "none"
        raise CorridorError(f"{release_id} is no refused candidate: expected one of {known} (`corridor releases`).")
    results = candidate.path / "checks" / "gate.json"
    try:
        rows = [CHECK_ROW.validate_python(row) for row in json.loads(results.read_bytes())["results"]]
    except (OSError, ValueError, KeyError) as error:
        raise CorridorError(f"{results} cannot be read: {error}. Run again; a new candidate will be judged.") from None
    blocking = {row.check_name: row for row in rows if row.blocks}
    row = blocking.get(check_name)
    if row is None:
        known = ", ".join(blocking) or "none"
        raise CorridorError(f"{check_name} did not refuse {release_id}: the checks that did are {known}.")
    if row.verdict == "errored":
        raise CorridorError(f"{check_name} errored, so nothing is known that could be approved: {row.message}")
    if not row.is_approvable:
        raise CorridorError(
            f"{check_name} cannot be approved: what it refuses is wrong whoever agrees to it. Mend it: {row.message}"
        )
    return row


def _must_be_publishable(settings: Settings, **words: str) -> None:
    find = finder(input_identifiers(settings.lake))
    for option, text in words.items():
        if not text.strip():
            raise CorridorError(f"--{option} is empty: expected words that readers of the scorecard understand.")
        if named := sorted(find(text)):
            raise CorridorError(
                f"--{option} is published with the release and names {', '.join(named)}: "
                "say it without naming a partner, a ship or a voyage."
            )
