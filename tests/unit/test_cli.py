"""What a person at a prompt gets: exit codes, one clear line, nothing heavy before it is needed."""

import csv
import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from orchestration.core.settings import load_settings
from orchestration.submissions.contracts.registry import CONTRACTS

HEAVY = ("dagster", "dbt", "duckdb", "great_expectations", "pandas", "pyarrow", "fsspec", "httpx")


def corridor(*arguments: str, home: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables, **({"CORRIDOR_HOME": str(home)} if home else {})}
    command = [str(Path(sys.executable).with_name("corridor")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


def test_help_imports_nothing_heavy() -> None:
    script = f"import sys, orchestration.cli.commands; print([name for name in {HEAVY} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_help_answers_within_half_a_second() -> None:
    fastest = 10.0
    for _ in range(3):
        started = time.perf_counter()
        assert corridor("--help").returncode == 0
        fastest = min(fastest, time.perf_counter() - started)
    assert fastest < 0.5


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["run", "--as-of", "yesterday"],
        ["run", "--fast"],
        ["check"],
        ["check", "absent.csv"],
        ["template", "tea"],
    ],
)
def test_wrong_usage_exits_2_and_says_what_was_wrong(arguments: list[str]) -> None:
    result = corridor(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: corridor")


def test_a_home_without_corridor_toml_is_one_clear_line(tmp_path: Path) -> None:
    result = corridor("run", home=tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith(f"corridor: {tmp_path}/corridor.toml does not exist")
    assert "Traceback" not in result.stderr


def test_init_writes_a_home_that_can_be_read_and_never_overwrites_one(tmp_path: Path) -> None:
    home = tmp_path / "new"
    assert corridor("init", str(home)).returncode == 0
    assert load_settings(home).corridor.id == "MY-CORRIDOR"
    (home / "corridor.toml").write_text("mine")
    again = corridor("init", str(home))
    assert (again.returncode, again.stderr) == (
        1,
        f"corridor: {home}/corridor.toml exists already and was not changed.\n",
    )
    assert (home / "corridor.toml").read_text() == "mine"


def test_a_template_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    result = corridor("template", "rob", "--format", "xlsx", "--out", str(tmp_path / "nowhere" / "rob.xlsx"))
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "cannot be written: No such file or directory." in result.stderr


def test_a_template_is_the_contract_as_csv() -> None:
    result = corridor("template", "rob")
    headings, example = csv.reader(result.stdout.splitlines())
    assert headings == [column.name for column in CONTRACTS["rob"].columns]
    assert example == [column.example for column in CONTRACTS["rob"].columns]


def test_a_missing_inbox_is_named_with_its_partner_and_place(tmp_path: Path) -> None:
    corridor("init", str(tmp_path))
    result = corridor("run", home=tmp_path, CORRIDOR_DISCLOSURE_P="15")
    assert result.returncode == 1
    assert (
        f"The inbox of partner carrier-1 cannot be read: {tmp_path}/inbox/carrier-1: it does not exist."
        in result.stderr
    )
    assert "Traceback" not in result.stderr


def test_without_the_disclosure_parameter_a_real_corridor_does_not_run(tmp_path: Path) -> None:
    corridor("init", str(tmp_path))
    for partner in ("carrier-1", "operator-1"):
        (tmp_path / "inbox" / partner).mkdir(parents=True)
    result = corridor("run", home=tmp_path)
    assert result.returncode == 1
    assert "CORRIDOR_DISCLOSURE_P is not set" in result.stderr


def test_status_of_a_new_home_says_that_nothing_is_published(tmp_path: Path) -> None:
    corridor("init", str(tmp_path))
    result = corridor("status", "--json", home=tmp_path)
    record = json.loads(result.stdout)
    assert date.fromisoformat(record.pop("as_of"))
    assert record == {
        "home": str(tmp_path),
        "corridor": "Origin - Destination",
        "sample": False,
        "current": None,
        "sources": [],
        "calendar": [],
    }
    assert corridor("releases", "--json", home=tmp_path).stdout == "[]\n"
