"""`corridor` commands in processes of their own that found the slow imports done, so that many of them can be run.

A process is forked from one that has imported the graph and Great Expectations and done nothing else: it has no state
of an earlier command. The gate's worker is forked in turn from the command, before that has done much.
"""

import multiprocessing
import os
import sys
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from orchestration.gate import gate

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(
    ["orchestration.definitions", "orchestration.cli.job_execution", "orchestration.gate.expectations"]
)
os.environ["GX_ANALYTICS_ENABLED"] = "false"


def start(home: Path, *arguments: str, out: Path, err: Path) -> ForkServerProcess:
    """The command begun; what it prints goes to the two files. Its exit code is the process's."""
    process = FORKED.Process(target=_command, args=(str(home), arguments, str(out), str(err)))
    process.start()
    return process


def _command(home: str, arguments: tuple[str, ...], out: str, err: str) -> None:
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.update(CORRIDOR_HOME=home, COLUMNS="200")
    sys.argv = [str(Path(sys.executable).with_name("corridor")), *arguments]
    # Without a file DuckDB takes the process for an interactive one and prints the progress of slow queries.
    sys.modules["__main__"].__file__ = sys.argv[0]
    gate.PROCESSES = multiprocessing.get_context("fork")
    from orchestration.cli.commands import main

    main()
