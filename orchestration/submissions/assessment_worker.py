"""Assess files in a process of its own: a file that hangs or crashes the process is refused, and the run goes on.

Belongs here: the process, its limits of time and memory, and the receipt of a file that broke one of them.
Does not belong here: how a file is assessed (`assessment.py`).
"""

import contextlib
import logging
import multiprocessing
import tempfile
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from orchestration.core.errors import CorridorError
from orchestration.submissions.assessment import Case, assess
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.receipt import Receipt, Refusal

# The limit of the address space, which is larger than the memory in use. Beyond it an allocation fails.
MEMORY_BYTES = 8 << 30
START_WITHIN_S = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Process:
    """A running process, our end of the pipe to it, and its scratch folder, which this process removes."""

    process: BaseProcess
    pipe: Connection
    scratch: "tempfile.TemporaryDirectory[str]"


class AssessmentWorker:
    """A process that assesses one file after the other. Use it in a `with`; it ends with the block."""

    def __init__(self) -> None:
        self._running = _start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _stop(self._running)

    @property
    def scratch(self) -> Path:
        """The folder for the temporary files of the process, which is removed with it."""
        return Path(self._running.scratch.name)

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        self._running.process.kill()

    def assess(self, case: Case) -> Receipt:
        """Return the receipt of a file, and write its rows. Raises CorridorError if the lake cannot be written."""
        answer = self._ask(case, case.limits.max_seconds)
        if isinstance(answer, Refusal):
            # The failure may have damaged the process, above all its connection to DuckDB.
            _stop(self._running)
            self._running = _start()
            answer = self._ask(replace(case, problem=answer), START_WITHIN_S)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _ask(self, case: Case, seconds: float) -> Receipt | BaseException:
        pipe = self._running.pipe
        with contextlib.suppress(BrokenPipeError):
            pipe.send(case)
        if not pipe.poll(seconds):
            message = f"Checking the file took longer than {seconds:g} s. Split it by period."
            return Refusal("file_is_within_limits", message)
        try:
            answer: Receipt | BaseException = pipe.recv()
        except EOFError:
            message = "The program that reads the file ended unexpectedly."
            return Refusal("file_can_be_read", f"{message} Export the file again, or send it as CSV UTF-8.")
        return answer


def _start() -> _Process:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    scratch = tempfile.TemporaryDirectory()
    process = context.Process(target=_serve, args=(theirs, Path(scratch.name)), daemon=True)
    process.start()
    theirs.close()
    running = _Process(process, ours, scratch)
    if not _is_ready(ours):
        _stop(running)
        raise CorridorError(f"The process that checks files did not start within {START_WITHIN_S:g} s. Run again.")
    return running


def _is_ready(pipe: Connection) -> bool:
    try:
        return pipe.poll(START_WITHIN_S) and pipe.recv() == "ready"
    except EOFError:
        return False


def _stop(running: _Process) -> None:
    running.pipe.close()
    running.process.kill()
    running.process.join()
    running.scratch.cleanup()


def _serve(pipe: Connection, scratch: Path) -> None:
    """Answer cases until the other side closes the pipe."""
    _limit_memory()
    with connect(scratch) as con:
        pipe.send("ready")
        with contextlib.suppress(EOFError):
            while True:
                pipe.send(_answer(con, scratch, pipe.recv()))


def _answer(con: duckdb.DuckDBPyConnection, scratch: Path, case: Case) -> Receipt | BaseException:
    try:
        return assess(con, scratch, case)
    except CorridorError as error:
        return error
    except (MemoryError, duckdb.OutOfMemoryException):
        return Refusal("file_is_within_limits", "Checking the file took too much memory. Split it by period.")
    except Exception:
        log.exception("%s could not be assessed", case.draft.file_name)
        message = "The file could not be checked because of a fault in this program. Report it to the secretariat."
        return Refusal("file_can_be_judged", message)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
