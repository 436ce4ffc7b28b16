"""The record of the last fetch of a page: what the next fetch compares with, and what `corridor status` shows.

Belongs here: the record, and how one record follows another. Does not belong here: fetching, storing, showing.
"""

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, Self

from orchestration.core.check_result import CheckResult
from orchestration.throughput.sources.source import Answer, PageLocation
from orchestration.throughput.vintages import AddedPage

Outcome = Literal["taken_in", "unchanged", "quarantined", "unreachable", "missing"]


@dataclass(frozen=True)
class FetchRecord:
    """The last fetch of a page. Moments are ISO 8601 in UTC; None means unknown.

    Attributes:
        page: The lasting name of the page.
        url: The address that answered last.
        fetched_at: The moment of the last fetch.
        outcome: What became of the page.
        since: The first of the consecutive fetches with this outcome.
        message: Why the page is not in use; empty otherwise.
        changed_at: The moment at which the present bytes were first read.
        content_sha256: The hash of these bytes.
        etag: The server's tag for them.
        last_modified: The server's date for them.
        errors: Why these bytes are quarantined; they outlast fetches that fail.
    """

    page: str
    url: str
    fetched_at: str
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
        """Read a record of the lake, ignoring unknown keys. Raises KeyError or TypeError if keys are missing."""
        return cls(**{known.name: record[known.name] for known in fields(cls) if known.name in record})

    @property
    def check_results(self) -> list[CheckResult]:
        """The reasons why the last bytes of the page are quarantined."""
        return [CheckResult(**error) for error in self.errors]

    @property
    def is_problem(self) -> bool:
        """Whether a person should act. A page that never existed is no problem."""
        return self.outcome in ("quarantined", "unreachable") or (
            self.outcome == "missing" and self.content_sha256 is not None
        )

    @property
    def conditions(self) -> dict[str, str]:
        """The conditional request headers with which the server need not send an unchanged page again."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    @property
    def problems(self) -> list[str]:
        """Sentences that say why the page is out of use: it cannot be read, or its last bytes are quarantined."""
        failure = [self.message] if self.is_problem and self.outcome != "quarantined" else []
        return [*failure, *(result.message for result in self.check_results)]

    def is_new_problem_since(self, before: "FetchRecord | None") -> bool:
        """Return whether the page has a problem that the record before did not have."""
        known = (before.outcome, before.content_sha256) if before else None
        return self.is_problem and (self.outcome, self.content_sha256) != known

    def failed(self, now: str, outcome: Outcome, message: str) -> "FetchRecord":
        """Return the record after a fetch that could not read the page; what is known of its bytes stays."""
        since = self.since if self.outcome == outcome else now
        return replace(self, fetched_at=now, outcome=outcome, since=since, message=message)


def record_answer(
    before: FetchRecord | None,
    location: PageLocation,
    now: str,
    snapshot: dict[str, Any],
    answer: Answer | None,
    added: AddedPage,
) -> FetchRecord:
    """Return the record of a fetch that read the page, or learned that it is unchanged.

    Args:
        before: The record of the fetch before.
        location: Where the page was read.
        now: The moment of this fetch, ISO 8601 in UTC.
        snapshot: The snapshot of the page's bytes.
        answer: The server's answer; None if the page is unchanged.
        added: What became of the parsed page.
    """
    errors = [result for result in added.check_results if result.severity == "error"]
    headers = answer.headers if answer else {}
    return FetchRecord(
        location.page,
        location.url,
        fetched_at=now,
        outcome=added.outcome,
        since=before.since if before and before.outcome == added.outcome else now,
        message="; ".join(result.message for result in errors),
        changed_at=snapshot["read_at"],
        content_sha256=snapshot["content_sha256"],
        etag=headers.get("etag") if answer or not before else before.etag,
        last_modified=headers.get("last-modified") if answer or not before else before.last_modified,
        errors=[asdict(result) for result in errors],
    )
