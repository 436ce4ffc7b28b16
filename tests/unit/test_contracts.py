"""What the contracts say about single rows, run as the SQL that intake runs."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.core.contract import Contract
from orchestration.core.corridor_file import Limits
from orchestration.submissions.checks import typed_rows
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.checks.table_check import check_table
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.formats.csv_file import read_csv
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import Receipt
from tests.support.assessed import assessed

FUEL = {
    "imo_number": "3000013",
    "period_start_utc": "2025-03-01T00:00:00Z",
    "period_end_utc": "2025-03-02T00:00:00Z",
    "phase": "sea",
    "consumer": "main_engine",
    "fuel_type": "VLSFO",
    "bdn_number": "SMPL-BDN-0001",
    "mass_t": "92.4",
    "measurement": "flow_meter",
}


def filed(tmp_path: Path, dataset: str, *rows: dict[str, str], period: str = "2025-03") -> Receipt:
    """The verdict on a file of these rows; a cell that a row lacks is blank."""
    heading = list(dict.fromkeys(name for row in rows for name in row))
    lines = [heading, *([row.get(name, "") for name in heading] for row in rows)]
    text = "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in line) + "\n" for line in lines)
    path = tmp_path / f"{dataset}_{period}.csv"
    path.write_text(text, encoding="utf-8")
    return assessed(path, max_rejected_share=1)


def fuel(tmp_path: Path, **changed: str) -> Receipt:
    return filed(tmp_path, "fuel_consumption", {**FUEL, **changed})


def messages(receipt: Receipt) -> list[object]:
    return [finding["message"] for finding in receipt.findings]


def example_of(contract: Contract) -> dict[str, str]:
    return {column.name: column.example for column in contract.columns}


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_the_example_of_every_contract_is_right_but_for_being_the_example(dataset: str, tmp_path: Path) -> None:
    period = {"vessel_annual": "2025", "cargo_contracts": "2025"}.get(dataset, "2025-03")
    receipt = filed(tmp_path, dataset, example_of(CONTRACTS[dataset]), period=period)
    assert messages(receipt) == ["This is the example row of the template. Put your own rows in its place."]


def test_row_that_differs_from_the_example_in_one_cell_is_accepted(tmp_path: Path) -> None:
    example = example_of(CONTRACTS["rob"])
    receipt = filed(tmp_path, "rob", example, {**example, "rob_t": "1450.000", "fuel_type": "MGO"})
    assert [finding["row_number"] for finding in receipt.findings] == [2]


def test_long_and_short_files_have_the_same_wrong_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a long file each different text is tested once, and all rows with a wrong text are rejected."""
    days = [f"2025-03-{day:02d}T00:00:00Z" for day in range(1, 30)]
    good = [{**FUEL, "period_start_utc": start, "period_end_utc": end} for start, end in pairwise(days)]
    unseen = {**good[9], "bdn_number": "SMPL\u202e1"}
    rows = [*good[:4], {**good[4], "imo_number": "3000014"}, *good[5:9], unseen, *good[10:]]
    short, clean = filed(tmp_path, "fuel_consumption", *rows), filed(tmp_path, "fuel_consumption", *good)
    monkeypatch.setattr(typed_rows, "MANY_ROWS", 10)
    long = filed(tmp_path, "fuel_consumption", *rows)
    assert [(finding["row_number"], finding["rule"]) for finding in long.findings] == [
        (6, "imo_number_is_valid"),
        (11, "text_is_visible"),
    ]
    assert (long.findings, long.bad_rows, long.rows_accepted) == (short.findings, short.bad_rows, 26)
    assert filed(tmp_path, "fuel_consumption", *good).rows_accepted == clean.rows_accepted == 28


def test_good_row_is_accepted_without_warnings(tmp_path: Path) -> None:
    receipt = fuel(tmp_path)
    assert (receipt.verdict, receipt.message, receipt.findings) == ("accepted", "Accepted 1 row.", [])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"mass_t": "1,234.5"}, "1,234.5 is not a number with a decimal point and no thousands separators, "
         "such as 1234.5. Remove the thousands separators."),
        ({"mass_t": "1,234"}, "1,234 is not a number with a decimal point and no thousands separators, "
         "such as 1234.5. Remove the thousands separators."),
        ({"mass_t": "inf"}, "inf is not a number with a decimal point and no thousands separators, "
         "such as 1234.5."),
        ({"mass_t": "nan"}, "nan is not a number with a decimal point and no thousands separators, "
         "such as 1234.5."),
        ({"mass_t": "-3"}, "-3 is less than 0, the smallest value allowed. Check the number and its unit."),
        ({"period_end_utc": "2025-03-02T00:00:00"}, "2025-03-02T00:00:00 is not a date and time with "
         "its offset from UTC, such as 2025-03-01T14:30:00Z. Add the offset: Z for UTC, otherwise one such as +08:00."),
        ({"period_end_utc": "2025-03-02"}, "2025-03-02 is not a date and time with its offset from UTC, "
         "such as 2025-03-01T14:30:00Z. Add the time of day and the offset."),
        ({"period_end_utc": "2025-03-02 00:00 UTC"}, "2025-03-02 00:00 UTC is not a date and time with "
         "its offset from UTC, such as 2025-03-01T14:30:00Z. Replace the last three letters by Z."),
        ({"phase": "cruising"}, "cruising is not allowed here. Write one of: sea, manoeuvring, anchorage, berth."),
        ({"measurement": ""}, "The cell is blank, but every row needs measurement. Fill it in."),
        ({"imo_number": "3000014"}, "3000014 is not an IMO number, which has seven digits, the last a check digit. "
         "Look it up and correct it."),
        ({"period_end_utc": "2025-02-28T00:00:00Z", "period_start_utc": "2025-02-27T00:00:00Z"},
         "The row ends on 2025-02-28, outside 2025-03, the period in the file name. Send it in the file of its own "
         "period."),
        ({"period_end_utc": "2025-03-01T00:00:00Z"},
         "2025-03-01T00:00:00Z is not after 2025-03-01T00:00:00Z, the period_start_utc. Correct the wrong one."),
        ({"mass_t": "92400"}, "92400 t between 2025-03-01T00:00:00Z and 2025-03-02T00:00:00Z is more than 300 t a day. "
         "Check whether the mass is in kilograms, and the interval."),
    ],
)  # fmt: skip
def test_wrong_cell_is_reported_with_a_remedy(changed: dict[str, str], message: str, tmp_path: Path) -> None:
    receipt = fuel(tmp_path, **changed)
    assert message in messages(receipt)
    assert (receipt.verdict, receipt.rows_read, receipt.rows_accepted) == ("refused", 1, 0)
    assert receipt.findings[0]["row_number"] == 2


def test_blank_mass_is_accepted_with_a_warning(tmp_path: Path) -> None:
    receipt = fuel(tmp_path, mass_t="")
    assert (receipt.verdict, receipt.rows_accepted) == ("accepted_with_warnings", 1)
    assert messages(receipt) == [
        "The mass is blank, so the leg or stay cannot be counted. Fill it in, or write 0 if nothing was burned."
    ]


@pytest.mark.parametrize(
    "written",
    [
        "2025-03-02T08:00:00+08:00",
        "2025-03-02T00:00Z",
        "2025-03-02 08:00+0800",
        "2025-03-02 08:00 +08:00",
        "2025-03-02T08:00:00 +0800",
    ],
)
def test_any_offset_is_converted_to_utc(written: str, tmp_path: Path) -> None:
    path = tmp_path / "fuel.csv"
    path.write_text(",".join(FUEL) + "\n" + ",".join({**FUEL, "period_end_utc": written}.values()) + "\n")
    contract = CONTRACTS["fuel_consumption"]
    with connect(tmp_path) as con:
        check_table(con, contract, _period("2025-03"), read_csv(path, tmp_path, Limits()), Limits())
        ends = con.execute("select period_end_utc::varchar from checked").fetchall()
    assert ends == [("2025-03-02 00:00:00",)]


def test_rows_with_the_same_key_are_all_rejected_and_a_blank_note_is_a_key(tmp_path: Path) -> None:
    blank = {**FUEL, "bdn_number": ""}
    receipt = filed(tmp_path, "fuel_consumption", FUEL, {**FUEL, "mass_t": "3"}, blank)
    assert (receipt.rows_read, receipt.rows_accepted, receipt.rows_rejected) == (3, 1, 2)
    assert messages(receipt)[0] == (
        "Rows 2, 3 have the same imo_number, period_start_utc, phase, consumer, fuel_type, bdn_number. "
        "Keep only the row that is right."
    )
    assert filed(tmp_path, "fuel_consumption", blank, {**blank, "mass_t": "3"}).rows_accepted == 0


def test_unknown_column_is_ignored_with_a_warning_and_case_of_headings_does_not_matter(tmp_path: Path) -> None:
    row = {re.sub("_", " ", name).title(): value for name, value in FUEL.items()}
    receipt = filed(tmp_path, "fuel_consumption", {**row, "Remarks": "calm"})
    assert (receipt.verdict, receipt.rows_accepted) == ("accepted_with_warnings", 1)
    assert receipt.columns_ignored == ["Remarks"]
    assert messages(receipt) == [
        "fuel_consumption has no column Remarks, so it was ignored. If the name is misspelt, correct it and send the "
        "file again."
    ]


def test_file_without_a_required_column_is_refused_and_its_rows_are_counted(tmp_path: Path) -> None:
    row = {name: value for name, value in FUEL.items() if name != "measurement"}
    receipt = filed(tmp_path, "fuel_consumption", row, {**row, "consumer": "boiler"})
    assert (receipt.verdict, receipt.rows_read, receipt.rows_accepted, receipt.rows_rejected) == ("refused", 2, 0, 2)
    assert messages(receipt)[0] == (
        f"The heading lacks measurement. The heading is: {', '.join(row)}. Add what is missing, and send it again."
    )


def test_terminal_energy_in_the_wrong_unit_is_reported(tmp_path: Path) -> None:
    energy = {"terminal_code": "SMPL-T1", "month": "2025-03", "energy_carrier": "electricity", "end_use": "yard",
              "supplied_to_ships": "false", "quantity": "412", "unit": "kwh"}  # fmt: skip
    assert messages(filed(tmp_path, "terminal_energy", energy)) == [
        "412 kWh is little for a month of a container terminal. Check whether the quantity is in MWh."
    ]
    assert messages(filed(tmp_path, "terminal_energy", {**energy, "unit": "l"}))[0] == (
        "The unit l does not fit electricity. Write kwh for electricity, kg for hydrogen, mmbtu_hhv or therm for "
        "natural_gas."
    )
    assert messages(filed(tmp_path, "terminal_energy", {**energy, "month": "March"}))[0] == (
        "March is not a month such as 2025-03."
    )


CELL = st.one_of(
    st.sampled_from(["", "0", "-1", "1e400", "3000013", "2025-03-01T00:00:00Z", "2025-03", "2025", "true", "Q1", '"']),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), dataset=st.sampled_from(sorted(CONTRACTS)))
def test_every_row_is_accounted_for_whatever_the_cells_contain(
    data: st.DataObject, dataset: str, tmp_path: Path
) -> None:
    contract = CONTRACTS[dataset]
    example = example_of(contract)
    width = len(example)
    rows = data.draw(st.lists(st.lists(CELL, min_size=width - 1, max_size=width + 1), max_size=6))
    kept = [[cell if data.draw(st.booleans()) else good for cell, good in zip(row, example.values(), strict=False)]
            for row in rows]  # fmt: skip
    lines = [",".join(example), *(",".join('"' + c.replace('"', '""') + '"' for c in row) for row in kept)]
    path = tmp_path / f"{dataset}_2025-03.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    receipt = assessed(path)
    rejected = {f["row_number"] for f in receipt.findings if f["severity"] == "error" and f["row_number"]}
    assert receipt.rows_accepted + receipt.rows_rejected == receipt.rows_read <= len(rows)
    assert receipt.rows_rejected == (receipt.rows_read if receipt.verdict == "refused" else len(rejected))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_get_a_submission_status(content: bytes, tmp_path: Path) -> None:
    for extension in ("csv", "csv.gz", "csv.zip", "xlsx", "json", "jsonl", "parquet"):
        path = tmp_path / f"rob_2025.{extension}"
        path.write_bytes(content)
        receipt = assessed(path)
        assert receipt.rows_accepted + receipt.rows_rejected == receipt.rows_read


def _period(text: str) -> Period:
    period = Period.parse(text)
    assert period
    return period


@pytest.mark.parametrize("text", ["2024", "2024-Q1", "2024-Q4", "2024-02", "2024-12"])
def test_period_can_be_derived_from_any_of_its_days(text: str) -> None:
    period = _period(text)
    assert Period.holding(period.grain, period.start) == Period.holding(period.grain, period.end) == period
