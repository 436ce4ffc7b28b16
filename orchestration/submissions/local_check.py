"""Files judged where they lie, before they are sent: the verdicts an inbox would give, with no home configured.

Belongs here: what a file alone tells of a submission. Does not belong here: inboxes, the lake, who may file (intake).
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from orchestration.core.corridor_file import Limits
from orchestration.core.errors import CorridorError
from orchestration.submissions.assessment import Case
from orchestration.submissions.assessment_worker import Judging
from orchestration.submissions.file_name import parse_name
from orchestration.submissions.receipt import Receipt, Refusal


def check_files(paths: Iterable[Path]) -> list[Receipt]:
    """The verdicts files would get within the limits that hold unless corridor.toml sets others; needs no home.

    Who may file them is not checked: partner_id is None. Raises CorridorError when a file cannot be read at all.
    """
    with Judging() as judging:
        return [judging.judge(case) for path in paths for case in cases_of(path, Limits())]


def cases_of(path: Path, limits: Limits) -> list[Case]:
    """What is judged of a file that lies anywhere. Raises CorridorError when it cannot be read at all."""
    try:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        listed = path.stat()
    except OSError as error:
        raise CorridorError(f"{path} cannot be read: {error.strerror}.") from None
    names = parse_name(path.name)
    drafts = [
        Receipt(
            submission_id="",
            partner_id=None,
            dataset=name.dataset,
            period=name.period.text if name.period else None,
            file_name=path.name,
            path=str(path),
            size=listed.st_size,
            modified=datetime.fromtimestamp(listed.st_mtime, UTC).isoformat(),
            content_sha256=sha256,
            received_at="",
            ordinal=0,
        )
        for name in names
    ]
    problem = size_problem(listed.st_size, limits.max_bytes)
    return [Case(path, name, draft, limits, problem) for name, draft in zip(names, drafts, strict=True)]


def size_problem(size: int, most: int) -> Refusal | None:
    """Why a file of that size is refused, or None."""
    if size > most:
        return Refusal("file_is_within_limits", f"The file has more than {most:,} bytes. Split it, or compress it.")
    return None
