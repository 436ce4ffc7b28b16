"""A process that carries out one task after another. A task that hangs, crashes or takes too much memory ends alone.

Belongs here: starting and ending the process, its limits of time and memory, and the ways to lose a task.
Does not belong here: any task (`submissions/assessment_worker.py`, `gate/worker.py`).
"""

import contextlib
import math
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.context import ForkContext, SpawnContext
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Literal, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from orchestration.core.errors import CorridorError

T = TypeVar("T")
Cause = Literal["time", "memory", "exception", "death"]

START_WITHIN_S = 60.0
RAISED, OUT_OF_MEMORY = 70, 71
CAUSES: dict[int, Cause] = {RAISED: "exception", OUT_OF_MEMORY: "memory"}


class LostTaskError(Exception):
    """A task has no result, because its process ended. The message says how the process ended.

    Attributes:
        cause: Whether the task exceeded its time or memory, raised an exception, or its process died.
    """

    def __init__(self, cause: Cause, message: str) -> None:
        super().__init__(message)
        self.cause = cause


class WorkerProcess:
    """A process for tasks that may hang or crash; use it in a `with`. After a lost task a fresh process goes on.

    The process starts at once, prepares itself, and ends with this process, even if this process is killed. Tasks are
    carried out one at a time, in the order of their submission.
    """

    processes: ClassVar[SpawnContext | ForkContext] = multiprocessing.get_context("spawn")

    def __init__(
        self, prepare: Callable[[], object], *, memory_bytes: int | None = None, error_log: Path | None = None
    ) -> None:
        """Start the process.

        Args:
            prepare: What a process does ahead of its first task.
            memory_bytes: The limit of the address space, which is larger than the memory in use.
            error_log: The file that receives what the process prints.
        """
        self._preparation = (prepare, memory_bytes, error_log)
        self._futures: list[Future[Any]] = []
        self._is_closed = False
        self._pool = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process at once, whatever it is doing. Tasks without a result are lost."""
        self._is_closed = True
        self._stop()

    def run(self, task: Callable[[], T], seconds: float) -> T:
        """Carry out a task and return its result; see `submit`."""
        return self.submit(task, seconds)()

    def submit(self, task: Callable[[], T], seconds: float) -> Callable[[], T]:
        """Queue a task and return a function that waits for its result.

        That function raises LostTaskError if the task is lost, and the CorridorError that the task raises. Any other
        exception may have damaged the process, so it ends the process.

        Args:
            task: A function that can be pickled.
            seconds: How long the task may take once it has begun.
        """
        future: Future[T]
        try:
            future = self._pool.schedule(partial(_carry_out, task, seconds), timeout=seconds)
        except RuntimeError as error:  # the process died between two tasks
            self._restart()
            future = Future()
            future.set_exception(BrokenProcessPool(error))
        self._futures = [*(each for each in self._futures if not each.done()), future]
        return partial(self._result, future, seconds)

    def _result(self, future: Future[T], seconds: float) -> T:
        try:
            return future.result(seconds + START_WITHIN_S)
        except TimeoutError:
            lost = LostTaskError("time", f"it gave no answer within {seconds:g} s.")
        except ProcessExpired as error:
            cause = CAUSES.get(error.exitcode, "death")
            lost = LostTaskError(cause, f"it ended with code {error.exitcode} within {seconds:g} s.")
        except (BrokenProcessPool, CancelledError):
            lost = LostTaskError("death", "it ended before it began the task.")
        # The process hung ahead of the task, or died between two tasks, which ends the pool.
        if not self._is_closed and not (future.done() and (future.cancelled() or self._pool.active)):
            self._restart()
        raise lost

    def _start(self) -> ProcessPool:
        pool = ProcessPool(1, initializer=_begin, initargs=self._preparation, context=self.processes)
        pool.schedule(int)  # a pool starts its process with the first task
        return pool

    def _stop(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        for future in self._futures:
            future.cancel()

    def _restart(self) -> None:
        self._stop()
        self._pool = self._start()


def _begin(prepare: Callable[[], object], memory_bytes: int | None, error_log: Path | None) -> None:
    # Pebble's handler would wait for the end of a call into a library.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if error_log:
        with error_log.open("a", encoding="utf-8") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
    if memory_bytes:
        with contextlib.suppress(ImportError, ValueError, OSError):
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    prepare()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)  # ends the main thread at once: without a parent there is no reader of its result


def _carry_out(task: Callable[[], T], seconds: float) -> T:
    # The alarm ends a process whose parent is gone while a library holds the interpreter's lock.
    with contextlib.suppress(AttributeError):
        signal.alarm(math.ceil(seconds) + 5)
    try:
        return task()
    except CorridorError:
        raise
    except BaseException as error:
        traceback.print_exc()
        os._exit(OUT_OF_MEMORY if isinstance(error, MemoryError) else RAISED)
    finally:
        with contextlib.suppress(AttributeError):
            signal.alarm(0)
