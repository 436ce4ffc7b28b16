"""The committed input and the tiny sample, each run once for all tests. A test that changes a home copies it."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from orchestration.core.settings import PROJECT_ROOT
from orchestration.sample.home import write_home
from orchestration.warehouse import dbt_process
from tests.conftest import MadeOnce
from tests.pipeline.compared import AS_OF
from tests.pipeline.compiled import compiled_project
from tests.pipeline.recompute.recomputed import Recomputed, recompute_all
from tests.pipeline.small import Small, cells
from tests.support import warm

dbt_process.PROCESSES = warm.FORKED
COMMITTED = ("corridor.toml", "inbox", "public")
# One operator runs all terminals at Shanghai.
WAIVER = """
[[waivers]]
holding = "SMPL-SALTMARSH"
kpi_id = "terminal_kgco2e_per_teu"
granted_by = "SAMPLE director"
reason = "SAMPLE letter"
until = 2026-02-28
"""


@dataclass(frozen=True)
class Ended:
    """A `corridor` command that has ended."""

    code: int
    out: str
    err: str
    seconds: float


def corridor(home: Path, *arguments: str) -> Ended:
    """Run a command as a user types it, in a process of its own."""
    started = time.perf_counter()
    ended = subprocess.run(
        [str(Path(sys.executable).with_name("corridor")), *arguments],
        env={**os.environ, "CORRIDOR_HOME": str(home), "COLUMNS": "200"},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr, time.perf_counter() - started)


def warm_corridor(home: Path, *arguments: str) -> Ended:
    """Run a command in a process that has done the slow imports already."""
    out, err = home.parent / "out.txt", home.parent / "err.txt"
    started = time.perf_counter()
    process = warm.start(home, *arguments, out=out, err=err)
    process.join(280)
    process.kill()
    process.join()
    return Ended(process.exitcode or 0, out.read_text(), err.read_text(), time.perf_counter() - started)


@dataclass(frozen=True)
class Published:
    """A home after its first run."""

    home: Path
    first: Ended

    def copy_to(self, folder: Path) -> Path:
        """Return a copy of the home with everything in it; links stay links."""
        return Path(shutil.copytree(self.home, folder / "home", symlinks=True))


def committed_home(folder: Path) -> Path:
    """Return a home under a folder with the committed input, before its first run."""
    home = folder / "home"
    home.mkdir()
    for name in COMMITTED:
        source = PROJECT_ROOT / "data" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, home / name)
    return home


@pytest.fixture(scope="session")
def published(made_once: MadeOnce) -> Published:
    """The committed input, published by the command line."""

    def fill(folder: Path) -> None:
        record(folder, corridor(committed_home(folder), "run"))

    return recorded(made_once("published", fill))


@pytest.fixture(scope="session")
def tiny(made_once: MadeOnce) -> Published:
    """The tiny sample, with a waiver, published."""

    def fill(folder: Path) -> None:
        write_home(folder / "home", "tiny", 1)
        with (folder / "home" / "corridor.toml").open("a", encoding="utf-8") as config:
            config.write(WAIVER)
        record(folder, warm_corridor(folder / "home", "run"))

    return recorded(made_once("tiny", fill))


@pytest.fixture(scope="module")
def small(tiny: Published) -> Small:
    """The lake of the tiny sample, and the results of the models over changed copies of it."""
    compiled = compiled_project(tiny.home, only="fct_kpi")
    return Small(tiny.home, compiled, cells(compiled, tiny.home / "lake"))


def record(folder: Path, first: Ended) -> None:
    assert first.code == 0, first.err
    (folder / "first_run.json").write_text(json.dumps(asdict(first)))


def recorded(folder: Path) -> Published:
    return Published(folder / "home", Ended(**json.loads((folder / "first_run.json").read_text())))


@pytest.fixture(scope="session")
def recomputed(made_once: MadeOnce, published: Published) -> Recomputed:
    """The recomputation of the published home."""

    def fill(folder: Path) -> None:
        (folder / "all.pickle").write_bytes(pickle.dumps(recompute_all(published.home / "lake", AS_OF)))

    again: Recomputed = pickle.loads((made_once("recomputed", fill) / "all.pickle").read_bytes())
    return again
