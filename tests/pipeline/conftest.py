"""The committed input, run once for all pipeline tests; each test that changes a home works on a copy of its own."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT

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
        [sys.executable, "-c", "from orchestration.cli import main; main()", *arguments],
        env={**os.environ, "CORRIDOR_HOME": str(home), "COLUMNS": "200"},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr, time.perf_counter() - started)


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
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    home = committed_home(tmp_path_factory.mktemp("committed"))
    first = corridor(home, "run")
    assert first.code == 0, first.err
    return Published(home, first)
