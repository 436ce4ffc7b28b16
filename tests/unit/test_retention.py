"""How long releases are kept, and how one is taken back: nothing goes unsaid, nothing published comes again."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.core.corridor_file import Retention
from orchestration.core.errors import CorridorError
from orchestration.release import swap
from orchestration.release.release_folder import ReleaseFolder
from orchestration.release.retention import contributions_of, retire, withdraw, withdrawals, withdrawn_with

KEPT = ["internal/contributions.duckdb", "manifest.json", "public/kpis.duckdb"]
TUESDAY = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def published(releases: Path, *release_ids: str) -> None:
    """Releases of a few files each, published one after the other, each naming those before it as releases do."""
    for number, release_id in enumerate(release_ids, start=1):
        candidate = releases / f"{swap.BUILDING}{release_id}"
        for name in ("public/scorecard.html", "public/kpi/kpi_values.parquet"):
            path = candidate / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(release_id)
        (candidate / "manifest.json").write_text(json.dumps({"inputs_digest": f"inputs of {release_id}"}))
        with duckdb.connect(candidate / "public" / "kpis.duckdb") as con:
            con.execute("create schema kpi")
            con.execute(
                "create table kpi.releases as select unnest(?::varchar[]) as release_id", [release_ids[:number]]
            )
        (candidate / "internal").mkdir()
        with duckdb.connect(candidate / "internal" / "warehouse.duckdb") as con:
            con.execute("create schema marts; create table marts.fct_kpi_contributions as select 3 as numerator")
            con.execute("create table marts.fct_kpi as select 1")
        swap.publish(releases, candidate)


def states(releases: Path) -> dict[str, str]:
    return {release.release_id: release.state for release in swap.list_releases(releases)}


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_newest_and_the_last_of_every_year_stay_whole_and_the_rest_keeps_its_figures(tmp_path: Path) -> None:
    published(tmp_path, "2024-11-30.1", "2024-12-31.1", "2025-06-30.1", "2025-12-31.1", "2026-01-31.1", "2026-02-28.1")
    assert retire(tmp_path, Retention(keep_last=2)) == ["2024-11-30.1", "2025-06-30.1"]
    assert states(tmp_path) == {
        "2024-11-30.1": "retired",
        "2024-12-31.1": "published",
        "2025-06-30.1": "retired",
        "2025-12-31.1": "published",
        "2026-01-31.1": "published",
        "2026-02-28.1": "current",
    }
    assert files(tmp_path / "retired" / "2024-11-30.1") == KEPT
    with duckdb.connect(contributions_of(ReleaseFolder(tmp_path / "retired" / "2024-11-30.1")), read_only=True) as con:
        assert con.sql("from marts.fct_kpi_contributions").fetchall() == [(3,)]
    assert len(files(tmp_path / "2024-12-31.1")) == 5


def test_without_the_yearly_rule_only_the_newest_stay_and_the_current_one_whatever_its_date(tmp_path: Path) -> None:
    published(tmp_path, "2025-12-31.1", "2026-01-31.1", "2026-02-28.1", "2025-06-30.1")
    assert retire(tmp_path, Retention(keep_last=2, keep_yearly=False)) == ["2025-12-31.1"]
    assert states(tmp_path)["2025-06-30.1"] == "current"


def test_the_id_of_a_retired_release_is_not_used_again(tmp_path: Path) -> None:
    published(tmp_path, "2026-02-28.1", "2026-03-31.1", "2026-04-30.1")
    assert retire(tmp_path, Retention(keep_last=2, keep_yearly=False)) == ["2026-02-28.1"]
    assert swap.next_release_id(tmp_path, date(2026, 2, 28)) == "2026-02-28.2"


def test_retiring_that_was_cut_off_is_finished_and_then_changes_nothing(tmp_path: Path) -> None:
    published(tmp_path, "2025-12-31.1", "2026-01-31.1", "2026-02-28.1")
    (tmp_path / "retired").mkdir()
    (tmp_path / "2025-12-31.1").rename(tmp_path / "retired" / "2025-12-31.1")
    for _ in range(2):
        assert retire(tmp_path, Retention(keep_last=2)) == []
        assert files(tmp_path / "retired" / "2025-12-31.1") == KEPT


def test_a_refused_candidate_beyond_the_newest_keeps_its_results(tmp_path: Path) -> None:
    for release_id in ("2026-01-31.1", "2026-02-28.1", "2026-02-28.2"):
        for name in ("checks/gate.json", "internal/warehouse.duckdb"):
            path = tmp_path / "refused" / release_id / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
    retire(tmp_path, Retention(keep_last=2))
    assert files(tmp_path / "refused") == [
        "2026-01-31.1/checks/gate.json",
        "2026-02-28.1/checks/gate.json",
        "2026-02-28.1/internal/warehouse.duckdb",
        "2026-02-28.2/checks/gate.json",
        "2026-02-28.2/internal/warehouse.duckdb",
    ]


def test_a_withdrawn_release_stays_and_current_points_at_the_one_before_that_was_not_withdrawn(tmp_path: Path) -> None:
    published(tmp_path, "2026-01-31.1", "2026-02-28.1", "2026-02-28.2")
    assert withdraw(tmp_path, "2026-02-28.1", "A page was misread", TUESDAY) == "2026-02-28.2"
    assert withdraw(tmp_path, "2026-02-28.2", "Made from it", TUESDAY) == "2026-01-31.1"
    assert states(tmp_path) == {
        "2026-01-31.1": "current",
        "2026-02-28.1": "withdrawn",
        "2026-02-28.2": "withdrawn",
    }
    assert len(files(tmp_path / "2026-02-28.2")) == 5
    assert [(w.release_id, w.reason, w.withdrawn_at) for w in withdrawals(tmp_path)] == [
        ("2026-02-28.1", "A page was misread", TUESDAY),
        ("2026-02-28.2", "Made from it", TUESDAY),
    ]


def test_the_only_release_can_be_withdrawn_and_then_nothing_is_current(tmp_path: Path) -> None:
    published(tmp_path, "2026-02-28.1")
    assert withdraw(tmp_path, "2026-02-28.1", "Wrong throughout", TUESDAY) is None
    assert not (tmp_path / "current").is_symlink()


def test_what_cannot_be_withdrawn_is_told_with_what_can(tmp_path: Path) -> None:
    published(tmp_path, "2026-01-31.1", "2026-02-28.1")
    with pytest.raises(CorridorError, match=r"expected one of 2026-01-31\.1, 2026-02-28\.1\."):
        withdraw(tmp_path, "2026-02-28.7", "x", TUESDAY)
    withdraw(tmp_path, "2026-01-31.1", "x", TUESDAY)
    with pytest.raises(CorridorError, match=r"expected one of 2026-02-28\.1\."):
        withdraw(tmp_path, "2026-01-31.1", "x", TUESDAY)


def test_a_withdrawal_cut_off_before_current_moved_is_finished_by_the_same_command(tmp_path: Path) -> None:
    published(tmp_path, "2026-01-31.1", "2026-02-28.1")
    withdraw(tmp_path, "2026-02-28.1", "x", TUESDAY)
    swap.make_current(tmp_path, "2026-02-28.1")
    assert withdraw(tmp_path, "2026-02-28.1", "x", TUESDAY) == "2026-01-31.1"


def test_inputs_that_gave_a_withdrawn_release_are_known_even_when_it_is_retired(tmp_path: Path) -> None:
    published(tmp_path, "2026-01-31.1", "2026-02-28.1", "2026-03-31.1", "2026-04-30.1")
    withdraw(tmp_path, "2026-02-28.1", "A page was misread", TUESDAY)
    retire(tmp_path, Retention(keep_last=2, keep_yearly=False))
    assert states(tmp_path)["2026-02-28.1"] == "retired"
    found = withdrawn_with(tmp_path, "inputs of 2026-02-28.1")
    assert found and found.reason == "A page was misread"
    assert withdrawn_with(tmp_path, "inputs of 2026-01-31.1") is None
