"""The same inputs give the same published values, whatever was built before and in whatever order they came."""

import shutil
from pathlib import Path

import duckdb

from tests.pipeline.conftest import COMMITTED, Published, corridor

MADE = ("lake", "warehouse", "releases", "outbox")


def published_values(home: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "releases" / "current" / "public" / "kpis.duckdb"), read_only=True) as con:
        return con.sql("from kpi.kpi_values order by all").fetchall()


def empty_home_like(source: Path, home: Path) -> Path:
    shutil.copytree(source, home, ignore=lambda folder, names: [n for n in names if n in MADE])
    assert {path.name for path in home.iterdir()} == set(COMMITTED)
    return home


def test_a_home_without_anything_made_gives_the_same_values_again(published: Published, tmp_path: Path) -> None:
    home = empty_home_like(published.home, tmp_path / "home")
    assert corridor(home, "run").code == 0
    assert published_values(home) == published_values(published.home)


def test_files_in_another_order_give_the_same_values(published: Published, tmp_path: Path) -> None:
    home = empty_home_like(published.home, tmp_path / "home")
    late = sorted((home / "inbox").glob("*/*"))[::2]
    late = [path for path in late if "_corrected" not in path.name and "voyage_legs_2024-03" not in path.name]
    corrections = sorted((home / "inbox").glob("*/*_corrected*"))
    assert corrections
    waiting = {path: path.read_bytes() for path in [*late, *corrections]}
    for path in waiting:
        path.unlink()
    first = corridor(home, "run")
    assert first.code in (0, 3), first.err
    for path, content in waiting.items():
        path.write_bytes(content)
    assert corridor(home, "run").code == 0
    assert published_values(home) == published_values(published.home)
