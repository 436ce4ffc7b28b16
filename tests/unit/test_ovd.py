"""Logs and delivery notes in OVD's layout as rows of the datasets, with figures worked out by hand."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
import xlsxwriter

from orchestration.core.corridor_file import Limits
from orchestration.core.settings import PROJECT_ROOT
from orchestration.submissions.assessment import judge
from orchestration.submissions.checks import table_check as check
from orchestration.submissions.formats.ovd_columns import columns_read
from orchestration.submissions.local_check import cases_of
from orchestration.submissions.receipt import Receipt
from tests.support.ovd_sample import BUNKERS, BY_NOTE, BY_NOTE_HEADING, LOG, LOG_HEADING, LOG_ROWS

FIXTURES = PROJECT_ROOT / "tests" / "fixtures" / "formats"
NAME = "ovd_log_abstract_2025-03.csv"


def receipts(folder: Path, content: str | bytes, name: str = NAME) -> dict[str | None, Receipt]:
    """Of each dataset the receipt."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with tempfile.TemporaryDirectory() as scratch, check.connect(Path(scratch)) as con:
        found = [judge(con, Path(scratch), case) for case in cases_of(path, Limits(max_rejected_share=1))]
    assert all(r.rows_accepted + r.rows_rejected == r.rows_read for r in found)
    return {receipt.dataset: receipt for receipt in found}


def rows(folder: Path, content: str | bytes, dataset: str, columns: str, name: str = NAME) -> list[tuple[object, ...]]:
    """The accepted rows of one dataset."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (case,) = (case for case in cases_of(path, Limits(max_rejected_share=1)) if case.name.dataset == dataset)
    with tempfile.TemporaryDirectory() as scratch, check.connect(Path(scratch)) as con:
        judge(con, Path(scratch), case)
        unless = "row_number not in (select row_number from rejected)"
        return con.execute(f"select {columns} from checked where {unless} order by row_number").fetchall()


def told(receipt: Receipt, severity: str = "error") -> list[tuple[object, object, object]]:
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
def test_every_column_is_one_of_dnvs_own_list(layout: str, heading: str) -> None:
    with (FIXTURES / f"ovd35_{layout}_columns.csv").open(encoding="utf-8") as file:
        known = {row["field"].lower() for row in csv.DictReader(file)}
    assert {name.lower() for name in heading.split(",")} - known == set()


def test_a_leg_runs_from_departure_to_arrival_and_adds_the_distances_between(tmp_path: Path) -> None:
    leg = "from_locode, to_locode, service_code, departure_utc::varchar, arrival_utc::varchar, sailed_distance_nm"
    assert rows(tmp_path, LOG, "voyage_legs", leg) == [
        # 170 + 460 (the corrected report) + 920 + 120.5
        ("CNSHA", "USLAX", "SMPL-TP1", "2025-03-01 02:00:00", "2025-03-05 00:00:00", 1670.5)
    ]
    cargo = "laden_teu, empty_teu, reefer_teu, cargo_mass_t, outbound_laden_teu, delivered_empty_teu"
    assert rows(tmp_path, LOG, "voyage_legs", cargo) == [(6100, 900, 420, 68000, None, None)]


def test_fuel_by_type_has_the_interval_since_the_report_before(tmp_path: Path) -> None:
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


def test_fuel_by_note_leaves_the_fuel_to_the_note_and_a_blank_is_unknown(tmp_path: Path) -> None:
    columns = "consumer::varchar, fuel_type::varchar, bdn_number, mass_t, measurement::varchar"
    found = rows(tmp_path, BY_NOTE, "fuel_consumption", columns, "ovd_log_abstract_2025-03_bdn.csv")
    assert found[3:] == [
        ("main_engine", None, "SMPL-B1", 70.5, "bdn"),
        ("main_engine", None, "SMPL-B2", 20, "bdn"),
        # The boiler's can only be the note that both engines name.
        ("boiler", None, "SMPL-B1", 1.5, "bdn"),
        ("aux_engine", None, "SMPL-B1", 6.5, "bdn"),
        ("main_engine", None, "SMPL-B1", None, "bdn"),
        ("aux_engine", None, "SMPL-B1", 6.5, "bdn"),
    ]
    receipt = receipts(tmp_path, BY_NOTE)["fuel_consumption"]
    assert told(receipt) == [
        (4, "Boiler_Consumption", "1.5 t were burned in a boiler, and OVD has no column for its delivery note; those "
         "of main and auxiliary engine differ or are blank. File the boilers as fuel_consumption, or the whole log by "
         "fuel type."),
        (4, "Boiler_Consumption", "Boiler_Consumption is blank, and no bdn_number says what was burned. Fill in one of "
         "them."),
    ]  # fmt: skip
    assert "Left aside: ME_1_Consumption 90.500 t, because" in str([m for *_, m in told(receipt, "warning")])


@pytest.mark.parametrize("column", ["GCU_Consumption", "IGG_Consumption", "Incinerator_Consumption_O"])
def test_fuel_that_is_not_named_makes_the_boilers_of_its_interval_unknown(column: str, tmp_path: Path) -> None:
    columns = "period_start_utc::varchar, consumer::varchar, fuel_type::varchar, bdn_number, mass_t"
    # Beside the boiler's own 3 t another 3.2 t were burned; the zero of the next report changes nothing.
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
    assert (6, f"Boiler_Consumption_HFO + {column}", f"OVD does not say which fuel this was: {column} 3.2 t. So the "
            "mass that boilers burned is unknown here, and the leg or stay it belongs to cannot be counted.") in told(
        receipt, "warning")  # fmt: skip
    heading, departure, noon, last = BY_NOTE.splitlines()
    by_note = "\n".join([f"{heading},{column}", f"{departure},", f"{noon},3.2", f"{last},0"])
    found = rows(tmp_path, by_note, "fuel_consumption", columns)
    assert [row for row in found if row[1] == "boiler"] == [
        ("2025-02-28 06:00:00", "boiler", None, "SMPL-B1", 2.5),
        ("2025-03-01 02:00:00", "boiler", None, "SMPL-B1", None),
    ]


def test_the_receipt_says_what_was_replaced_left_aside_and_cannot_be_known(tmp_path: Path) -> None:
    found = receipts(tmp_path, LOG)
    of_legs, of_fuel = (
        [str(m) for *_, m in told(found[name], "warning")] for name in ("voyage_legs", "fuel_consumption")
    )
    assert of_legs[0] == (
        "The report of the same ship and minute that stands later counts: 1 replaced (row 4 by row 5)."
    )
    assert of_legs[2].startswith("OVD has no columns for corridor cargo, so these legs stay incomplete")
    assert of_fuel[1:4] == [
        "From 5 reports of the period 15 rows of fuel_consumption were made; read, accepted and rejected count these "
        "rows.",
        "Left aside: Cargo_heating_Consumption_HFO 0.250 t, because they are portions of what main engine, auxiliary "
        "engine and boiler burned.",
        "Shore_Side_Electricity_Reception, 41000.000 kWh in all, is neither a leg nor fuel: file it as port_calls.",
    ]
    assert [r.verdict for r in found.values()] == ["accepted_with_warnings"] * 3


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(LOG.splitlines()):
            for place, cell in enumerate(line.split(",")):
                sheet.write(number, place, float(cell) if cell.replace(".", "", 1).isdigit() else cell)
    found = receipts(tmp_path, content.getvalue(), "ovd_log_abstract_2025-03.xlsx")
    assert {name: r.rows_accepted for name, r in found.items()} == {"voyage_legs": 1, "fuel_consumption": 15, "rob": 10}


def test_what_was_taken_off_the_ship_again_is_a_delivery_of_less_than_nothing(tmp_path: Path) -> None:
    columns = "bdn_number, delivered_utc::varchar, fuel_type::varchar, mass_t, sulphur_pct"
    assert rows(tmp_path, BUNKERS, "bunker_deliveries", columns, "ovd_bunker_report_2025-03.csv") == [
        ("SMPL-B1", "2025-03-01 01:00:00", "HFO", 1200, 0.48),
        ("SMPL-B2", "2025-03-04 06:00:00", "MGO", 60, 0.08),
        ("SMPL-B2 de-bunkered", "2025-03-04 09:00:00", "MGO", -10, None),
    ]
    receipt = receipts(tmp_path, BUNKERS, "ovd_bunker_report_2025-03.csv")["bunker_deliveries"]
    assert told(receipt, "warning")[0][2] == (
        "OVD does not state the time zone of Bunker_Delivery_Time: it was read as UTC."
    )


@pytest.mark.parametrize(
    ("old", "new", "dataset", "finding"),
    [
        (",31.25,", ",n/a,", "fuel_consumption", (3, "ME_Consumption_HFO", "ME_Consumption_HFO n/a is not a number "
         "with a decimal point and no thousands separators, such as 1234.5.")),
        ("Noon,48,", "Noon,24,", "fuel_consumption", (6, "Time_Since_Previous_Report", "Time_Since_Previous_Report "
         "says 24.0 h, and the report before, in row 5, is 48.0 h earlier. Is a report missing? Add it, or correct the "
         "hours.")),
        ("Noon,48,", "Noon,24,", "voyage_legs", (6, "Time_Since_Previous_Report", "The report before is not as long "
         "ago as this one says, so a report of the leg that arrives in row 7 is missing and its distance is not known. "
         "Add the report, or correct the hours.")),
        ("CNSHA,USLAX,012E,SMPL-TP1,Arrival", "CNNGB,USLAX,012E,SMPL-TP1,Arrival", "voyage_legs", (7, "Voyage_From",
         "The arrival says the ship came from CNNGB, the departure in row 2 that it left CNSHA. Correct one of them.")),
        ("1661.5,350", "1661.5,-350", "rob", (6, "MGO_ROB", "MGO_ROB -350 is less than the least it can be, 0.")),
        ("HFO_ROB,MGO_ROB", "HFO_ROB,LPGP_ROB", "rob", (2, "LPGP_ROB", "300 t of LPG (propane) cannot be counted: "
         "there is no fuel_type for it. Ask the secretariat to add one.")),
    ],
)  # fmt: skip
def test_a_finding_points_at_the_row_and_the_column_of_the_log(
    old: str, new: str, dataset: str, finding: tuple[object, object, object], tmp_path: Path
) -> None:
    assert old in LOG
    assert finding in told(receipts(tmp_path, LOG.replace(old, new))[dataset])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Boiler_Consumption_HFO", "Boiler_Consumption", "Fuel is given both by type (such as ME_Consumption_HFO) and "
         "by delivery note (such as ME_Consumption with ME_Fuel_BDN), and would count twice. Keep one of them for the "
         "whole file."),
        ("2025-03-04,12:00", "04.03.2025,12:00", "Row 6 cannot be placed: IMO 3000013, Date_UTC 04.03.2025, Time_UTC "
         "12:00. Expected: an IMO number, a date such as 2025-03-01 and a time such as 14:30. Reports are read in "
         "their order, so correct it and send the file again."),
        (",31.25,", ',"31,25",', "ME_Consumption_HFO 31,25 in row 3 has a comma. OVD has a decimal point and no "
         "thousands separators: write it so and send the file again."),
        ("2025-03-", "2025-04-", "None of its 5 reports is of 2025-03, the period of the file. Correct the "
         "file's name."),
        (",Event,", ",Events,", "The heading lacks Event, which every OVD file of this kind has. It has: "),
        (",3,68000,", ",3,x,68000,", "Row 2 has 27 cells and the heading has 26. Put quotation marks around a cell "
         "that holds the delimiter; a row needs none at its end."),
        (",3,68000,", ",3,0,68000,", "Row 2 has 27 cells and the heading has 26. Put quotation marks around a cell "
         "that holds the delimiter; a row needs none at its end."),
    ],
)  # fmt: skip
def test_a_log_with_a_broken_link_is_refused_whole(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert old in LOG
    found = receipts(tmp_path, LOG.replace(old, new))
    assert {r.verdict for r in found.values()} == {"refused"}
    assert all(r.message.startswith(f"Refused: {message}") for r in found.values()), found["rob"].message


def test_a_leg_that_began_before_the_file_is_not_made_up(tmp_path: Path) -> None:
    rest = "\n".join([LOG_HEADING, *LOG_ROWS[1:]])
    receipt = receipts(tmp_path, rest)["voyage_legs"]
    assert receipt.rows_read == 0
    assert (6, "Event", "3000013 arrives in row 6, and the file has no departure before it, so no leg was made up. Put "
            "the reports since the departure into the file; those before the period are not counted again.") in told(
        receipt, "warning")  # fmt: skip


def test_reports_before_the_period_tell_where_a_leg_began_and_burn_nothing_in_it(tmp_path: Path) -> None:
    log = LOG.replace("2025-03-01", "2025-02-28").replace("Noon,24", "Noon,48")
    found = receipts(tmp_path, log)
    assert {name: r.rows_accepted for name, r in found.items()} == {"voyage_legs": 1, "fuel_consumption": 9, "rob": 6}
    assert rows(tmp_path, log, "voyage_legs", "departure_utc::varchar") == [("2025-02-28 02:00:00",)]


def test_zeros_of_fuels_without_a_type_are_no_fault_and_a_misspelt_heading_is_told(tmp_path: Path) -> None:
    zero = LOG.replace("AE_Consumption_MGO", "AE_Consumption_LPGP").replace("0,4.25,1.25", "4.25,0,1.25")
    assert told(receipts(tmp_path, zero)["fuel_consumption"]) == []
    misspelt = receipts(tmp_path, LOG.replace("ME_Consumption_MGO", "ME_Consumtion_MGO"))["fuel_consumption"]
    assert (1, "ME_Consumtion_MGO", "ME_Consumtion_MGO is no column of OVD and was ignored. Is it misspelt?") in told(
        misspelt, "warning"
    )


def test_what_was_laid_out_of_one_file_is_nothing_to_the_next_of_its_name(tmp_path: Path) -> None:
    """Datasets of a file share what was read of it, and the process that judges goes from file to file."""
    path = tmp_path / NAME
    burned: list[float] = []
    with tempfile.TemporaryDirectory() as scratch, check.connect(Path(scratch)) as con:
        for content in (LOG, LOG.replace(",31.25,", ",32.25,"), LOG.replace(",02:00,", ",two,"), LOG):
            path.write_text(content, encoding="utf-8")
            found = []
            for case in cases_of(path, Limits(max_rejected_share=1)):
                found.append(judge(con, Path(scratch), case).rows_accepted)
                if case.name.dataset == "fuel_consumption" and found[-1]:
                    burned += con.execute("select sum(mass_t) from checked").fetchall()[0]
            assert sorted(found) == ([0, 0, 0] if ",two," in content else [1, 10, 15])
    assert burned == [368.25, 369.25, 368.25]
