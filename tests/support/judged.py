"""The verdict on a file without a process around it: what hundreds of small files are tried with."""

import tempfile
from pathlib import Path

from orchestration.core.corridor_file import Limits
from orchestration.submissions.assessment import judge
from orchestration.submissions.checks import table_check as check
from orchestration.submissions.local_check import cases_of
from orchestration.submissions.receipt import Receipt


def judged(path: Path, **limits: float) -> Receipt:
    """The receipt of a file that is about one dataset."""
    (receipt,) = judged_whole(path, **limits)
    return receipt


def judged_whole(path: Path, **limits: float) -> list[Receipt]:
    """The receipts of a file, one for each dataset that it is about."""
    cases = cases_of(path, Limits.model_validate(limits))
    with tempfile.TemporaryDirectory() as scratch, check.connect(Path(scratch)) as con:
        return [judge(con, Path(scratch), case) for case in cases]
