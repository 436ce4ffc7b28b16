"""A receipt: the answer to a submission, in words and figures that its sender can use.

Belongs here: its fields, failed checks, the identity of a submission, and the exception that refuses a whole file.
Does not belong here: how a submission status is decided (`assessment.py`), or where receipts are stored.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, Literal

SubmissionStatus = Literal["accepted", "accepted_with_warnings", "partly_accepted", "refused", "acknowledged"]
ACCEPTED = ("accepted", "accepted_with_warnings", "partly_accepted")

# Control characters, and characters that reverse or hide text. The pattern works in Python and in DuckDB.
INVISIBLE = r"[\x00-\x1F\x7F-\x9F\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]"

# Keys: row_number, column, value, rule, severity, message. Row and column are None if the whole file is meant.
FailedCheck = dict[str, object]


class Refusal(Exception):  # noqa: N818 - it is an answer to a partner, not an error of the program
    """A whole file is refused, for a reason that its sender can correct. Caught where the status is decided."""

    def __init__(self, rule: str, message: str, column: str | None = None, rows_read: int = 0) -> None:
        super().__init__(message)
        self.rule, self.column, self.rows_read = rule, column, rows_read

    def __reduce__(self) -> tuple[type["Refusal"], tuple[str, str, str | None, int]]:
        return Refusal, (self.rule, str(self), self.column, self.rows_read)

    @property
    def failed_check(self) -> FailedCheck:
        """The refusal as a failed check of the file."""
        return about_file(self.rule, "error", str(self), self.column)


def visible(text: str, most: int = 80) -> str:
    """Return text from a sender, shortened, and with control characters replaced so that it is safe to show."""
    return re.sub(re.sub(r"\\x\{(\w+)\}", r"\\u\1", INVISIBLE), "\ufffd", text[:most])


def about_file(rule: str, severity: str, message: str, column: str | None = None) -> FailedCheck:
    """Return a failed check of the whole file, or of a column, which then points at row 1, the heading.

    Args:
        rule: The name of the check.
        severity: `error` or `warning`.
        message: What is wrong and what to do.
        column: The column, if the check is about one.
    """
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
    """The answer to a submission, as it is stored and sent.

    path: within the partner's inbox. Times are UTC, as text.
    ordinal: the number of this receipt among those for the same partner, dataset and period.
    verdict: the submission status.
    rows_accepted + rows_rejected = rows_read. rows_rejected counts rows, not failed checks.
    findings: the first of findings_total failed checks; the lake has all of them.
    bad_rows: the first rows with failed checks, as row_number and cells (text by column).
    supersedes: the submission that this one replaces. totals_changed: what that changes, as column (or rows), before
    and after.
    house_findings: data issues that the last release found in this partner's current submissions. Only the first
    receipt of an intake has them.
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
    verdict: SubmissionStatus = "refused"
    message: str = ""
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    columns_ignored: list[str] = field(default_factory=list)
    findings: list[FailedCheck] = field(default_factory=list)
    findings_total: int = 0
    bad_rows: list[dict[str, Any]] = field(default_factory=list)
    supersedes: str | None = None
    totals_changed: list[dict[str, str | float | int | None]] = field(default_factory=list)
    house_findings: list[dict[str, Any]] = field(default_factory=list)
    contract_version: int | None = None
    sample: bool = False

    @property
    def identity(self) -> tuple[str | None, str, int, str, str, str | None]:
        """What identifies one dataset of a file in an inbox, so that it is answered only once."""
        return self.partner_id, self.path, self.size, self.modified, self.content_sha256, self.dataset


def submission_id(partner_id: str, dataset: str | None, period: str | None, sha256: str, ordinal: int) -> str:
    """Return the id of a submission: the first 16 hex digits of the SHA-256 of what it is.

    It is the same wherever and whenever the file is received.

    Args:
        partner_id: The partner.
        dataset: The dataset; None if the file name does not say it.
        period: The period; None if the file name does not say it.
        sha256: The SHA-256 of the content.
        ordinal: The number of the receipt among those for the same partner, dataset and period.
    """
    parts = (partner_id, dataset or "", period or "", sha256, str(ordinal))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
