"""What a check says: one shape of row, and the verdict made of such rows.

Belongs here: the row every layer reports in, a person's approval of it, the gate's verdict and its words.
Does not belong here: how a check is carried out, or where its result is written.
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
    """A person's decision to publish what a check refused: for that check and those failing rows only.

    digest: of the failing rows, as the check reported it. until: the last day on which it counts.
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
    """One check of one target. `errored` means that the check could not be carried out: it is not `failed`.

    message is published with the release; behind is not: it names what partners filed, for the secretariat alone.
    digest: of every failing row, given where a person may approve them; then approval is that decision, if any.
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
        """Whether this row keeps a candidate from being published: nothing is known of a check that errored."""
        return self.verdict == "errored" or (self.severity == "block" and self.verdict == "failed")

    @property
    def is_approvable(self) -> bool:
        """Whether a person may approve the failing rows of this check."""
        return self.verdict == "failed" and self.digest is not None


@dataclass(frozen=True)
class Decision:
    """What the gate found on one candidate.

    results: one row per check. attested: digest of each table of the candidate, by its name in SQL.
    proved: set by `gate.verify` alone, when every required check ran on the tables that dbt tested.
    """

    results: tuple[CheckResult, ...]
    attested: dict[str, str]
    proved: bool = False

    def joined_by(self, *results: CheckResult) -> "Decision":
        """The verdict with checks that were carried out elsewhere; it is to be verified then."""
        return replace(self, results=(*self.results, *results), proved=False)

    @property
    def blocking(self) -> tuple[CheckResult, ...]:
        """The check results that stop the candidate from being published."""
        return tuple(row for row in self.results if row.blocks)

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """The decisions without which this candidate would not be published."""
        return tuple(row.approval for row in self.results if row.approval)

    @property
    def publishable(self) -> bool:
        """True only for a verdict that was verified and in which nothing blocks: silence is not consent."""
        return self.proved and bool(self.results) and not self.blocking

    def paragraph(self, release_id: str) -> str:
        """What blocked, where, what is behind it and what to do; or what passed and what is worth a look."""
        remarks = [row for row in self.results if row.verdict != "passed" and not row.blocks]
        count = f"{len(self.results)} checks"
        if self.publishable:
            opening = f"The gate passed the candidate: {count}, none blocks."
            return _sentences(opening, "Worth a look:", remarks, release_id)
        if not self.blocking:
            return f"The gate has not proved the candidate: {count}, none blocks, but the verdict was not verified."
        opening = f"The gate refused the candidate: {len(self.blocking)} of {count} block; the last release stays."
        return _sentences(opening, "What to mend:", self.blocking, release_id)


def approve_command(row: CheckResult, release_id: str) -> str:
    """What to type to publish the very rows that a check refused."""
    return f"corridor approve {row.check_name} --release {release_id} --reason WHY --by WHO"


def _sentences(opening: str, heading: str, rows: Sequence[CheckResult], release_id: str) -> str:
    if not rows:
        return opening
    return "\n".join([f"{opening} {heading}", *(line for row in rows for line in _lines(row, release_id))])


def _lines(row: CheckResult, release_id: str) -> list[str]:
    lines = [f"  {row.check_name} {row.verdict} on {row.target}: {row.message}"]
    if row.behind:
        lines.append(f"    Behind it: {row.behind}.")
    if row.is_approvable:
        lines.append(f"    If the figures are right: {approve_command(row, release_id)}")
    return lines
