"""Rows of a CSV file with another number of cells than its heading: a cell too many moves all that stand after it."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.core.corridor_file import Limits
from orchestration.submissions.assessment import judge
from orchestration.submissions.checks import table_check as check
from orchestration.submissions.local_check import cases_of
from orchestration.submissions.receipt import Receipt

HEADING = "terminal_code,month,teu_handled,equipment_units,zero_emission_units"
FIRST, SECOND = "SMPL-T1,2025-03,210000.5,240,90", "SMPL-T2,2025-03,1200,,"
MESSAGE = (
    "The row has 6 cells and the heading has 5. Put quotation marks around a cell that holds the delimiter; "
    "a row needs none at its end."
)


def read(*lines: str) -> tuple[Receipt, list[tuple[object, ...]]]:
    """The verdict on these lines below the heading, and the accepted figures."""
    with tempfile.TemporaryDirectory() as folder, check.connect(Path(folder)) as con:
        path = Path(folder) / "terminal_activity_2025-03.csv"
        path.write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
        (case,) = cases_of(path, Limits(max_rejected_share=1))
        receipt = judge(con, Path(folder), case)
        unless = "and row_number not in (select row_number from rejected)" if receipt.rows_rejected else ""
        names = "terminal_code, teu_handled, equipment_units, zero_emission_units"
        rows = con.execute(f"select {names} from checked where state < 2 {unless} order by row_number").fetchall()
    return receipt, rows


def test_thousands_parted_by_the_delimiter_are_not_read_as_two_figures() -> None:
    """1,200 in a row whose last cell is blank: without a word it would be 1 TEU and 200 machines."""
    receipt, rows = read(FIRST, SECOND.replace("1200", "1,200"))
    assert [(f["row_number"], f["message"]) for f in receipt.findings] == [(3, MESSAGE)]
    assert rows == [("SMPL-T1", 210000.5, 240, 90)]


@pytest.mark.parametrize("end", [",", ",,", ',""'])
def test_a_file_whose_rows_all_end_in_a_delimiter_is_read(end: str) -> None:
    receipt, rows = read(FIRST + end, SECOND + end)
    assert (receipt.verdict, receipt.rows_accepted) == ("accepted", 2)
    assert rows == [("SMPL-T1", 210000.5, 240, 90), ("SMPL-T2", 1200, None, None)]


def test_where_rows_end_in_a_delimiter_one_that_does_not_lacks_a_cell() -> None:
    """Which of them are moved cannot be known, so those with more cells than the heading are all told."""
    receipt, rows = read(FIRST + ",", "SMPL-T3,2025-03,5,3,", SECOND + ",")
    assert [f["row_number"] for f in receipt.findings] == [2, 4]
    assert rows == [("SMPL-T3", 5, 3, None)]


def test_a_row_of_delimiters_alone_is_no_row_whatever_their_number() -> None:
    receipt, rows = read(FIRST, ",,,,,,,", SECOND)
    assert (receipt.verdict, receipt.rows_read, len(rows)) == ("accepted", 2, 2)


def test_a_delimiter_in_quotation_marks_parts_nothing() -> None:
    receipt, rows = read(FIRST, '"SMPL,T3",2025-03,5,,')
    assert (receipt.verdict, rows[1]) == ("accepted", ("SMPL,T3", 5, None, None))


@settings(max_examples=20, deadline=None)
@given(row=st.integers(0, 3), place=st.integers(0, 4), blank=st.integers(0, 3), others=st.integers(1, 4))
def test_no_cell_too_many_is_taken_for_a_row_as_it_was(row: int, place: int, blank: int, others: int) -> None:
    """One delimiter too many anywhere in one row, whose last cells are blank: it is rejected, and no figure moves."""
    cells = [f"SMPL-T{row}", "2025-03", "1200", "240", "90"]
    cells[5 - blank :] = [""] * blank
    whole = [f"SMPL-R{number},2025-03,5,3,1" for number in range(others)]
    broken = ",".join([*cells[:place], f"{cells[place][:1]},{cells[place][1:]}", *cells[place + 1 :]])
    receipt, rows = read(*whole[:row], broken, *whole[row:])
    assert receipt.rows_rejected == 1
    assert [found[0] for found in rows] == [f"SMPL-R{number}" for number in range(others)]
