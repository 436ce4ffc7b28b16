"""What a release was made from, as its manifest recorded it, and whether the lake still has it.

Belongs here: reading manifests, what is missing. Does not belong here: making anything from it (scratch).
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from orchestration.core.clock import RunClock
from orchestration.core.corridor_file import CorridorFile
from orchestration.core.errors import CorridorError
from orchestration.core.lake import Lake
from orchestration.core.settings import Settings
from orchestration.release.swap import MANIFEST, list_releases
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.receipt import ACCEPTED

CURRENT = "current"
NAMED_AT_MOST = 10


@dataclass(frozen=True, order=True)
class Submission:
    """A submission that a release knew of; of a refused one the dataset or the period may be unknown."""

    submission_id: str
    partner_id: str
    dataset: str | None
    period: str | None
    content_sha256: str
    verdict: str

    @property
    def is_accepted(self) -> bool:
        """Whether the submission was accepted, wholly or in part."""
        return self.verdict in ACCEPTED

    @property
    def slot(self) -> tuple[str, str | None, str | None]:
        """What it replaces when it is accepted: a partner's dataset and period; a register whole."""
        is_register = self.dataset is not None and CONTRACTS[self.dataset].register
        return self.partner_id, self.dataset, None if is_register else self.period

    @property
    def text(self) -> str:
        """The submission as a reader of a comparison sees it."""
        return f"{self.partner_id} {self.dataset} {self.period} ({self.submission_id})"


@dataclass(frozen=True, order=True)
class Vintage:
    """What a public page said when it was read, at vintage_at (UTC)."""

    source_id: str
    page: str
    vintage_at: datetime
    content_sha256: str

    @property
    def text(self) -> str:
        """The vintage as a reader of a comparison sees it."""
        return f"{self.source_id} {self.page} as read {self.vintage_at:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True)
class Inputs:
    """All that the SQL reads beside the seeds."""

    file: CorridorFile
    clock: RunClock
    submissions: frozenset[Submission]
    vintages: frozenset[Vintage]


@dataclass(frozen=True)
class Recorded:
    """A published release, the code that made it and what that was given."""

    release_id: str
    path: Path
    code_version: str
    inputs: Inputs

    @property
    def warehouse(self) -> Path:
        """The analysts' warehouse file of the release."""
        return self.path / "internal" / "warehouse.duckdb"

    @property
    def kpis(self) -> Path:
        """The public KPI file of the release."""
        return self.path / "public" / "kpis.duckdb"


def read_recorded(settings: Settings, release_id: str) -> Recorded:
    """A published release by its id, or as `current`.

    Raises CorridorError when there is none, or when its manifest does not say what this version needs.
    """
    whole = ("current", "published", "withdrawn")
    published = [release for release in list_releases(settings.releases) if release.state in whole]
    asked = [r for r in published if r.release_id == release_id or (release_id == CURRENT and r.state == CURRENT)]
    if not asked:
        known = ", ".join([CURRENT, *(release.release_id for release in published)] if published else ["none yet"])
        raise CorridorError(f"{release_id!r} is no published release of {settings.releases}: expected one of {known}.")
    [release] = asked
    path = release.path / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        inputs = _inputs(manifest)
    except OSError as error:
        raise CorridorError(f"{path} cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        raise CorridorError(
            f"{path}: its configuration is not one that this version can read ({error.error_count()} mistakes). "
            "Use the version of the code that made the release."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise CorridorError(
            f"{path} does not record what it takes to make the release again (it lacks {error}): expected a release "
            "made since manifests keep the configuration, partners and vintages. Compare later releases."
        ) from None
    return Recorded(release.release_id, release.path, str(manifest["code_version"]), inputs)


def _inputs(manifest: dict[str, Any]) -> Inputs:
    return Inputs(
        file=CorridorFile.model_validate(manifest["config"]),
        clock=RunClock(date.fromisoformat(manifest["as_of"]), _moment(manifest["run_at"])),
        submissions=frozenset(Submission(**row) for row in manifest["inputs"]["submissions"]),
        vintages=frozenset(
            Vintage(**{**row, "vintage_at": _moment(row["vintage_at"])}) for row in manifest["inputs"]["vintages"]
        ),
    )


def require_in_lake(lake: Lake, inputs: Inputs) -> None:
    """Raises CorridorError naming each recorded input that the lake lacks, and where it was expected."""
    wanted = [
        *(
            (f"submission {submission.text}", path)
            for submission in sorted(inputs.submissions)
            for path in _files_of(lake, submission)
        ),
        *(
            (f"page {v.text}", path)
            for v in sorted(inputs.vintages)
            for path in (lake.vintage_path(v.source_id, v.page, v.vintage_at), lake.raw_path(v.content_sha256))
        ),
    ]
    missing = [f"  {what}: expected {path}" for what, path in wanted if not path.is_file()]
    if missing:
        rest = [f"  and {len(missing) - NAMED_AT_MOST} more"] if len(missing) > NAMED_AT_MOST else []
        raise CorridorError(
            f"The lake lacks {len(missing)} recorded inputs; put them back from a copy of the lake:\n"
            + "\n".join(missing[:NAMED_AT_MOST] + rest)
        )


def _files_of(lake: Lake, submission: Submission) -> list[Path]:
    """Of a refused one only the receipt: its bytes were too many to keep, or nothing was read from them."""
    files = [lake.receipt_path(submission.submission_id)]
    if submission.is_accepted and submission.dataset:
        files.append(lake.raw_path(submission.content_sha256))
        files.append(lake.accepted_path(submission.dataset, submission.submission_id))
        if submission.verdict == "partly_accepted":
            files.append(lake.rejected_path(submission.dataset, submission.submission_id))
    return files


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
