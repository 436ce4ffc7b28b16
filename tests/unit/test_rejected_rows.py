"""What the lake stores of a rejected row: all that can be read, so that the warehouse sees where it belongs."""

import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.core.corridor_file import Limits
from orchestration.core.lake import Lake
from orchestration.submissions.assessment import assess
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.local_check import cases_of
from tests.support.ovd_sample import LOG

HEADING = "period_start_utc,period_end_utc,phase,consumer,fuel_type,bdn_number,mass_t,measurement,imo_number\n"
GOOD = "2025-03-01T00:00:00Z,2025-03-02T00:00:00Z,sea,main_engine,MGO,,5,bdn,3000013\n"
FIRST, SECOND = datetime(2025, 3, 1), datetime(2025, 3, 2)
READ = "imo_number, period_start_utc, period_end_utc"


def stored(folder: Path, name: str, content: str, columns: str) -> list[tuple[object, ...]]:
    """Return what lake/rejected has about the errors in a file of fuel_consumption."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    cases = cases_of(path, Limits(max_rejected_share=1))
    (case,) = (case for case in cases if case.name.dataset == "fuel_consumption")
    draft = replace(case.draft, submission_id="s1", partner_id="SMPL-LINE", received_at="2025-04-01T00:00:00Z")
    with tempfile.TemporaryDirectory() as scratch, connect(Path(scratch)) as con:
        assess(con, Path(scratch), replace(case, draft=draft, lake=folder / "lake"))
    lake = Lake(folder / "lake")
    lake.write_schemas(CONTRACTS.values(), [])
    found = lake.rejected_path("fuel_consumption", "*")
    return duckdb.sql(
        f"select {columns} from read_parquet('{found}', union_by_name = true) where severity = 'error' order by all"
    ).fetchall()


@pytest.mark.parametrize(
    ("right", "wrong", "read"),
    [
        (",5,", ",5 t,", ("3000013", FIRST, SECOND)),
        ("MGO", "GASOIL", ("3000013", FIRST, SECOND)),
        ("3000013", "3000014", (None, FIRST, SECOND)),
        ("3000013", "", (None, FIRST, SECOND)),
        ("2025-03-01T00:00:00Z", "2025-03-01", ("3000013", None, SECOND)),
        ("2025-03-02T00:00:00Z", "2025-03-02 00:00", ("3000013", FIRST, None)),
        ("sea,", "sea,sea,", (None, None, None)),
    ],
)
def test_lake_has_the_legible_cells_of_a_rejected_row(
    tmp_path: Path, right: str, wrong: str, read: tuple[object, ...]
) -> None:
    """No cell of a row with an extra cell is legible, because it may belong to another column."""
    other = GOOD.replace("-02T", "-03T").replace("-01T", "-02T")
    found = stored(tmp_path, "fuel_consumption_2025-03.csv", HEADING + other + GOOD.replace(right, wrong), READ)
    assert set(found) == {read}


def test_rows_with_the_same_key_are_stored_and_rows_with_a_warning_are_not(tmp_path: Path) -> None:
    blank = GOOD.replace(",5,", ",,").replace("-02T", "-03T").replace("-01T", "-02T")
    name, columns = "fuel_consumption_2025-03.csv", f"row_number, {READ}, fuel_type, mass_t"
    assert stored(tmp_path, name, HEADING + GOOD + GOOD.replace(",5,", ",6,") + blank, columns) == [
        (2, "3000013", FIRST, SECOND, "MGO", 5.0),
        (3, "3000013", FIRST, SECOND, "MGO", 6.0),
    ]
    warned = duckdb.sql(f"select imo_number from '{tmp_path}/lake/rejected/fuel_consumption/s1.parquet' "
                        "where severity = 'warning'").fetchall()  # fmt: skip
    assert warned == [(None,)]


def test_row_converted_from_a_report_is_stored_with_the_failed_checks_of_the_report(tmp_path: Path) -> None:
    lines = LOG.replace(",0,12.25,", ",0,12.25 t,").splitlines()
    found = stored(
        tmp_path, "ovd_log_abstract_2025-03.csv", "\n".join(lines), f"row_number, column_name, {READ}, mass_t"
    )
    assert found == [
        (7, "ME_Consumption_MGO", "3000013", datetime(2025, 3, 4, 12), datetime(2025, 3, 5), None),
    ]


def test_files_of_an_older_lake_without_rejected_cells_can_be_read(tmp_path: Path) -> None:
    """A file of an older version has only the failed checks."""
    old = tmp_path / "lake" / "rejected" / "fuel_consumption" / "s0.parquet"
    old.parent.mkdir(parents=True)
    duckdb.sql(f"copy (select 's0' as submission_id, 2 as row_number, 'error' as severity) to '{old}' (format parquet)")
    name, columns = "fuel_consumption_2025-03.csv", f"submission_id, row_number, {READ}"
    assert stored(tmp_path, name, HEADING + GOOD, columns) == [("s0", 2, None, None, None)]
