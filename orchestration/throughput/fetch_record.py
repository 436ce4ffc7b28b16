"""What came of the last look at a page: the state of the lake that tells a change, and that a person is shown.

Belongs here: the record and how one look follows another. Does not belong here: looking, keeping, showing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, Self

from orchestration.core.check_result import CheckResult
from orchestration.throughput.sources.source import Answer

Outcome = Literal["taken_in", "unchanged", "quarantined", "unreachable", "missing"]


@dataclass(frozen=True)
class Look:
    """The last look at a page. Moments are ISO 8601 in UTC; what is not known is None.

    url: where it was last had. since: the first of the looks in a row with this outcome. changed_at: when the bytes
    were first read as they are.
    errors: why what the page says is not taken in; they outlast looks that could not reach the page.
    """

    page: str
    url: str
    looked_at: str
    outcome: Outcome
    since: str
    message: str = ""
    changed_at: str | None = None
    content_sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        """A look as the lake keeps it, other keys ignored. Raises KeyError, TypeError when it is none."""
        return cls(**{known.name: record[known.name] for known in fields(cls) if known.name in record})

    @property
    def findings(self) -> list[CheckResult]:
        """Why what the page last said is not taken in."""
        return [CheckResult(**error) for error in self.errors]

    @property
    def is_trouble(self) -> bool:
        """Whether somebody should look: a page never there is not missed."""
        return self.outcome in ("quarantined", "unreachable") or (
            self.outcome == "missing" and self.content_sha256 is not None
        )

    @property
    def conditions(self) -> dict[str, str]:
        """What to tell the server of the page as it was, so that it need not send it again."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}

    @property
    def troubles(self) -> list[str]:
        """In words, what keeps the page out: that it cannot be had, and that what it last said is not believed."""
        unreached = [self.message] if self.is_trouble and self.outcome != "quarantined" else []
        return [*unreached, *(row.message for row in self.findings)]

    def is_news_after(self, before: "Look | None") -> bool:
        """Whether the page is in a trouble that the look before did not find."""
        known = (before.outcome, before.content_sha256) if before else None
        return self.is_trouble and (self.outcome, self.content_sha256) != known

    def failed(self, now: str, outcome: Outcome, message: str) -> "Look":
        """The look after this one, when the page could not be had: what is known of it stays."""
        since = self.since if self.outcome == outcome else now
        return replace(self, looked_at=now, outcome=outcome, since=since, message=message)


def answered(
    before: Look | None, page: str, url: str, now: str, outcome: Outcome, card: dict[str, Any],
    answer: Answer | None, findings: Sequence[CheckResult],
) -> Look:  # fmt: skip
    """The look that got the page, or heard that it is as it was (answer None)."""
    errors = [row for row in findings if row.severity == "error"]
    headers = answer.headers if answer else {}
    return Look(
        page,
        url,
        looked_at=now,
        outcome=outcome,
        since=before.since if before and before.outcome == outcome else now,
        message="; ".join(row.message for row in errors),
        changed_at=card["read_at"],
        content_sha256=card["content_sha256"],
        etag=headers.get("etag") if answer or not before else before.etag,
        last_modified=headers.get("last-modified") if answer or not before else before.last_modified,
        errors=[asdict(row) for row in errors],
    )
