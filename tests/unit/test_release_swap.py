"""A release becomes current in one step or not at all, and its id is never used again."""

from datetime import date
from pathlib import Path

import pytest

from orchestration.core.errors import CorridorError
from orchestration.release import swap

DAY = date(2026, 2, 28)


def candidate(releases: Path) -> Path:
    """Return the folder of a candidate that has one file and the next id."""
    path = releases / f"{swap.BUILDING}{swap.next_release_id(releases, DAY)}"
    (path / "public").mkdir(parents=True)
    (path / "public" / "page.html").write_text(path.name)
    return path


def test_first_release_of_a_day_is_number_one_and_becomes_current(tmp_path: Path) -> None:
    assert swap.current_id(tmp_path) is None
    published = swap.publish(tmp_path, candidate(tmp_path))
    assert published == tmp_path / "2026-02-28.1"
    assert (tmp_path / "current" / "public" / "page.html").read_text() == ".building-2026-02-28.1"


def test_next_release_becomes_current_and_previous_one_stays_published(tmp_path: Path) -> None:
    swap.publish(tmp_path, candidate(tmp_path))
    swap.publish(tmp_path, candidate(tmp_path))
    assert [(r.release_id, r.state) for r in swap.list_releases(tmp_path)] == [
        ("2026-02-28.1", "published"),
        ("2026-02-28.2", "current"),
    ]


def test_refused_candidate_uses_up_its_id_and_current_does_not_change(tmp_path: Path) -> None:
    swap.publish(tmp_path, candidate(tmp_path))
    refused = swap.refuse(tmp_path, candidate(tmp_path))
    assert refused == tmp_path / "refused" / "2026-02-28.2"
    assert swap.current_id(tmp_path) == "2026-02-28.1"
    assert swap.next_release_id(tmp_path, DAY) == "2026-02-28.3"


def test_release_numbers_are_ordered_as_numbers_and_counted_per_day(tmp_path: Path) -> None:
    for release_id in ("2026-02-28.9", "2026-02-28.10", "2026-02-27.40"):
        (tmp_path / release_id).mkdir()
    assert swap.next_release_id(tmp_path, DAY) == "2026-02-28.11"
    assert [r.release_id for r in swap.list_releases(tmp_path)] == ["2026-02-27.40", "2026-02-28.9", "2026-02-28.10"]


def test_release_with_an_id_in_use_is_not_overwritten(tmp_path: Path) -> None:
    unfinished = candidate(tmp_path)
    (tmp_path / "2026-02-28.1").mkdir()
    with pytest.raises(CorridorError, match=r"2026-02-28\.1 is used already"):
        swap.publish(tmp_path, unfinished)


def test_only_remains_of_interrupted_runs_are_removed(tmp_path: Path) -> None:
    swap.publish(tmp_path, candidate(tmp_path))
    candidate(tmp_path)
    (tmp_path / ".current-2026-02-28.2").symlink_to("2026-02-28.2")
    swap.clean_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-02-28.1", "current"]
