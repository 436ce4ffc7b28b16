"""`make bench`: how long the main job takes, and how much of it is the SQL itself.

Not a test: it prints, on whatever machine it runs; the figures of a release note come from here.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.core.settings import PROJECT_ROOT
from tests.benchmarks import door, pages, release
from tests.pipeline.compiled import compiled_project
from tests.pipeline.conftest import committed_home

RUNS = 3
IMPORTS = ("duckdb", "pandas", "dagster", "dbt.cli.main", "dagster_dbt", "great_expectations")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = committed_home(Path(folder))
        print(f"import {sys.executable}:")
        for module in IMPORTS:
            show(f"  {module}", median(python, f"import {module}"))
        show("first run, parsing the dbt project", corridor(home, "run"), runs=1)
        show("warm run, every file new", median(whole_input, home))
        full = median(corridor, home, "run", "--full-refresh")
        show("warm run, no file new", full)
        show("nothing new", median(corridor, home, "run"))
        bare = median(bare_sql, home)
        show("the same compiled SQL, bare DuckDB", bare)
        print(f"{'full run / bare SQL':40s} {full / bare:6.1f}")
        release.main(home)
    pages.main()
    door.main(RUNS)


def show(what: str, seconds: float, runs: int = RUNS) -> None:
    print(f"{what:40s} {seconds:6.2f} s{'' if runs == 1 else f'  (median of {runs})'}", flush=True)


def median(measure: Callable[..., float], *arguments: object) -> float:
    return statistics.median(measure(*arguments) for _ in range(RUNS))


def corridor(home: Path, *arguments: str) -> float:
    script = "from orchestration.cli.commands import main; main()"
    return python(script, *arguments, CORRIDOR_HOME=str(home))


def whole_input(home: Path) -> float:
    """A run over all files again: everything earlier runs made is gone but the parsed dbt project."""
    for made in ("lake", "releases", "outbox"):
        shutil.rmtree(home / made, ignore_errors=True)
    (home / "warehouse" / "corridor.duckdb").unlink()
    return corridor(home, "run")


def python(script: str, *arguments: str, **environment: str) -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**os.environ, **environment},
        cwd=PROJECT_ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def bare_sql(home: Path) -> float:
    """What dbt sent for every seed and model of the last run, in its order, by a plain script; no tests, no dbt."""
    compiled = compiled_project(home)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        # The file's name is the name of the database in what dbt compiled.
        with duckdb.connect(Path(folder) / "corridor.duckdb") as con:
            compiled.build(con, home / "lake")
        return time.perf_counter() - started


if __name__ == "__main__":
    main()
