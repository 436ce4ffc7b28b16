"""Approvals: a person's decisions after a refusal, stored as one file each in the home.

Belongs here: writing an approval, reading those in force, and applying them to check results.
Does not belong here: which checks may be approved (`suites.toml`), or the gate's decision (`verification.py`).
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

APPROVAL, CHECK_RESULT = TypeAdapter(Approval), TypeAdapter(CheckResult)


@dataclass(frozen=True)
class ApprovalRequest:
    """A person's request to publish what one check refused.

    Attributes:
        check_name: The check that refused the candidate.
        release_id: The id of the refused candidate.
        reason: Why the rows may be published; it is published with the release.
        by: Who decides; it is published with the release.
        until: The last day on which the approval is in force, 30 days after the decision if None.
    """

    check_name: str
    release_id: str
    reason: str
    by: str
    until: date | None = None


def approve(settings: Settings, request: ApprovalRequest, today: date) -> tuple[Approval, Path]:
    """Record the approval of the rows for which a check refused a candidate.

    Args:
        settings: The settings of the home.
        request: The check and the candidate, who approves, and why.
        today: The day of the decision.

    Returns:
        The approval and its file.

    Raises:
        CorridorError: There is no such refusal, the check cannot be approved, or the reason cannot be published.
    """
    refusal = _refusal(settings, request.check_name, request.release_id)
    until = request.until or today + timedelta(days=IN_FORCE_DAYS)
    if until < today:
        raise CorridorError(f"--until {until} is in the past. Give {today} or a later day.")
    _must_be_publishable(settings, reason=request.reason, by=request.by)
    approval = Approval(
        check_name=request.check_name,
        digest=str(refusal.digest),
        release_id=request.release_id,
        observed=refusal.observed or "",
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
        raise CorridorError(
            f"The approval cannot be written to {path}: {error.strerror}. Make the folder writable and approve again."
        ) from None
    return approval, path


def approvals_in_force(settings: Settings, today: date) -> list[Approval]:
    """Return the approvals in force, ordered by check.

    Raises:
        CorridorError: A file cannot be read as an approval; the message names it.
    """
    approvals = []
    for path in sorted(settings.approvals.glob("*.json")):
        try:
            approval = APPROVAL.validate_json(path.read_bytes())
        except (OSError, ValidationError):
            raise CorridorError(
                f"{path} is not an approval as `corridor approve` writes it. Remove the file and approve again."
            ) from None
        if approval.approved_on <= today <= approval.until:
            approvals.append(approval)
    return approvals


def with_approvals(results: Sequence[CheckResult], approvals: Sequence[Approval]) -> tuple[CheckResult, ...]:
    """Turn each failed result into `approved` if a person approved exactly its failing rows."""
    by_digest = {(approval.check_name, approval.digest): approval for approval in approvals}
    return tuple(_with_approval(result, by_digest.get((result.check_name, result.digest or ""))) for result in results)


def _with_approval(result: CheckResult, approval: Approval | None) -> CheckResult:
    if approval is None or not result.is_approvable:
        return result
    return replace(result, verdict="approved", approval=approval, message=f"{result.message} {approval.sentence()}")


def _refusal(settings: Settings, check_name: str, release_id: str) -> CheckResult:
    """Return the failed result for which a check refused a candidate, if a person may approve it."""
    refused = [release for release in swap.list_releases(settings.releases) if release.state == swap.REFUSED]
    candidate = next((release for release in refused if release.release_id == release_id), None)
    if candidate is None:
        choices = ", ".join(release.release_id for release in refused) or "none"
        raise CorridorError(
            f"There is no refused candidate {release_id}. Refused candidates: {choices} (see `corridor releases`)."
        )
    path = candidate.gate_results
    try:
        results = [CHECK_RESULT.validate_python(result) for result in json.loads(path.read_bytes())["results"]]
    except (OSError, ValueError, KeyError) as error:
        raise CorridorError(f"{path} cannot be read: {error}. Run again to get a new candidate.") from None
    blocking = {result.check_name: result for result in results if result.blocks}
    refusal = blocking.get(check_name)
    if refusal is None:
        choices = ", ".join(blocking) or "none"
        raise CorridorError(f"{check_name} did not refuse {release_id}. Checks that did: {choices}.")
    if refusal.verdict == "errored":
        raise CorridorError(f"{check_name} errored, so it has no failing rows to approve: {refusal.message}")
    if not refusal.is_approvable:
        raise CorridorError(
            f"{check_name} cannot be approved, because its failing rows are always wrong. Repair them: "
            f"{refusal.message}"
        )
    return refusal


def _must_be_publishable(settings: Settings, **texts: str) -> None:
    """Raise CorridorError if the text of an option is empty or has an identifier of the input."""
    find = finder(input_identifiers(settings.lake))
    for option, text in texts.items():
        if not text.strip():
            raise CorridorError(f"--{option} is empty. Give a text that readers of the scorecard understand.")
        if named := sorted(find(text)):
            raise CorridorError(
                f"--{option} contains {', '.join(named)}, but it is published with the release. "
                "Write it without the name of a partner, a ship or a voyage."
            )
