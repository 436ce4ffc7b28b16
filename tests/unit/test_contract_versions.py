"""Files that meet the previous version of a contract are still read, with a warning about changed names."""

from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.core.contract import Contract, number, text
from orchestration.core.corridor_file import Limits
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.checks.table_check import Checked, check_table
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.formats.csv_file import read_csv
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import Refusal

# Version 2 renames mass_t to rob_t, and adds a column for the person who measured the tanks.
ROB_2 = replace(
    CONTRACTS["rob"],
    version=2,
    columns=(
        *CONTRACTS["rob"].columns[:3],
        replace(number("rob_t", "Mass remaining.", "1450", required=True), former_name="mass_t"),
        replace(text("read_by", "Who read the tanks.", "SMPL-MATE", required=True), since=2),
    ),
)
KEY = "imo_number,measured_utc,fuel_type"
ROW = "3000013,2025-03-03T12:00:00Z,VLSFO"


def checked(contract: Contract, content: str, tmp_path: Path) -> Checked:
    path = tmp_path / "rob.csv"
    path.write_text(content, encoding="utf-8")
    period = Period.parse("2025-03")
    assert period
    with connect(tmp_path) as con:
        return check_table(con, contract, period, read_csv(path, tmp_path, Limits()), Limits())


@pytest.mark.parametrize(
    ("content", "version", "rules"),
    [
        (f"{KEY},rob_t,read_by\n{ROW},1450,MATE\n", 2, []),
        (f"{KEY},rob_t\n{ROW},1450\n", 1, []),
        (f"{KEY},mass_t\n{ROW},1450\n", 1, ["column_has_its_name"]),
        (f"{KEY},rob_t,read_by\n{ROW},1450,\n", 2, ["cell_is_filled"]),
    ],
)
def test_previous_version_is_still_read(content: str, version: int, rules: list[str], tmp_path: Path) -> None:
    result = checked(ROB_2, content, tmp_path)
    assert (result.rows_read, result.contract_version, [f["rule"] for f in result.findings]) == (1, version, rules)


def test_file_that_meets_no_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="The heading lacks rob_t, read_by"):
        checked(ROB_2, f"{KEY}\n{ROW}\n", tmp_path)
    with pytest.raises(Refusal, match="The heading lacks rob_t"):
        checked(CONTRACTS["rob"], f"{KEY},mass_t\n{ROW},1450\n", tmp_path)
