"""OVD logs and bunker reports as rows of the datasets, with figures worked out by hand."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
import xlsxwriter

from orchestration.core.corridor_file import Limits
from orchestration.core.settings import PROJECT_ROOT
from orchestration.submissions.assessment import assess
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.layouts.ovd.columns import columns_read
from orchestration.submissions.local_check import cases_of
from orchestration.submissions.receipt import Receipt
from tests.support.ovd_sample import BUNKERS, BY_NOTE, BY_NOTE_HEADING, LOG, LOG_HEADING, LOG_ROWS

FIXTURES = PROJECT_ROOT / "tests" / "fixtures" / "formats"
NAME = "ovd_log_abstract_2025-03.csv"


def receipts(folder: Path, content: str | bytes, name: str = NAME) -> dict[str | None, Receipt]:
    """Return the receipt of each dataset."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with tempfile.TemporaryDirectory() as scratch, connect(Path(scratch)) as con:
        found = [assess(con, Path(scratch), case) for case in cases_of(path, Limits(max_rejected_share=1))]
    assert all(r.rows_accepted + r.rows_rejected == r.rows_read for r in found)
    return {receipt.dataset: receipt for receipt in found}


def rows(folder: Path, content: str | bytes, dataset: str, columns: str, name: str = NAME) -> list[tuple[object, ...]]:
    """Return the accepted rows of one dataset."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (case,) = (case for case in cases_of(path, Limits(max_rejected_share=1)) if case.name.dataset == dataset)
    with tempfile.TemporaryDirectory() as scratch, connect(Path(scratch)) as con:
        assess(con, Path(scratch), case)
        unless = "row_number not in (select row_number from rejected)"
        return con.execute(f"select {columns} from checked where {unless} order by row_number").fetchall()


def checks_of(receipt: Receipt, severity: str = "error") -> list[tuple[object, object, object]]:
    return [(f["row_number"], f["column"], f["message"]) for f in receipt.findings if f["severity"] == severity]


@pytest.mark.parametrize(
    ("layout", "heading"),
    [
        ("log_abstract", LOG_HEADING),
        ("log_abstract", BY_NOTE_HEADING),
        ("log_abstract", ",".join(columns_read("ovd_log_abstract"))),
        ("bunker_report", BUNKERS.partition("\n")[0]),
        ("bunker_report", ",".join(columns_read("ovd_bunker_report"))),
    ],
)
def test_every_column_is_in_dnvs_list(layout: str, heading: str) -> None:
    with (FIXTURES / f"ovd35_{layout}_columns.csv").open(encoding="utf-8") as file:
        known = {row["field"].lower() for row in csv.DictReader(file)}
    assert {name.lower() for name in heading.split(",")} - known == set()


def test_leg_runs_from_departure_to_arrival_and_sums_the_distances(tmp_path: Path) -> None:
    leg = "from_locode, to_locode, service_code, departure_utc::varchar, arrival_utc::varchar, sailed_distance_nm"
    assert rows(tmp_path, LOG, "voyage_legs", leg) == [
        # 170 + 460 (the corrected report) + 920 + 120.5
        ("CNSHA", "USLAX", "SMPL-TP1", "2025-03-01 02:00:00", "2025-03-05 00:00:00", 1670.5)
    ]
    cargo = "laden_teu, empty_teu, reefer_teu, cargo_mass_t, outbound_laden_teu, delivered_empty_teu"
    assert rows(tmp_path, LOG, "voyage_legs", cargo) == [(6100, 900, 420, 68000, None, None)]


def test_fuel_by_type_has_the_interval_since_the_previous_report(tmp_path: Path) -> None:
    columns = "period_start_utc::varchar, phase::varchar, consumer::varchar, fuel_type::varchar, mass_t"
    assert rows(tmp_path, LOG, "fuel_consumption", columns) == [
        ("2025-02-28 06:00:00", "berth", "main_engine", "HFO", 0),
        ("2025-02-28 06:00:00", "berth", "boiler", "HFO", 2.5),
        ("2025-02-28 06:00:00", "berth", "aux_engine", "HFO", 9.5),
        ("2025-03-01 02:00:00", "sea", "main_engine", "HFO", 31.25),
        ("2025-03-01 02:00:00", "sea", "boiler", "HFO", 0.5),
        ("2025-03-01 02:00:00", "sea", "aux_engine", "HFO", 2.75),
        ("2025-03-01 12:00:00", "sea", "main_engine", "HFO", 90),
        ("2025-03-01 12:00:00", "sea", "boiler", "HFO", 1.5),
        ("2025-03-01 12:00:00", "sea", "aux_engine", "HFO", 6.5),
        ("2025-03-02 12:00:00", "sea", "main_engine", "HFO", 190),
        ("2025-03-02 12:00:00", "sea", "boiler", "HFO", 3),
        ("2025-03-02 12:00:00", "sea", "aux_engine", "HFO", 13),
        ("2025-03-04 12:00:00", "anchorage", "main_engine", "MGO", 12.25),
        ("2025-03-04 12:00:00", "anchorage", "boiler", "HFO", 1.25),
        ("2025-03-04 12:00:00", "anchorage", "aux_engine", "MGO", 4.25),
    ]


def test_fuel_by_note_has_no_fuel_type_and_a_blank_mass_is_unknown(tmp_path: Path) -> None:
    columns = "consumer::varchar, fuel_type::varchar, bdn_number, mass_t, measurement::varchar"
    found = rows(tmp_path, BY_NOTE, "fuel_consumption", columns, "ovd_log_abstract_2025-03_bdn.csv")
    assert found[3:] == [
        ("main_engine", None, "SMPL-B1", 70.5, "bdn"),
        ("main_engine", None, "SMPL-B2", 20, "bdn"),
        # The boiler has the note that both engines name.
        ("boiler", None, "SMPL-B1", 1.5, "bdn"),
        ("aux_engine", None, "SMPL-B1", 6.5, "bdn"),
        ("main_engine", None, "SMPL-B1", None, "bdn"),
        ("aux_engine", None, "SMPL-B1", 6.5, "bdn"),
    ]
    receipt = receipts(tmp_path, BY_NOTE)["fuel_consumption"]
    assert checks_of(receipt) == [
        (4, "Boiler_Consumption", "The delivery note of 1.5 t burned in a boiler is not clear: OVD has no column for "
         "it, "
         "and the notes of main and auxiliary engine differ or are blank. File the boilers as fuel_consumption, or the "
         "whole log by fuel type."),
        (4, "Boiler_Consumption", "Neither fuel_type nor bdn_number is filled, so the fuel is unknown. Fill in one of "
         "them."),
    ]  # fmt: skip
    assert "Left out: ME_1_Consumption 90.500 t, because" in str([m for *_, m in checks_of(receipt, "warning")])


@pytest.mark.parametrize("column", ["GCU_Consumption", "IGG_Consumption", "Incinerator_Consumption_O"])
def test_fuel_without_a_name_makes_the_mass_of_the_boilers_unknown(column: str, tmp_path: Path) -> None:
    columns = "period_start_utc::varchar, consumer::varchar, fuel_type::varchar, bdn_number, mass_t"
    # In addition to the 3 t of the boiler 3.2 t were burned. The zero in the next report changes nothing.
    cells = ["", "", "", "", "3.2", "0"]
    lines = [f"{row},{cell}" for row, cell in zip(LOG_ROWS, cells, strict=True)]
    log = "\n".join([f"{LOG_HEADING},{column}", *lines])
    found = rows(tmp_path, log, "fuel_consumption", columns)
    assert found[9:] == [
        ("2025-03-02 12:00:00", "main_engine", "HFO", None, 190),
        ("2025-03-02 12:00:00", "boiler", "HFO", None, None),
        ("2025-03-02 12:00:00", "aux_engine", "HFO", None, 13),
        ("2025-03-04 12:00:00", "main_engine", "MGO", None, 12.25),
        ("2025-03-04 12:00:00", "boiler", "HFO", None, 1.25),
        ("2025-03-04 12:00:00", "aux_engine", "MGO", None, 4.25),
    ]
    receipt = receipts(tmp_path, log)["fuel_consumption"]
    assert (receipt.verdict, receipt.rows_rejected) == ("accepted_with_warnings", 0)
    assert (6, f"Boiler_Consumption_HFO + {column}", f"OVD does not state which fuel this was: {column} 3.2 t. The "
            "mass that boilers burned is therefore unknown, and the leg or stay cannot be counted. File all fuel of "
            "the "
            "period as fuel_consumption.") in checks_of(
        receipt, "warning")  # fmt: skip
    heading, departure, noon, last = BY_NOTE.splitlines()
    by_note = "\n".join([f"{heading},{column}", f"{departure},", f"{noon},3.2", f"{last},0"])
    found = rows(tmp_path, by_note, "fuel_consumption", columns)
    assert [row for row in found if row[1] == "boiler"] == [
        ("2025-02-28 06:00:00", "boiler", None, "SMPL-B1", 2.5),
        ("2025-03-01 02:00:00", "boiler", None, "SMPL-B1", None),
    ]


def test_receipt_lists_what_was_replaced_left_out_or_is_missing_from_ovd(tmp_path: Path) -> None:
    found = receipts(tmp_path, LOG)
    of_legs, of_fuel = (
        [str(m) for *_, m in checks_of(found[name], "warning")] for name in ("voyage_legs", "fuel_consumption")
    )
    assert of_legs[0] == (
        "Of several reports of a ship for the same minute, the last row counts. Reports replaced: 1 (row 4 by row 5)."
    )
    assert of_legs[2].startswith("OVD has no columns for corridor cargo, so these legs are incomplete")
    assert of_fuel[1:4] == [
        "5 reports of the period gave 15 rows of fuel_consumption. The numbers of rows read, accepted and rejected "
        "count "
        "these rows.",
        "Left out: Cargo_heating_Consumption_HFO 0.250 t, because they are part of what main engine, auxiliary "
        "engine and "
        "boiler burned.",
        "Shore_Side_Electricity_Reception (41000.000 kWh in all) was left out, because shore power belongs to "
        "port_calls. "
        "File it there.",
    ]
    assert [r.verdict for r in found.values()] == ["accepted_with_warnings"] * 3


def test_workbook_gives_the_same_rows(tmp_path: Path) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(LOG.splitlines()):
            for place, cell in enumerate(line.split(",")):
                sheet.write(number, place, float(cell) if cell.replace(".", "", 1).isdigit() else cell)
    found = receipts(tmp_path, content.getvalue(), "ovd_log_abstract_2025-03.xlsx")
    assert {name: r.rows_accepted for name, r in found.items()} == {"voyage_legs": 1, "fuel_consumption": 15, "rob": 10}


def test_de_bunkered_fuel_is_a_delivery_with_a_negative_mass(tmp_path: Path) -> None:
    columns = "bdn_number, delivered_utc::varchar, fuel_type::varchar, mass_t, sulphur_pct"
    assert rows(tmp_path, BUNKERS, "bunker_deliveries", columns, "ovd_bunker_report_2025-03.csv") == [
        ("SMPL-B1", "2025-03-01 01:00:00", "HFO", 1200, 0.48),
        ("SMPL-B2", "2025-03-04 06:00:00", "MGO", 60, 0.08),
        ("SMPL-B2 de-bunkered", "2025-03-04 09:00:00", "MGO", -10, None),
    ]
    receipt = receipts(tmp_path, BUNKERS, "ovd_bunker_report_2025-03.csv")["bunker_deliveries"]
    assert checks_of(receipt, "warning")[0][2] == (
        "OVD does not state the time zone of Bunker_Delivery_Time. It was read as UTC."
    )


@pytest.mark.parametrize(
    ("old", "new", "dataset", "failed_check"),
    [
        (",31.25,", ",n/a,", "fuel_consumption", (3, "ME_Consumption_HFO", "n/a is not a number "
         "with a decimal point and no thousands separators, such as 1234.5.")),
        ("Noon,48,", "Noon,24,", "fuel_consumption", (6, "Time_Since_Previous_Report", "Time_Since_Previous_Report "
         "is 24.0 h, but the report before, in row 5, is 48.0 h earlier. If a report is missing, add it; otherwise "
         "correct the hours.")),
        ("Noon,48,", "Noon,24,", "voyage_legs", (6, "Time_Since_Previous_Report", "The hours since the previous "
         "report are wrong, or a report of the leg that arrives in row 7 is missing, so its distance is unknown. Add "
         "the "
         "report, or correct the hours.")),
        ("CNSHA,USLAX,012E,SMPL-TP1,Arrival", "CNNGB,USLAX,012E,SMPL-TP1,Arrival", "voyage_legs", (7, "Voyage_From",
         "The port of departure differs: CNNGB in this report of the arrival, CNSHA in the departure in row 2. Correct "
         "the wrong one.")),
        ("1661.5,350", "1661.5,-350", "rob", (6, "MGO_ROB", "-350 is less than 0, the smallest value allowed. Check "
         "the number and its unit.")),
        ("HFO_ROB,MGO_ROB", "HFO_ROB,LPGP_ROB", "rob", (2, "LPGP_ROB", "300 t of LPG (propane) cannot be counted, "
         "because there is no fuel_type for it. Ask the secretariat to add one.")),
    ],
)  # fmt: skip
def test_failed_check_points_at_row_and_column_of_the_log(
    old: str, new: str, dataset: str, failed_check: tuple[object, object, object], tmp_path: Path
) -> None:
    assert old in LOG
    assert failed_check in checks_of(receipts(tmp_path, LOG.replace(old, new))[dataset])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Boiler_Consumption_HFO", "Boiler_Consumption", "Fuel is given both by type (such as ME_Consumption_HFO) and "
         "by delivery note (such as ME_Consumption with ME_Fuel_BDN), so it would count twice. Use only one of the "
         "two in the whole file."),
        ("2025-03-04,12:00", "04.03.2025,12:00", "The ship or time of the report in row 6 cannot be read: IMO "
         "3000013, Date_UTC 04.03.2025, Time_UTC 12:00. Expected: an IMO number, a date such as 2025-03-01 and a time "
         "such as 14:30. All reports are needed in their order, so correct it and send the file again."),
        (",31.25,", ',"31,25",', "The number 31,25 in row 3, column ME_Consumption_HFO, has a comma. OVD expects "
         "a decimal point and no thousands separators. Correct all numbers and send the file again."),
        ("2025-03-", "2025-04-", "None of the 5 reports is of 2025-03, the period in the file name. Correct "
         "the file name."),
        (",Event,", ",Events,", "The heading lacks Event, which every OVD file of this kind needs. The heading is: "),
        (",3,68000,", ",3,x,68000,", "Row 2 has 27 cells, but the heading has 26. Put quotation marks around a cell "
         "that contains the delimiter; do not end rows with a delimiter."),
        (",3,68000,", ",3,0,68000,", "Row 2 has 27 cells, but the heading has 26. Put quotation marks around a cell "
         "that contains the delimiter; do not end rows with a delimiter."),
    ],
)  # fmt: skip
def test_log_with_a_broken_chain_is_refused(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert old in LOG
    found = receipts(tmp_path, LOG.replace(old, new))
    assert {r.verdict for r in found.values()} == {"refused"}
    assert all(r.message.startswith(f"Refused: {message}") for r in found.values()), found["rob"].message


def test_leg_without_its_departure_is_left_out(tmp_path: Path) -> None:
    rest = "\n".join([LOG_HEADING, *LOG_ROWS[1:]])
    receipt = receipts(tmp_path, rest)["voyage_legs"]
    assert receipt.rows_read == 0
    assert (6, "Event", "The file has no departure before the arrival of 3000013 in row 6, so this arrival gave no "
    "leg. "
            "Add the reports since the departure. Reports from before the period are not counted twice.") in checks_of(
        receipt, "warning")  # fmt: skip


def test_reports_before_the_period_start_a_leg_but_give_no_fuel(tmp_path: Path) -> None:
    log = LOG.replace("2025-03-01", "2025-02-28").replace("Noon,24", "Noon,48")
    found = receipts(tmp_path, log)
    assert {name: r.rows_accepted for name, r in found.items()} == {"voyage_legs": 1, "fuel_consumption": 9, "rob": 6}
    assert rows(tmp_path, log, "voyage_legs", "departure_utc::varchar") == [("2025-02-28 02:00:00",)]


def test_zeros_of_unsupported_fuels_are_ignored_and_a_misspelt_heading_is_reported(tmp_path: Path) -> None:
    zero = LOG.replace("AE_Consumption_MGO", "AE_Consumption_LPGP").replace("0,4.25,1.25", "4.25,0,1.25")
    assert checks_of(receipts(tmp_path, zero)["fuel_consumption"]) == []
    misspelt = receipts(tmp_path, LOG.replace("ME_Consumption_MGO", "ME_Consumtion_MGO"))["fuel_consumption"]
    message = "OVD has no column ME_Consumtion_MGO, so it was ignored. Is the name misspelt?"
    assert (1, "ME_Consumtion_MGO", message) in checks_of(misspelt, "warning")


def test_tables_prepared_from_one_file_are_not_used_for_the_next(tmp_path: Path) -> None:
    """The datasets of a file share prepared tables, and one process assesses many files."""
    path = tmp_path / NAME
    burned: list[float] = []
    with tempfile.TemporaryDirectory() as scratch, connect(Path(scratch)) as con:
        for content in (LOG, LOG.replace(",31.25,", ",32.25,"), LOG.replace(",02:00,", ",two,"), LOG):
            path.write_text(content, encoding="utf-8")
            found = []
            for case in cases_of(path, Limits(max_rejected_share=1)):
                found.append(assess(con, Path(scratch), case).rows_accepted)
                if case.name.dataset == "fuel_consumption" and found[-1]:
                    burned += con.execute("select sum(mass_t) from checked").fetchall()[0]
            assert sorted(found) == ([0, 0, 0] if ",two," in content else [1, 10, 15])
    assert burned == [368.25, 369.25, 368.25]
