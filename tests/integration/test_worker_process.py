"""A worker process loses only the task that hangs, crashes or takes too much memory, and never outlives its parent."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from orchestration.core import worker_process
from orchestration.core.errors import CorridorError
from orchestration.core.worker_process import LostTaskError, WorkerProcess

MEMORY_BYTES = 4 << 30


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    with WorkerProcess(int, memory_bytes=MEMORY_BYTES) as worker:
        yield worker


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hang_in_a_library() -> None:
    """Compute for years without returning to the interpreter, which holds off signal handlers and other threads."""
    re.match("(a+)+$", "a" * 60 + "b")


def hang_once(marker: Path) -> None:
    if not marker.exists():
        marker.touch()
        time.sleep(60)


def allocate_too_much() -> int:
    return len(bytearray(2 * MEMORY_BYTES))


def fail() -> None:
    raise ValueError("no figure")


def refuse() -> None:
    raise CorridorError("The lake cannot be written.")


def report_and_kill() -> None:
    print("a library's warning", file=sys.stderr, flush=True)
    kill()


@pytest.mark.parametrize(
    ("task", "cause", "message"),
    [
        (kill, "death", "it ended with code -9 within 2 s."),
        (partial(time.sleep, 60), "time", "it gave no answer within 2 s."),
        (hang_in_a_library, "time", "it gave no answer within 2 s."),
        (fail, "exception", "it ended with code 70 within 2 s."),
        pytest.param(
            allocate_too_much,
            "memory",
            "it ended with code 71 within 2 s.",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="the limit of the address space"),
        ),
    ],
)
def test_lost_task_ends_alone_and_the_next_gets_a_fresh_process(
    task: Callable[[], object], cause: str, message: str, worker: WorkerProcess
) -> None:
    before = worker.submit(os.getpid, 5)
    lost = worker.submit(task, 2)
    after = worker.submit(os.getpid, 5)
    with pytest.raises(LostTaskError) as error:
        lost()
    assert (error.value.cause, str(error.value)) == (cause, message)
    assert after() != before()
    assert has_ended(before())


def test_process_that_died_between_two_tasks_loses_the_next_task_only(worker: WorkerProcess) -> None:
    os.kill(worker.run(os.getpid, 5), signal.SIGKILL)
    with pytest.raises(LostTaskError) as error:
        worker.run(os.getpid, 5)
    assert error.value.cause == "death"
    assert worker.run(partial(len, "abc"), 5) == 3


def test_process_that_cannot_prepare_itself_loses_every_task() -> None:
    with WorkerProcess(fail) as worker:
        for _ in range(2):
            with pytest.raises(LostTaskError) as error:
                worker.run(os.getpid, 5)
            assert error.value.cause == "death"


def test_error_that_a_user_can_repair_is_raised_and_the_process_stays(worker: WorkerProcess) -> None:
    before = worker.run(os.getpid, 5)
    with pytest.raises(CorridorError, match=r"^The lake cannot be written\.$"):
        worker.run(refuse, 5)
    assert worker.run(os.getpid, 5) == before


def test_process_ends_when_it_is_closed_in_the_middle_of_a_task() -> None:
    others = multiprocessing.active_children()
    with WorkerProcess(int) as worker:
        pid = worker.run(os.getpid, 5)
        result = worker.submit(hang_in_a_library, 60)
        time.sleep(0.5)
    with pytest.raises(LostTaskError):
        result()
    assert has_ended(pid)
    assert set(multiprocessing.active_children()) <= set(others)


def test_process_that_hangs_while_it_prepares_itself_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(worker_process, "START_WITHIN_S", 2.0)
    with WorkerProcess(partial(hang_once, tmp_path / "hung")) as worker:
        for _ in range(200):
            time.sleep(0 if (tmp_path / "hung").exists() else 0.1)
        with pytest.raises(LostTaskError, match=r"no answer within 0\.5 s"):
            worker.run(os.getpid, 0.5)
        assert worker.run(partial(len, "abc"), 20) == 3


def test_error_log_receives_what_the_process_prints(tmp_path: Path) -> None:
    with WorkerProcess(int, error_log=tmp_path / "log") as worker, pytest.raises(LostTaskError):
        worker.run(report_and_kill, 5)
    assert (tmp_path / "log").read_text(encoding="utf-8") == "a library's warning\n"


@pytest.mark.parametrize(
    ("prepare", "task"),
    [
        ("int", "int"),
        ("int", "partial(time.sleep, 60)"),
        ("partial(time.sleep, 60)", "int"),
        ("int", "hang_in_a_library"),
    ],
    ids=["idle", "in a task", "preparing itself", "in a library"],
)
def test_no_process_outlives_a_killed_parent(prepare: str, task: str) -> None:
    script = (
        "import time; from functools import partial; from orchestration.core.worker_process import WorkerProcess\n"
        "from tests.integration.test_worker_process import hang_in_a_library\n"
        f"worker = WorkerProcess({prepare}); worker.submit({task}, 2)\n"
        "time.sleep(1.5); print('started', flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert parent.stdout and parent.stdout.readline() == "started\n"
    assert len(running(parent.pid)) > 1
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 30
    while running(parent.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert running(parent.pid) == []


def has_ended(pid: int) -> bool:
    """Return whether a process ends within five seconds; a zombie counts as ended."""
    for _ in range(50):
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], stdout=subprocess.PIPE, text=True, check=False)
        if state.stdout.strip()[:1] in ("", "Z"):
            return True
        time.sleep(0.1)
    return False


def running(group: int) -> list[str]:
    """Return the processes of a group, without zombies."""
    lines = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in lines.splitlines()]
    return [" ".join(row) for row in rows if row[0] == str(group) and not row[1].startswith("Z")]
