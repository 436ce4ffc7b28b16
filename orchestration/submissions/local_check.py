"""Check files on this machine before they are sent, without a home. The receipts are those that an inbox would give.

Belongs here: what a file alone says about a submission.
Does not belong here: inboxes, the lake, and who may file what (`intake.py`).
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from orchestration.core.corridor_file import Limits
from orchestration.core.errors import CorridorError
from orchestration.submissions.assessment import Case
from orchestration.submissions.assessment_worker import AssessmentWorker
from orchestration.submissions.file_name import parse_name
from orchestration.submissions.receipt import Receipt, Refusal


def check_files(paths: Iterable[Path]) -> list[Receipt]:
    """Return the receipts that files would get with the default limits. Raises CorridorError if one is unreadable.

    Who may file them is not checked, and partner_id is None.
    """
    with AssessmentWorker() as worker:
        return [worker.assess(case) for path in paths for case in cases_of(path, Limits())]


def cases_of(path: Path, limits: Limits) -> list[Case]:
    """Return what is to be assessed of a file anywhere. Raises CorridorError if it cannot be read at all."""
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
    """Return why a file of this size is refused, or None if it is not."""
    if size > most:
        message = f"The file is larger than the {most:,} bytes allowed. Split it by period, or compress it."
        return Refusal("file_is_within_limits", message)
    return None
