"""The committed input, run once for all pipeline tests; each test that changes a home works on a copy of its own."""

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
from filelock import FileLock

from orchestration.settings import PROJECT_ROOT
from tests import warm
from tests.pipeline.compared import AS_OF
from tests.pipeline.recompute.recomputed import Recomputed, recompute_all

COMMITTED = ("corridor.toml", "inbox", "public")


@dataclass(frozen=True)
class Ended:
    """A `corridor` command that has ended."""

    code: int
    out: str
    err: str
    seconds: float


def corridor(home: Path, *arguments: str) -> Ended:
    """A command as a user types it, in a process of its own."""
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
    """The same in a process that found the slow imports done."""
    out, err = home.parent / "out.txt", home.parent / "err.txt"
    started = time.perf_counter()
    process = warm.start(home, *arguments, out=out, err=err)
    process.join(280)
    process.kill()
    process.join()
    return Ended(process.exitcode or 0, out.read_text(), err.read_text(), time.perf_counter() - started)


@dataclass(frozen=True)
class Published:
    """A home whose first run has ended."""

    home: Path
    first: Ended

    def copy_to(self, folder: Path) -> Path:
        """The home with all it has made, to be changed at will; links stay links."""
        return Path(shutil.copytree(self.home, folder / "home", symlinks=True))


def committed_home(folder: Path) -> Path:
    """A home under folder with the committed input and nothing made of it."""
    home = folder / "home"
    home.mkdir()
    for name in COMMITTED:
        source = PROJECT_ROOT / "data" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, home / name)
    return home


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Published:
    """Made by whichever of the processes that run tests asks first; nobody writes into it afterwards."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    record = shared / "first_run.json"
    with FileLock(shared / "first_run.lock"):
        if not record.is_file():
            first = corridor(committed_home(shared), "run")
            assert first.code == 0, first.err
            record.write_text(json.dumps(asdict(first)))
    return Published(shared / "home", Ended(**json.loads(record.read_text())))


@pytest.fixture(scope="session")
def recomputed(published: Published) -> Recomputed:
    """The recomputation of the published home, also made once for all processes."""
    kept = published.home.parent / "recomputed.pickle"
    with FileLock(f"{kept}.lock"):
        if not kept.is_file():
            kept.write_bytes(pickle.dumps(recompute_all(published.home / "lake", AS_OF)))
    again: Recomputed = pickle.loads(kept.read_bytes())
    return again
