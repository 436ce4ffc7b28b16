"""Rows of a CSV file with another number of cells than the heading: an extra cell shifts all cells after it."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.core.corridor_file import Limits
from orchestration.submissions.assessment import assess
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.local_check import cases_of
from orchestration.submissions.receipt import Receipt

HEADING = "terminal_code,month,teu_handled,equipment_units,zero_emission_units"
FIRST, SECOND = "SMPL-T1,2025-03,210000.5,240,90", "SMPL-T2,2025-03,1200,,"
MESSAGE = (
    "The row has 6 cells, but the heading has 5. Put quotation marks around a cell that contains the delimiter; "
    "do not end rows with a delimiter."
)


def read(*lines: str) -> tuple[Receipt, list[tuple[object, ...]]]:
    """Return the receipt for these lines below the heading, and the accepted rows."""
    with tempfile.TemporaryDirectory() as folder, connect(Path(folder)) as con:
        path = Path(folder) / "terminal_activity_2025-03.csv"
        path.write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
        (case,) = cases_of(path, Limits(max_rejected_share=1))
        receipt = assess(con, Path(folder), case)
        unless = "and row_number not in (select row_number from rejected)" if receipt.rows_rejected else ""
        names = "terminal_code, teu_handled, equipment_units, zero_emission_units"
        rows = con.execute(f"select {names} from checked where state < 2 {unless} order by row_number").fetchall()
    return receipt, rows


def test_thousands_separated_by_the_delimiter_are_not_read_as_two_numbers() -> None:
    """1,200 in a row whose last cell is blank would otherwise become 1 TEU and 200 machines."""
    receipt, rows = read(FIRST, SECOND.replace("1200", "1,200"))
    assert [(f["row_number"], f["message"]) for f in receipt.findings] == [(3, MESSAGE)]
    assert rows == [("SMPL-T1", 210000.5, 240, 90)]


@pytest.mark.parametrize("end", [",", ",,", ',""'])
def test_file_whose_rows_all_end_with_a_delimiter_is_read(end: str) -> None:
    receipt, rows = read(FIRST + end, SECOND + end)
    assert (receipt.verdict, receipt.rows_accepted) == ("accepted", 2)
    assert rows == [("SMPL-T1", 210000.5, 240, 90), ("SMPL-T2", 1200, None, None)]


def test_rows_with_an_extra_cell_are_rejected_if_other_rows_do_not_have_it() -> None:
    """Nothing says which rows are shifted, so all rows with more cells than the heading are rejected."""
    receipt, rows = read(FIRST + ",", "SMPL-T3,2025-03,5,3,", SECOND + ",")
    assert [f["row_number"] for f in receipt.findings] == [2, 4]
    assert rows == [("SMPL-T3", 5, 3, None)]


def test_row_of_delimiters_only_is_ignored() -> None:
    receipt, rows = read(FIRST, ",,,,,,,", SECOND)
    assert (receipt.verdict, receipt.rows_read, len(rows)) == ("accepted", 2, 2)


def test_delimiter_in_quotation_marks_does_not_separate_cells() -> None:
    receipt, rows = read(FIRST, '"SMPL,T3",2025-03,5,,')
    assert (receipt.verdict, rows[1]) == ("accepted", ("SMPL,T3", 5, None, None))


@settings(max_examples=20, deadline=None)
@given(row=st.integers(0, 3), place=st.integers(0, 4), blank=st.integers(0, 3), others=st.integers(1, 4))
def test_extra_delimiter_never_shifts_numbers(row: int, place: int, blank: int, others: int) -> None:
    """A row with an extra delimiter anywhere, and with blank last cells, is rejected."""
    cells = [f"SMPL-T{row}", "2025-03", "1200", "240", "90"]
    cells[5 - blank :] = [""] * blank
    whole = [f"SMPL-R{number},2025-03,5,3,1" for number in range(others)]
    broken = ",".join([*cells[:place], f"{cells[place][:1]},{cells[place][1:]}", *cells[place + 1 :]])
    receipt, rows = read(*whole[:row], broken, *whole[row:])
    assert receipt.rows_rejected == 1
    assert [found[0] for found in rows] == [f"SMPL-R{number}" for number in range(others)]
