"""The result of a check, and the gate's decision, which is made from such results.

Belongs here: the record that every layer reports checks in, a person's approval, the gate's decision and its text.
Does not belong here: running a check, or writing its result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Severity = Literal["block", "warn", "info", "error", "warning"]
Outcome = Literal["passed", "failed", "errored", "approved"]
Layer = Literal["contract", "warehouse", "gate"]


@dataclass(frozen=True)
class Approval:
    """A person's decision to publish what a check refused. It holds for that check and those failing rows only.

    Attributes:
        check_name: The check.
        digest: The digest of the failing rows, as the check reported it.
        release_id: The refused candidate.
        observed: The check's observation.
        reason: Why the rows may be published.
        by: Who decided.
        approved_on: The day of the decision.
        until: The last day on which the approval is in force.
    """

    check_name: str
    digest: str
    release_id: str
    observed: str
    reason: str
    by: str
    approved_on: date
    until: date

    def sentence(self) -> str:
        """Say who approved it, until when and why."""
        return f"Approved by {self.by} until {self.until}: {self.reason.rstrip('.')}."


@dataclass(frozen=True)
class CheckResult:
    """The result of one check of one target.

    Attributes:
        check_name: The check.
        target: The table, artefact or candidate that was checked.
        severity: What a failure means.
        verdict: The outcome; `errored` means that the check could not run, which is not the same as `failed`.
        observed: The observation as text, None if the check errored.
        expected: The expectation as text.
        failing_count: The number of failing rows, None if it is unknown.
        message: The meaning of a failure and the action; it is published with the release.
        submission_id: The submission that the check is about, if there is one.
        layer: The layer that ran the check.
        behind: The cause of a failure; it names partners and is not published.
        digest: The digest of all failing rows, if a person may approve them.
        approval: That approval, if there is one.
    """

    check_name: str
    target: str
    severity: Severity
    verdict: Outcome
    observed: str | None
    expected: str
    failing_count: int | None
    message: str
    submission_id: str | None = None
    layer: Layer = "gate"
    behind: str = ""
    digest: str | None = None
    approval: Approval | None = None

    @property
    def blocks(self) -> bool:
        """Whether this result stops publication; an errored check does, because its outcome is unknown."""
        return self.verdict == "errored" or (self.severity == "block" and self.verdict == "failed")

    @property
    def is_approvable(self) -> bool:
        """Whether a person may approve the failing rows of this check."""
        return self.verdict == "failed" and self.digest is not None


@dataclass(frozen=True)
class Decision:
    """The gate's decision on one candidate.

    Attributes:
        results: One result per check.
        attested: The digest of each table of the candidate, by its name in SQL.
        proved: Whether every required check ran on the tables that dbt tested; only `gate.verification` sets it.
    """

    results: tuple[CheckResult, ...]
    attested: dict[str, str]
    proved: bool = False

    def joined_by(self, *results: CheckResult) -> "Decision":
        """Add results of checks that ran outside the suites; the decision then needs verification."""
        return replace(self, results=(*self.results, *results), proved=False)

    @property
    def blocking(self) -> tuple[CheckResult, ...]:
        """The results that stop publication."""
        return tuple(result for result in self.results if result.blocks)

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """The approvals that the decision relies on."""
        return tuple(result.approval for result in self.results if result.approval)

    @property
    def publishable(self) -> bool:
        """Whether the decision is verified, has results, and none of them blocks."""
        return self.proved and bool(self.results) and not self.blocking

    def paragraph(self, release_id: str) -> str:
        """Describe the decision: the results that block, with cause and action, or those to review."""
        remarks = [result for result in self.results if result.verdict != "passed" and not result.blocks]
        count = f"{len(self.results)} checks"
        if self.publishable:
            opening = f"The gate passed the candidate: {count}, none blocks."
            return _sentences(opening, "To review:", remarks, release_id)
        if not self.blocking:
            return f"The gate has not verified its decision: {count}, none blocks. The candidate is not published."
        opening = (
            f"The gate refused the candidate: {len(self.blocking)} of {count} block. The last release stays current."
        )
        return _sentences(opening, "To repair:", self.blocking, release_id)


def approve_command(result: CheckResult, release_id: str) -> str:
    """Return the command that approves the failing rows of a check."""
    return f"corridor approve {result.check_name} --release {release_id} --reason WHY --by WHO"


def _sentences(opening: str, heading: str, results: Sequence[CheckResult], release_id: str) -> str:
    if not results:
        return opening
    return "\n".join([f"{opening} {heading}", *(line for result in results for line in _lines(result, release_id))])


def _lines(result: CheckResult, release_id: str) -> list[str]:
    lines = [f"  {result.check_name} {result.verdict} on {result.target}: {result.message}"]
    if result.behind:
        lines.append(f"    Cause: {result.behind}.")
    if result.is_approvable:
        lines.append(f"    If the figures are right: {approve_command(result, release_id)}")
    return lines
