"""The lake's own promises: whole files, vintages, shapes that readers can glob."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import duckdb
import pytest

from orchestration.clock import RunClock
from orchestration.corridor_file import CorridorFile
from orchestration.errors import CorridorError
from orchestration.lake import CORRIDOR_SCHEMAS, REJECTED_TYPES, THROUGHPUT_TYPES, Lake
from orchestration.settings import Settings
from orchestration.submissions.contracts import CONTRACTS

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


def test_bytes_are_kept_under_their_hash_and_keeping_them_twice_is_success(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    sha256 = lake.keep_raw(BytesIO(b"SMPL"))
    assert lake.keep_raw(BytesIO(b"SMPL")) == sha256
    assert lake.raw_path(sha256).read_bytes() == b"SMPL"
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [sha256]


def test_a_vintage_is_written_only_when_a_figure_differs(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    first = lake.write_vintage("pola", "2025", [cell(1, "10.25"), cell(2, None)], "aa", MONDAY)
    assert first
    assert lake.write_vintage("pola", "2025", [cell(1, "10.25"), cell(2, None)], "bb", TUESDAY) is None
    assert lake.write_vintage("pola", "2025 (revised)", [cell(1, "10.25")], "aa", MONDAY)
    revised = lake.write_vintage("pola", "2025", [cell(1, "10.25"), cell(2, "0.00")], "cc", TUESDAY)
    assert revised
    assert duckdb.sql(f"select page, teu, vintage_at from '{revised}' order by period_start").fetchall() == [
        ("2025", Decimal("10.25"), datetime(2025, 6, 3, 12)),
        ("2025", Decimal("0.00"), datetime(2025, 6, 3, 12)),
    ]
    assert duckdb.sql(f"select teu from '{first}' order by period_start").fetchall() == [(Decimal("10.25"),), (None,)]


def test_every_dataset_and_source_can_be_read_before_anything_came(tmp_path: Path) -> None:
    Lake(tmp_path).write_schemas(CONTRACTS.values(), ["pola"])
    for dataset, contract in CONTRACTS.items():
        assert _shape(tmp_path / "accepted" / dataset) == contract.accepted_types
        assert _shape(tmp_path / "rejected" / dataset) == REJECTED_TYPES
    assert _shape(tmp_path / "throughput" / "pola") == THROUGHPUT_TYPES | {"teu": "DECIMAL(14,2)"}


def test_the_tables_of_corridor_toml_say_unknown_as_null(tmp_path: Path) -> None:
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


def test_a_lake_that_cannot_be_written_is_one_line_naming_the_place(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file where the folder should be")
    with pytest.raises(CorridorError, match=r"lake/receipts/abc\.json cannot be written: "):
        Lake(tmp_path / "lake").write_receipt("abc", b"")


def _shape(folder: Path) -> dict[str, str]:
    described = duckdb.sql(f"describe from '{folder}/*.parquet'").fetchall()
    return {row[0]: row[1] for row in described}
