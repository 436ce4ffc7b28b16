"""A receipt: what became of one received file, in words and figures its sender can use.

Belongs here: its fields, the identity of a submission, the exception for what refuses a whole file.
Does not belong here: how a verdict is reached, or where receipts are kept.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, Literal

Decision = Literal["accepted", "accepted_with_warnings", "partly_accepted", "refused", "acknowledged"]
ACCEPTED = ("accepted", "accepted_with_warnings", "partly_accepted")

# Control characters, and those that turn or hide text; the same for Python and for DuckDB.
INVISIBLE = r"[\x00-\x1F\x7F-\x9F\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]"

# row_number, column, value, rule, severity, message; row and column None where the whole file is meant.
Finding = dict[str, object]


class Refusal(Exception):  # noqa: N818 - a verdict on a file, not a fault of the program
    """A file is refused whole, for a reason its sender can mend. Caught where the verdict is given."""

    def __init__(self, rule: str, message: str, column: str | None = None, rows_read: int = 0) -> None:
        super().__init__(message)
        self.rule, self.column, self.rows_read = rule, column, rows_read

    def __reduce__(self) -> tuple[type["Refusal"], tuple[str, str, str | None, int]]:
        return Refusal, (self.rule, str(self), self.column, self.rows_read)

    @property
    def finding(self) -> Finding:
        return file_finding(self.rule, "error", str(self), self.column)


def visible(text: str, most: int = 80) -> str:
    """Text a sender wrote, as it may be shown on a terminal or a page."""
    return re.sub(re.sub(r"\\x\{(\w+)\}", r"\\u\1", INVISIBLE), "\ufffd", text[:most])


def file_finding(rule: str, severity: str, message: str, column: str | None = None) -> Finding:
    """A finding about the whole file; one about a column stands in row 1, the heading."""
    return {
        "row_number": 1 if column else None,
        "column": column,
        "value": None,
        "rule": rule,
        "severity": severity,
        "message": message,
    }


@dataclass(frozen=True)
class Receipt:
    """path: within the partner's inbox. Times are UTC, as text. ordinal: which receipt for what it would replace.

    rows_accepted + rows_rejected = rows_read, and rows_rejected counts rows, not findings. findings holds the
    first of findings_total; all are in lake/rejected. bad_rows: the first rows that have
    findings, as row_number and cells (text by column). supersedes: the submission that this one replaces;
    totals_changed: what that changes, as column (or rows), before and after. house_findings: what the last release
    found in this partner's standing files beside others, in the first receipt of a look.
    """

    submission_id: str
    partner_id: str | None
    dataset: str | None
    period: str | None
    file_name: str
    path: str
    size: int
    modified: str
    content_sha256: str
    received_at: str
    ordinal: int
    verdict: Decision = "refused"
    message: str = ""
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    columns_ignored: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    findings_total: int = 0
    bad_rows: list[dict[str, Any]] = field(default_factory=list)
    supersedes: str | None = None
    totals_changed: list[dict[str, str | float | int | None]] = field(default_factory=list)
    house_findings: list[dict[str, Any]] = field(default_factory=list)
    contract_version: int | None = None
    sample: bool = False

    @property
    def identity(self) -> tuple[str | None, str, int, str, str, str | None]:
        """What makes an inbox object, as one dataset, the same at the next look."""
        return self.partner_id, self.path, self.size, self.modified, self.content_sha256, self.dataset


def submission_id(partner_id: str, dataset: str | None, period: str | None, sha256: str, ordinal: int) -> str:
    """First 16 hex digits of the SHA-256 of what a submission is; the same wherever and whenever it is received."""
    parts = (partner_id, dataset or "", period or "", sha256, str(ordinal))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
