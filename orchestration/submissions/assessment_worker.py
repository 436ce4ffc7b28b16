"""The judge in a process of its own: a file that hangs, crashes or exhausts it is refused, and the run goes on.

Belongs here: that process, its bounds on time and memory, and the verdict on a file that broke one of them.
Does not belong here: how a file is judged (`judge.py`).
"""

import contextlib
import logging
import multiprocessing
import tempfile
from dataclasses import replace
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

# Address space, which is more than what is used; beyond it an allocation fails instead of the machine.
MEMORY_BYTES = 8 << 30
START_WITHIN_S = 60.0

log = logging.getLogger(__name__)


class Judging:
    """Judges one file after the other. Use it in a `with`; it ends with its block, and with this process."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    @property
    def scratch(self) -> Path:
        """Where the process works; removed with it."""
        assert self._scratch
        return Path(self._scratch.name)

    def kill(self) -> None:
        """End the process at once, whatever it is at."""
        assert self._process
        self._process.kill()

    def judge(self, case: Case) -> Receipt:
        """The receipt for a file, its rows kept. Raises CorridorError when the lake cannot be written."""
        answer = self._ask(case, case.limits.max_seconds)
        if isinstance(answer, Refusal):
            # Whatever went wrong may have spoiled the process, its connection to DuckDB above all.
            self._restart()
            answer = self._ask(replace(case, problem=answer), START_WITHIN_S)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _ask(self, case: Case, seconds: float) -> Receipt | BaseException:
        assert self._pipe
        with contextlib.suppress(BrokenPipeError):
            self._pipe.send(case)
        if not self._pipe.poll(seconds):
            message = f"Judging the file took longer than {seconds:g} s. Split it by period."
            return Refusal("file_is_within_limits", message)
        try:
            answer: Receipt | BaseException = self._pipe.recv()
        except EOFError:
            return Refusal("file_can_be_read", "Reading the file failed. Write it anew, or send it as CSV UTF-8.")
        return answer

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        # Made here, so that what a killed process leaves behind is removed.
        self._scratch = tempfile.TemporaryDirectory()
        self._process = context.Process(target=_serve, args=(theirs, Path(self._scratch.name)), daemon=True)
        self._process.start()
        theirs.close()
        if not self._pipe.poll(START_WITHIN_S) or self._pipe.recv() != "ready":
            self._stop()
            raise CorridorError(f"The process that judges files did not start within {START_WITHIN_S:g} s.")

    def _restart(self) -> None:
        self._stop()
        self._start()

    def _stop(self) -> None:
        assert self._process and self._pipe and self._scratch
        self._pipe.close()
        self._process.kill()
        self._process.join()
        self._scratch.cleanup()


def _serve(pipe: Connection, scratch: Path) -> None:
    """Answer cases until the other side goes away."""
    _bound_memory()
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
        return Refusal("file_is_within_limits", "Judging the file took more memory than it may. Split it by period.")
    except Exception:
        log.exception("%s could not be judged", case.draft.file_name)
        return Refusal(
            "file_can_be_judged",
            "The file could not be judged, by a fault of this program. Tell the secretariat.",
        )


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
