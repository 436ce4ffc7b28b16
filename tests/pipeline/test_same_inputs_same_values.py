"""The same inputs give the same published values, for any earlier build and any order of files."""

import shutil
from pathlib import Path

import duckdb

from tests.conftest import take_parsed_project
from tests.pipeline.conftest import COMMITTED, Published, warm_corridor

MADE = ("lake", "warehouse", "releases", "outbox")


def published_values(home: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "releases" / "current" / "public" / "kpis.duckdb"), read_only=True) as con:
        return con.sql("from kpi.kpi_values order by all").fetchall()


def test_order_of_files_changes_no_published_value(published: Published, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(published.home, home, ignore=shutil.ignore_patterns(*MADE))
    assert {path.name for path in home.iterdir()} == set(COMMITTED)
    take_parsed_project(home, published.home)
    late = sorted((home / "inbox").glob("*/*"))[::2]
    late = [path for path in late if "_corrected" not in path.name and "voyage_legs_2024-03" not in path.name]
    corrections = sorted((home / "inbox").glob("*/*_corrected*"))
    assert corrections
    waiting = {path: path.read_bytes() for path in [*late, *corrections]}
    for path in waiting:
        path.unlink()
    first = warm_corridor(home, "run")
    assert first.code in (0, 3), first.err
    for path, content in waiting.items():
        path.write_bytes(content)
    assert warm_corridor(home, "run").code == 0
    assert published_values(home) == published_values(published.home)
