"""Readers open `current` by its path while releases are made: none fails, none sees two releases, none blocks."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb

from orchestration.core.corridor_file import Retention
from orchestration.release import swap
from orchestration.release.candidate import STORAGE_VERSION
from orchestration.release.retention import retire

READERS, RELEASES = 16, 50

# Opens both files through `current` until its input ends; says how often it read, and which releases it saw.
READER = """
import json, select, sys
from pathlib import Path
import duckdb
current, reads, seen = Path(sys.argv[1]), 0, set()
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0.5)[0]:
    release = current.resolve()
    for file in (current / "public/kpis.duckdb", release / "public/kpis.duckdb", release / "internal/warehouse.duckdb"):
        with duckdb.connect(file, read_only=True) as con:
            seen_in = "select min(release), max(release), count(*) from kpi_values"
            [(least, most, rows)] = con.execute(seen_in).fetchall()
        assert least == most and rows == 20_000, (str(file), least, most, rows)
        assert file.parent.parent != release or least == int(release.name.split(".")[1])
        seen.add(least)
        reads += 1
print(json.dumps({"reads": reads, "seen": len(seen)}), flush=True)
"""


def make_release(releases: Path, number: int) -> None:
    """A release whose two files hold its number in every row."""
    candidate = releases / f"{swap.BUILDING}2026-02-28.{number}"
    for name in ("public/kpis.duckdb", "internal/warehouse.duckdb"):
        file = candidate / name
        file.parent.mkdir(parents=True)
        with duckdb.connect() as con:
            con.execute(f"attach '{file}' as made (storage_version '{STORAGE_VERSION}')")
            con.execute(f"create table made.kpi_values as select {number} as release, i from range(20_000) t(i)")
            con.execute("create schema made.marts; create table made.marts.fct_kpi_contributions (numerator double)")
    swap.publish(releases, candidate)
    retire(releases, Retention(keep_yearly=False))


def test_sixteen_readers_see_whole_releases_while_fifty_are_made(tmp_path: Path) -> None:
    make_release(tmp_path, 1)
    command = [sys.executable, "-c", READER, str(tmp_path / "current")]
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(READERS)
    ]
    try:
        for reader in readers:
            assert reader.stdout
            assert reader.stdout.readline() == "ready\n", reader.communicate()[1]
        for number in range(2, RELEASES + 1):
            make_release(tmp_path, number)
        ended = [reader.communicate("stop", timeout=60) for reader in readers]
    finally:
        for reader in readers:
            reader.kill()
    assert [err for _, err in ended] == [""] * READERS
    answers = [json.loads(out) for out, _ in ended]
    assert min(answer["reads"] for answer in answers) >= 3
    assert max(answer["seen"] for answer in answers) > 1
    assert swap.current_id(tmp_path) == f"2026-02-28.{RELEASES}"
