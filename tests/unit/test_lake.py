"""The lake: whole files, vintages, and empty files for readers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import duckdb
import pytest

from orchestration.core.clock import RunClock
from orchestration.core.corridor_file import CorridorFile
from orchestration.core.corridor_tables import CORRIDOR_SCHEMAS
from orchestration.core.errors import CorridorError
from orchestration.core.lake import REJECTED_TYPES, THROUGHPUT_TYPES, Lake
from orchestration.core.settings import Settings
from orchestration.submissions.contracts.registry import CONTRACTS

MONDAY = datetime(2025, 6, 2, 12, tzinfo=UTC)
TUESDAY = datetime(2025, 6, 3, 12, tzinfo=UTC)


def cell(month: int, teu: str | None) -> dict[str, object]:
    return {
        "port_locode": "USLAX",
        "period_grain": "month",
        "period_start": date(2025, month, 1),
        "measure": "loaded_imports",
        "teu": None if teu is None else Decimal(teu),
        "precision": None if teu is None else "hundredth",
        "status": "final",
        "citation": "a page",
    }


def test_bytes_are_stored_under_their_hash_and_storing_twice_succeeds(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    sha256 = lake.keep_raw(BytesIO(b"SMPL"))
    assert lake.keep_raw(BytesIO(b"SMPL")) == sha256
    assert lake.raw_path(sha256).read_bytes() == b"SMPL"
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [sha256]


def test_vintage_is_visible_only_after_it_is_placed(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    staged = lake.stage_vintage("pola", "2025", [cell(1, "10.25"), cell(2, None)], "aa", MONDAY)
    assert lake.vintage_files("pola") == []
    first = lake.place_vintage(staged, "pola")
    lake.place_vintage(lake.stage_vintage("pola", "2025 (revised)", [cell(1, "10.25")], "aa", MONDAY), "pola")
    revised = lake.place_vintage(lake.stage_vintage("pola", "2025", [cell(2, "0.00")], "cc", TUESDAY), "pola")
    assert (first, len(lake.vintage_files("pola"))) == (lake.vintage_path("pola", "2025", MONDAY), 3)
    assert duckdb.sql(f"select page, teu, vintage_at from '{revised}'").fetchall() == [
        ("2025", Decimal("0.00"), datetime(2025, 6, 3, 12)),
    ]
    assert duckdb.sql(f"select teu from '{first}' order by period_start").fetchall() == [(Decimal("10.25"),), (None,)]


def test_snapshots_of_one_moment_do_not_overwrite_each_other(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_snapshot("pola", "2025", TUESDAY, {"content_sha256": "bb"})
    lake.write_snapshot("pola", "2025", MONDAY, {"content_sha256": "aa"})
    later = lake.write_snapshot("pola", "2025", TUESDAY, {"content_sha256": "cc"})
    assert later["read_at"] == "2025-06-03T12:00:00.000001+00:00"
    assert [snapshot["content_sha256"] for snapshot in lake.snapshots("pola")] == ["aa", "bb", "cc"]
    assert lake.newest_snapshots("pola") == {"2025": later}


def test_unreadable_fetch_record_is_ignored(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_fetch_records("pola", [{"page": "2024"}, {"page": "2025"}])
    lake.write_fetch_records("pola", [{"page": "2025"}, {"page": "2026"}])
    (tmp_path / "fetches" / "pola" / "2025.json").write_text("{")
    assert lake.fetch_records("pola") == [{"page": "2026"}]


def test_scratch_lake_is_deleted_at_the_end(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with lake.scratch() as aside:
        aside.place_vintage(aside.stage_vintage("pola", "2024", [cell(1, "1")], "aa", MONDAY), "pola")
        lake.place_vintage(aside.vintage_files("pola")[0], "pola")
        aside.place_vintage(aside.stage_vintage("pola", "2025", [cell(1, "1")], "aa", MONDAY), "pola")
    assert [path.name for path in tmp_path.iterdir()] == ["throughput"]
    assert lake.vintage_files("pola") == [lake.vintage_path("pola", "2024", MONDAY)]


def test_every_dataset_and_source_can_be_read_while_empty(tmp_path: Path) -> None:
    Lake(tmp_path).write_schemas(CONTRACTS.values(), ["pola"])
    for dataset, contract in CONTRACTS.items():
        assert _shape(tmp_path / "accepted" / dataset) == contract.accepted_types
        assert _shape(tmp_path / "rejected" / dataset) == REJECTED_TYPES | contract.own_types
    assert _shape(tmp_path / "throughput" / "pola") == THROUGHPUT_TYPES | {"teu": "DECIMAL(14,2)"}


def test_unknown_values_of_corridor_toml_become_null(tmp_path: Path) -> None:
    file = CorridorFile.model_validate(
        {
            "corridor": {
                "id": "SMPL-C",
                "name": "SMPL-Corridor",
                "contact": "nobody",
                "origin": {"ports": ["CNSHA"]},
                "destination": {"ports": ["USLAX", "USLGB"]},
            },
            "terminals": [],
            "partners": [],
            "sources": [
                {"id": "pola", "kind": "los_angeles", "location": "x", "primary_for": ["USLAX", "USLAX/total_teu"]},
                {"id": "press", "kind": "press", "location": "y"},
            ],
            "targets": [
                {
                    "kpi_id": "corridor_wtw_t",
                    "baseline_period": "2024",
                    "target_year": 2030,
                    "reduction_pct": 20,
                    "authority": "IMO",
                    "status": "reference",
                }
            ],
        }
    )
    lake = Lake(tmp_path)
    lake.write_corridor(Settings(home=tmp_path, file=file), RunClock(date(2025, 6, 1), MONDAY), "abc")
    read = {name: duckdb.sql(f"from '{tmp_path}/corridor/{name}.parquet'").fetchall() for name in CORRIDOR_SCHEMAS}
    assert read["corridor"] == [("SMPL-C", "SMPL-Corridor", "nobody", False)]
    assert read["sides"] == [("origin", "CNSHA"), ("destination", "USLAX"), ("destination", "USLGB")]
    assert read["sources"] == [
        ("pola", "los_angeles", "USLAX"),
        ("pola", "los_angeles", "USLAX/total_teu"),
        ("press", "press", None),
    ]
    assert read["targets"] == [("corridor_wtw_t", "2024", None, 2030, None, 20.0, "IMO", "reference")]
    assert read["run"] == [(date(2025, 6, 1), datetime(2025, 6, 2, 12), "abc")]
    assert read["terminals"] == []


def test_unwritable_lake_is_one_line_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file where the folder should be")
    with pytest.raises(CorridorError, match=r"lake/receipts/abc\.json cannot be written: "):
        Lake(tmp_path / "lake").write_receipt("abc", b"")


def _shape(folder: Path) -> dict[str, str]:
    described = duckdb.sql(f"describe from '{folder}/*.parquet'").fetchall()
    return {row[0]: row[1] for row in described}
