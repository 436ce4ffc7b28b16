"""Retired and withdrawn releases stay on record, and no id is used again."""

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

FILES_OF_RETIRED = ["internal/contributions.duckdb", "manifest.json", "public/kpis.duckdb"]
TUESDAY = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def publish(releases: Path, *release_ids: str) -> None:
    """Publish small releases one after the other; each lists itself and those before it."""
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


def test_newest_releases_and_last_of_each_year_stay_complete_and_others_are_retired(tmp_path: Path) -> None:
    publish(tmp_path, "2024-11-30.1", "2024-12-31.1", "2025-06-30.1", "2025-12-31.1", "2026-01-31.1", "2026-02-28.1")
    assert retire(tmp_path, Retention(keep_last=2)) == ["2024-11-30.1", "2025-06-30.1"]
    assert states(tmp_path) == {
        "2024-11-30.1": "retired",
        "2024-12-31.1": "published",
        "2025-06-30.1": "retired",
        "2025-12-31.1": "published",
        "2026-01-31.1": "published",
        "2026-02-28.1": "current",
    }
    assert files(tmp_path / "retired" / "2024-11-30.1") == FILES_OF_RETIRED
    with duckdb.connect(contributions_of(ReleaseFolder(tmp_path / "retired" / "2024-11-30.1")), read_only=True) as con:
        assert con.sql("from marts.fct_kpi_contributions").fetchall() == [(3,)]
    assert len(files(tmp_path / "2024-12-31.1")) == 5


def test_without_keep_yearly_only_the_newest_and_the_current_release_stay_complete(tmp_path: Path) -> None:
    publish(tmp_path, "2025-12-31.1", "2026-01-31.1", "2026-02-28.1", "2025-06-30.1")
    assert retire(tmp_path, Retention(keep_last=2, keep_yearly=False)) == ["2025-12-31.1"]
    assert states(tmp_path)["2025-06-30.1"] == "current"


def test_id_of_a_retired_release_is_not_used_again(tmp_path: Path) -> None:
    publish(tmp_path, "2026-02-28.1", "2026-03-31.1", "2026-04-30.1")
    assert retire(tmp_path, Retention(keep_last=2, keep_yearly=False)) == ["2026-02-28.1"]
    assert swap.next_release_id(tmp_path, date(2026, 2, 28)) == "2026-02-28.2"


def test_interrupted_retirement_is_completed_and_then_nothing_changes(tmp_path: Path) -> None:
    publish(tmp_path, "2025-12-31.1", "2026-01-31.1", "2026-02-28.1")
    (tmp_path / "retired").mkdir()
    (tmp_path / "2025-12-31.1").rename(tmp_path / "retired" / "2025-12-31.1")
    for _ in range(2):
        assert retire(tmp_path, Retention(keep_last=2)) == []
        assert files(tmp_path / "retired" / "2025-12-31.1") == FILES_OF_RETIRED


def test_old_refused_candidate_is_reduced_to_its_check_results(tmp_path: Path) -> None:
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


def test_after_a_withdrawal_the_newest_release_not_withdrawn_is_current(tmp_path: Path) -> None:
    publish(tmp_path, "2026-01-31.1", "2026-02-28.1", "2026-02-28.2")
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


def test_after_withdrawal_of_the_only_release_none_is_current(tmp_path: Path) -> None:
    publish(tmp_path, "2026-02-28.1")
    assert withdraw(tmp_path, "2026-02-28.1", "Wrong throughout", TUESDAY) is None
    assert not (tmp_path / "current").is_symlink()


def test_error_for_release_that_cannot_be_withdrawn_lists_those_that_can(tmp_path: Path) -> None:
    publish(tmp_path, "2026-01-31.1", "2026-02-28.1")
    with pytest.raises(CorridorError, match=r"Choose one of 2026-01-31\.1, 2026-02-28\.1\."):
        withdraw(tmp_path, "2026-02-28.7", "x", TUESDAY)
    withdraw(tmp_path, "2026-01-31.1", "x", TUESDAY)
    with pytest.raises(CorridorError, match=r"Choose one of 2026-02-28\.1\."):
        withdraw(tmp_path, "2026-01-31.1", "x", TUESDAY)


def test_withdrawal_interrupted_before_current_changed_is_completed_when_repeated(tmp_path: Path) -> None:
    publish(tmp_path, "2026-01-31.1", "2026-02-28.1")
    withdraw(tmp_path, "2026-02-28.1", "x", TUESDAY)
    swap.make_current(tmp_path, "2026-02-28.1")
    assert withdraw(tmp_path, "2026-02-28.1", "x", TUESDAY) == "2026-01-31.1"


def test_inputs_of_a_withdrawn_release_are_recognised_after_it_is_retired(tmp_path: Path) -> None:
    publish(tmp_path, "2026-01-31.1", "2026-02-28.1", "2026-03-31.1", "2026-04-30.1")
    withdraw(tmp_path, "2026-02-28.1", "A page was misread", TUESDAY)
    retire(tmp_path, Retention(keep_last=2, keep_yearly=False))
    assert states(tmp_path)["2026-02-28.1"] == "retired"
    withdrawal = withdrawn_with(tmp_path, "inputs of 2026-02-28.1")
    assert withdrawal and withdrawal.reason == "A page was misread"
    assert withdrawn_with(tmp_path, "inputs of 2026-01-31.1") is None
