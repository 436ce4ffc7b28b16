"""The inputs of a release as recorded in its manifest, and the check that the lake still has them.

Belongs here: reading a manifest, and reporting the inputs that the lake lacks.
Does not belong here: computing anything from the inputs (`scratch.py`).
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
from orchestration.release.release_folder import ReleaseFolder
from orchestration.release.swap import list_releases
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.receipt import ACCEPTED

CURRENT = "current"
SHOWN_INPUTS = 10


@dataclass(frozen=True, order=True)
class Submission:
    """A submission that a release used. A refused one may have no dataset or period."""

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
    def replaces(self) -> tuple[str, str | None, str | None]:
        """Partner, dataset and period that the submission replaces; a register has no period."""
        is_register = self.dataset is not None and CONTRACTS[self.dataset].register
        return self.partner_id, self.dataset, None if is_register else self.period

    @property
    def text(self) -> str:
        """The submission as printed in a comparison."""
        return f"{self.partner_id} {self.dataset} {self.period} ({self.submission_id})"


@dataclass(frozen=True, order=True)
class Vintage:
    """The observations read from a public page at one moment, `vintage_at` (UTC)."""

    source_id: str
    page: str
    vintage_at: datetime
    content_sha256: str

    @property
    def text(self) -> str:
        """The vintage as printed in a comparison."""
        return f"{self.source_id} {self.page} as read {self.vintage_at:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True)
class Inputs:
    """All inputs of the SQL models except the seeds."""

    file: CorridorFile
    clock: RunClock
    submissions: frozenset[Submission]
    vintages: frozenset[Vintage]


@dataclass(frozen=True)
class Recorded(ReleaseFolder):
    """A published release with its code version and its inputs."""

    release_id: str
    code_version: str
    inputs: Inputs


def read_recorded(settings: Settings, release_id: str) -> Recorded:
    """Read the manifest of a published release, given by its id or as `current`.

    Raises:
        CorridorError: There is no such release, or its manifest lacks what a comparison needs.
    """
    complete = ("current", "published", "withdrawn")
    published = [release for release in list_releases(settings.releases) if release.state in complete]
    matching = [r for r in published if r.release_id == release_id or (release_id == CURRENT and r.state == CURRENT)]
    if not matching:
        if not published:
            raise CorridorError(f"{settings.releases} has no release yet. Make one with: corridor run")
        choices = ", ".join([CURRENT, *(release.release_id for release in published)])
        raise CorridorError(f"Unknown release {release_id!r} in {settings.releases}. Choose one of {choices}.")
    [release] = matching
    path = release.manifest
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        inputs = _inputs(manifest)
    except OSError as error:
        raise CorridorError(f"{path} cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        raise CorridorError(
            f"This version of Corridor cannot read the configuration in {path} ({error.error_count()} errors). "
            "Use the version of the code that made the release."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise CorridorError(
            f"{path} does not record all inputs of the release (it lacks {error}). Choose a later release: "
            "its manifest records the configuration, the submissions and the vintages."
        ) from None
    return Recorded(release.path, release.release_id, str(manifest["code_version"]), inputs)


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
    """Raise CorridorError with each recorded input that the lake lacks, and its expected place."""
    required = [
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
    missing = [f"  {what}: expected {path}" for what, path in required if not path.is_file()]
    if missing:
        rest = [f"  and {len(missing) - SHOWN_INPUTS} more"] if len(missing) > SHOWN_INPUTS else []
        raise CorridorError(
            f"The lake lacks {len(missing)} recorded inputs. Restore them from a backup of the lake:\n"
            + "\n".join(missing[:SHOWN_INPUTS] + rest)
        )


def _files_of(lake: Lake, submission: Submission) -> list[Path]:
    """Return the files of a submission in the lake. A refused one has only its receipt."""
    files = [lake.receipt_path(submission.submission_id)]
    if submission.is_accepted and submission.dataset:
        files.append(lake.raw_path(submission.content_sha256))
        files.append(lake.accepted_path(submission.dataset, submission.submission_id))
        if submission.verdict == "partly_accepted":
            files.append(lake.rejected_path(submission.dataset, submission.submission_id))
    return files


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
