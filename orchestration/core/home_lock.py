"""The lock of a home: one process at a time changes its lake, warehouse and releases.

Belongs here: taking the lock, waiting for it, naming the process that holds it.
Does not belong here: what a process does while it holds the lock.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.core.errors import CorridorError
from orchestration.core.settings import Settings
from orchestration.core.terminal import ReportProgress

WAIT_SECONDS = 600.0


@contextmanager
def hold_home_lock(
    settings: Settings, report_progress: ReportProgress, wait_seconds: float = WAIT_SECONDS
) -> Iterator[None]:
    """Hold the lock of the home for the length of a `with` block.

    Args:
        settings: The home.
        report_progress: Receives one line that names the holder if another process holds the lock.
        wait_seconds: How long to wait for the other process.

    Raises:
        CorridorError: The home cannot be written, or the lock was not free in time.
    """
    path = settings.lock_file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, is_singleton=True)
        _acquire(lock, path, report_progress, wait_seconds)
    except OSError as error:
        raise CorridorError(
            f"{path.parent} cannot be written: {error.strerror}. A run needs to write its lock and its warehouse there."
        ) from None
    try:
        path.write_text(json.dumps({"pid": os.getpid(), "since": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}))
        yield
    finally:
        lock.release()


def _acquire(lock: FileLock, path: Path, report_progress: ReportProgress, wait_seconds: float) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report_progress(f"Waiting: {_describe_holder(path)}.")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise CorridorError(
                f"Another run has not finished after {wait_seconds:g} s: {_describe_holder(path)}."
            ) from None


def _describe_holder(path: Path) -> str:
    """Describe the process that holds the lock: its id, and since when."""
    try:
        holder = json.loads(path.read_text())
        return f"{path} is held by process {holder['pid']} since {holder['since']}"
    except (OSError, ValueError, KeyError):
        return f"{path} is held by another process"
