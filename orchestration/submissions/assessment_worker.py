"""Assess files in a process of its own: a file that hangs or crashes the process is refused, and the run goes on.

Belongs here: the process's connection and scratch folder, and the receipt of a file whose assessment was lost.
Does not belong here: how a file is assessed (`assessment.py`), or the limits of a process (`core/worker_process.py`).
"""

import logging
import shutil
import tempfile
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import duckdb

from orchestration.core.errors import CorridorError
from orchestration.core.worker_process import START_WITHIN_S, LostTaskError, WorkerProcess
from orchestration.submissions.assessment import Case, assess
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.receipt import Receipt, Refusal

MEMORY_BYTES = 8 << 30

log = logging.getLogger(__name__)


class AssessmentWorker(WorkerProcess):
    """A process that assesses one file after the other. Use it in a `with`; it ends with the block."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.scratch = Path(self._folder.name) / "scratch"
        super().__init__(partial(_connection, self.scratch), memory_bytes=MEMORY_BYTES)

    def close(self) -> None:
        """End the process, and remove its temporary files."""
        super().close()
        self._folder.cleanup()

    def assess(self, case: Case) -> Receipt:
        """Return the receipt of a file, and write its rows. Raises CorridorError if the lake cannot be written."""
        try:
            return self.run(partial(_assess, self.scratch, case), case.limits.max_seconds)
        except LostTaskError as lost:
            if lost.cause == "exception":
                log.error("%s could not be assessed", case.draft.file_name)
            refused = replace(case, problem=_refusal(lost, case.limits.max_seconds))
        try:
            return self.run(partial(_assess, self.scratch, refused), START_WITHIN_S)
        except LostTaskError:
            message = f"The process that checks files did not start within {START_WITHIN_S:g} s. Run again."
            raise CorridorError(message) from None


def _refusal(lost: LostTaskError, seconds: float) -> Refusal:
    match lost.cause:
        case "time":
            message = f"Checking the file took longer than {seconds:g} s. Split it by period."
            return Refusal("file_is_within_limits", message)
        case "memory":
            return Refusal("file_is_within_limits", "Checking the file took too much memory. Split it by period.")
        case "exception":
            message = "The file could not be checked because of a fault in this program. Report it to the secretariat."
            return Refusal("file_can_be_judged", message)
        case "death":
            message = "The program that reads the file ended unexpectedly."
            return Refusal("file_can_be_read", f"{message} Export the file again, or send it as CSV UTF-8.")


@cache
def _connection(scratch: Path) -> duckdb.DuckDBPyConnection:
    """Open the connection of this process, and empty the scratch folder of the process before."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    return connect(scratch)


def _assess(scratch: Path, case: Case) -> Receipt:
    try:
        return assess(_connection(scratch), scratch, case)
    except duckdb.OutOfMemoryException as error:
        raise MemoryError from error
