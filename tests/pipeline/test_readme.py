"""What README tells a reader to type works as written, on a home of the committed input."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.core.settings import PROJECT_ROOT
from tests.pipeline.conftest import Published, corridor

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHELL = "".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
LINES = [line.split("#")[0].strip() for line in SHELL.splitlines()]
# What builds a candidate, needs a second release or changes a home: test_run and test_compare type it.
ELSEWHERE = {"run --dry-run", "run --reparse", "diff A B", "reproduce ID"}
COMMANDS = [line.removeprefix("corridor ") for line in LINES if line.startswith("corridor ")]
TARGETS = [line.removeprefix("make ") for line in LINES if line.startswith("make ")]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_prints_figures(published: Published, tmp_path: Path, snippet: str) -> None:
    (tmp_path / "data").symlink_to(published.home)
    ended = subprocess.run(
        [sys.executable, "-c", snippet], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert re.search(r"\d\.\d", ended.stdout)


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command not in ELSEWHERE and not command.startswith("approve ")]
)
def test_a_command_ends_well(published: Published, tmp_path: Path, command: str) -> None:
    filed = sorted((published.home / "inbox").glob("SMPL-GROVE/*.csv"))[0]
    words = [
        {"FILE": str(filed), "DIR": str(tmp_path / "new"), "PAGE": str(tmp_path / "page"), "KPI": "corridor_wtw_t"}.get(
            word, word
        )
        for word in command.split()
    ]
    ended = corridor(published.home, *words)
    assert ended.code == 0, ended.err
    assert ended.out.strip()


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_is_there(target: str) -> None:
    planned = subprocess.run(
        ["make", "--dry-run", target],
        cwd=PROJECT_ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert planned.returncode == 0, planned.stderr
