"""What a check says: one shape of row, and the verdict made of such rows.

Belongs here: the row every layer reports in, the gate's verdict and its words.
Does not belong here: how a check is carried out, or where its result is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["block", "warn", "info", "error", "warning"]
Outcome = Literal["passed", "failed", "errored"]
Layer = Literal["contract", "warehouse", "gate"]


@dataclass(frozen=True)
class CheckRow:
    """One check of one target. `errored` means that the check could not be carried out: it is not `failed`."""

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

    @property
    def blocks(self) -> bool:
        """Whether this row keeps a candidate from being published."""
        return self.severity == "block" and self.verdict != "passed"


@dataclass(frozen=True)
class Verdict:
    """What the gate found on one candidate.

    results: one row per check. attested: digest of each table the gate looked at, by the table's name in SQL.
    proved: set by `gate.verify` alone, when every required check ran and the tables are still those attested.
    """

    results: tuple[CheckRow, ...]
    attested: dict[str, str]
    proved: bool = False

    def joined_by(self, *results: CheckRow) -> "Verdict":
        """The verdict with checks that were carried out elsewhere; it is to be verified then."""
        return replace(self, results=(*self.results, *results), proved=False)

    @property
    def blocking(self) -> tuple[CheckRow, ...]:
        return tuple(row for row in self.results if row.blocks)

    @property
    def publishable(self) -> bool:
        """True only for a verdict that was verified and in which nothing blocks: silence is not consent."""
        return self.proved and bool(self.results) and not self.blocking

    def paragraph(self) -> str:
        """What blocked, where, which rows to look at and what to do; or what passed and what is worth a look."""
        remarks = [row for row in self.results if row.verdict != "passed" and not row.blocks]
        count = f"{len(self.results)} checks"
        if self.publishable:
            return _sentences(f"The gate passed the candidate: {count}, none blocks.", "Worth a look:", remarks)
        if not self.blocking:
            return f"The gate has not proved the candidate: {count}, none blocks, but the verdict was not verified."
        opening = f"The gate refused the candidate: {len(self.blocking)} of {count} block; the last release stays."
        return _sentences(opening, "What to mend:", self.blocking)


def _sentences(opening: str, heading: str, rows: Sequence[CheckRow]) -> str:
    if not rows:
        return opening
    lines = [f"  {row.check_name} {row.verdict} on {row.target}: {row.message}" for row in rows]
    return "\n".join([f"{opening} {heading}", *lines])
