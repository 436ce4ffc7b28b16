"""Runs killed at random moments, on a full disk, and without permission: nothing is lost, nothing half is published."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.core.settings import PROJECT_ROOT
from tests.chaos.chaos import Chaos, Third, keeping_three, survive
from tests.pipeline.conftest import Published

# Most kills fall where files are taken in, which costs the least time; `make chaos` spreads 200 evenly.
KILLS = 20
MOMENTS: tuple[Third, ...] = (*("taking in",) * 8, "anywhere", "publishing")
UNSHARE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]


@pytest.fixture(scope="module")
def chaos(tmp_path_factory: pytest.TempPathFactory, tiny: Published) -> Chaos:
    folder = tmp_path_factory.mktemp("chaos")
    return Chaos(keeping_three(tiny.copy_to(folder)), random.Random(1), folder / "log")


@pytest.mark.timeout(600)
def test_twenty_killed_runs_leave_whole_releases_and_the_next_run_finishes(chaos: Chaos) -> None:
    assert survive(chaos, KILLS, KILLS, MOMENTS) == []


@pytest.mark.skipif(not shutil.which("unshare"), reason="a file system of its own needs unshare (Linux)")
def test_a_full_disk_and_a_lost_permission_are_told_and_stop_nothing_for_good(chaos: Chaos, tmp_path: Path) -> None:
    command = [
        *UNSHARE,
        sys.executable,
        "-m",
        "tests.chaos.starved",
        str(chaos.settings.home),
        str(tmp_path / "log"),
        "8",
    ]
    told = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=280)
    assert told.returncode == 0, told.stderr
    full, locked, last = json.loads(told.stdout)
    for ended, fault in ((full, "No space left on device"), (locked, "Read-only file system")):
        assert (ended["code"], ended["moved"], ended["problems"]) == (1, False, [])
        assert f"cannot be written: {fault}" in ended["said"]
        assert "Traceback" not in ended["said"]
    assert (last["code"], last["moved"], last["problems"], last["not_received"]) == (0, True, [], [])
