"""The receipt of a file, assessed in the process of the test: fast enough for hundreds of small files.

Belongs here: assessing without a worker process. Does not belong here: any expectation.
"""

import tempfile
from pathlib import Path

from orchestration.core.corridor_file import Limits
from orchestration.submissions.assessment import assess
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.local_check import cases_of
from orchestration.submissions.receipt import Receipt


def assessed(path: Path, **limits: float) -> Receipt:
    """Return the receipt of a file that has one dataset."""
    (receipt,) = all_assessed(path, **limits)
    return receipt


def all_assessed(path: Path, **limits: float) -> list[Receipt]:
    """Return the receipts of a file, one per dataset."""
    cases = cases_of(path, Limits.model_validate(limits))
    with tempfile.TemporaryDirectory() as scratch, connect(Path(scratch)) as con:
        return [assess(con, Path(scratch), case) for case in cases]
