"""One run at a time in a home, whoever starts it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.core.errors import CorridorError
from orchestration.core.home_lock import hold_home_lock
from orchestration.core.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.defs.resources import launched_run
from orchestration.sample.home import write_home

HOLDER = """
import sys
from pathlib import Path
from orchestration.core.home_lock import hold_home_lock
from orchestration.core.settings import load_settings
with hold_home_lock(load_settings(Path(sys.argv[1])), print):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    starter = PROJECT_ROOT / "orchestration" / "cli" / "starter.toml"
    (tmp_path / "corridor.toml").write_text(starter.read_text(encoding="utf-8"), encoding="utf-8")
    return load_settings(tmp_path)


@pytest.fixture
def holder(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the home's lock until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(settings.home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process


def test_a_second_run_says_who_holds_the_lock_and_gives_up(settings: Settings, holder: subprocess.Popen[str]) -> None:
    said: list[str] = []
    with pytest.raises(CorridorError) as refusal, hold_home_lock(settings, said.append, wait_seconds=0.1):
        pass
    who = rf"run\.lock is held by process {holder.pid} since \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ\."
    assert re.search(who, str(refusal.value))
    assert re.search(rf"^Waiting: .*{who}$", said[0])


def test_a_second_run_goes_on_when_the_first_has_ended(settings: Settings, holder: subprocess.Popen[str]) -> None:
    def end_the_first(message: str) -> None:
        assert holder.stdin
        holder.stdin.close()

    with hold_home_lock(settings, end_the_first, wait_seconds=30):
        assert holder.wait(timeout=10) == 0


def test_a_command_says_that_a_run_dagster_launched_holds_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORRIDOR_HOME", str(tmp_path / "home"))
    write_home(tmp_path / "home", "tiny", 1)

    @dg.op(required_resource_keys={"run"})
    def type_a_command() -> str:
        command = [str(Path(sys.executable).with_name("corridor")), "run", "--wait", "0.1"]
        ended = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True)
        return f"{ended.returncode} {ended.stderr}"

    @dg.job(resource_defs={"run": launched_run})
    def launched() -> None:
        type_a_command()

    told = launched.execute_in_process().output_for_node("type_a_command")
    assert told.startswith("1 ")
    assert f"run.lock is held by process {os.getpid()} since" in told
    assert "corridor: Another run has not finished after 0.1 s" in told


def test_a_killed_run_leaves_no_lock_behind(settings: Settings, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    with hold_home_lock(settings, pytest.fail, wait_seconds=0):
        pass


def test_a_home_that_cannot_be_written_is_named(settings: Settings) -> None:
    settings.warehouse_dir.write_text("a file where the folder should be")
    with pytest.raises(CorridorError, match=r"warehouse cannot be written"), hold_home_lock(settings, print):
        pass
