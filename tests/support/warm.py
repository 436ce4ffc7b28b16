"""Run `corridor` commands in processes that inherit the slow imports, so that a test can run many of them.

Each process is forked from one that has only imported the graph, Great Expectations and dbt, so it has no state of an
earlier command. The gate's worker and the process of dbt are forked from the command. A test that calls dbt without a
command has that process forked in the same way.
"""

import multiprocessing
import os
import sys
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from orchestration.gate.gate_process import GateWorker
from orchestration.warehouse import dbt_process

DBT = ("dbt.cli.main", "dbt.adapters.duckdb")
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(
    ["orchestration.definitions", "orchestration.cli.job_execution", "orchestration.gate.expectations", *DBT]
)
os.environ["GX_ANALYTICS_ENABLED"] = "false"


def start(home: Path, *arguments: str, out: Path, err: Path) -> ForkServerProcess:
    """Start a command; its output goes to the two files, and its exit code is that of the process."""
    process = FORKED.Process(target=_command, args=(str(home), arguments, str(out), str(err)))
    process.start()
    return process


def _command(home: str, arguments: tuple[str, ...], out: str, err: str) -> None:
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.update(CORRIDOR_HOME=home, COLUMNS="200")
    sys.argv = [str(Path(sys.executable).with_name("corridor")), *arguments]
    # Without this, DuckDB treats the process as interactive and prints the progress of slow queries.
    sys.modules["__main__"].__file__ = sys.argv[0]
    GateWorker.processes = dbt_process.PROCESSES = multiprocessing.get_context("fork")
    from orchestration.cli.commands import main

    main()
