"""The process in which dbt runs: its end closes the warehouse file, and nothing of dbt stays in ours.

Belongs here: starting the process, what it reports of each node, and its end.
Does not belong here: the command line of dbt and the results of a command (`dbt_command.py`).
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from orchestration.core.errors import CorridorError

PROCESSES: SpawnContext | ForkServerContext | ForkContext = multiprocessing.get_context("spawn")
# After its last message dbt only closes the warehouse file, and after an interrupt it only drops what it does.
END_WITHIN_S = 30.0
INTERRUPT_WITHIN_S = 1.5


@dataclass(frozen=True)
class NodeFinished:
    """What dbt reports when it has finished a node.

    Attributes:
        unique_id: The node, such as `model.corridor.fct_kpi`.
        status: dbt's status of the node, such as `success`, `pass` or `fail`.
        seconds: How long it took.
    """

    unique_id: str
    status: str
    seconds: float


@dataclass(frozen=True)
class _Ended:
    """The last message of the process: the exception that kept dbt from running, if any."""

    problem: str | None


def call_dbt(arguments: list[str], home: Path, on_node: Callable[[NodeFinished], None] = lambda node: None) -> None:
    """Run one dbt command in a process of its own, and return when that process has ended.

    Failed nodes are no error here: they are in dbt's run_results.json.

    Args:
        arguments: The command line of dbt, with absolute paths.
        home: The home. It is the working directory of dbt, so that profiles.yml has no absolute path: dbt would parse
            the whole project again in a home that was moved.
        on_node: Receives each finished node.

    Raises:
        CorridorError: dbt could not run, or its process died.
    """
    ours, theirs = PROCESSES.Pipe(duplex=False)
    environment = {**os.environ, "CORRIDOR_HOME": "."}
    process = PROCESSES.Process(target=_serve, args=(theirs, arguments, home, environment), name="dbt")
    process.start()
    theirs.close()
    try:
        while not isinstance(message := ours.recv(), _Ended):
            on_node(message)
        process.join(END_WITHIN_S)
    except EOFError:
        process.join()
        raise CorridorError(
            f"The process of dbt {arguments[0]} ended with exit code {process.exitcode} before dbt had finished. "
            "Run again; if it happens again, the machine may have too little memory."
        ) from None
    finally:
        _end(process)
        ours.close()
    if message.problem:
        raise CorridorError(f"dbt {arguments[0]} could not run: {message.problem}")


def _end(process: BaseProcess) -> None:
    """Interrupt the process if it still runs, so that it can clean up, and kill it if that takes too long."""
    if process.is_alive() and process.pid:
        os.kill(process.pid, signal.SIGINT)
        process.join(INTERRUPT_WITHIN_S)
    process.kill()
    process.join()


def _serve(pipe: Connection, arguments: list[str], home: Path, environment: Mapping[str, str]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(home)
    # Imported here because only this process needs dbt, which is slow to import.
    from dbt.cli.main import dbtRunner

    one_at_a_time = threading.Lock()  # dbt reports from each of its threads

    def report(event: Any) -> None:
        if event.info.name == "NodeFinished":
            node, result = event.data.node_info, event.data.run_result
            with one_at_a_time:
                pipe.send(NodeFinished(node.unique_id, node.node_status, result.execution_time))

    result = dbtRunner(callbacks=[report]).invoke(arguments)
    with suppress(BrokenPipeError):  # the parent has died
        pipe.send(_Ended(str(result.exception) if result.exception else None))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(INTERRUPT_WITHIN_S)
        os._exit(1)
