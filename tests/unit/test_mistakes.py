"""Mistakes that new partners make, and the exact words with which they can correct the file without asking."""

import io
import json
from pathlib import Path

import pytest
import xlsxwriter

from tests.support.assessed import assessed

ROB = "imo_number,measured_utc,fuel_type,rob_t\n"
GOOD = "".join(f"3000013,2025-03-{day:02d}T12:00:00Z,VLSFO,1450\n" for day in range(1, 10))
LEGS = (
    "imo_number,from_locode,to_locode,departure_utc,arrival_utc,sailed_distance_nm,laden_teu,empty_teu,"
    "outbound_laden_teu,outbound_empty_teu,inbound_laden_teu,inbound_empty_teu,delivered_laden_teu,delivered_empty_teu\n"
)
FUEL = "imo_number,period_start_utc,period_end_utc,phase,consumer,fuel_type,bdn_number,mass_t,measurement\n"
ENERGY = "terminal_code,month,energy_carrier,end_use,supplied_to_ships,quantity,unit\n"
CALLS = "imo_number,terminal_code,tied_utc,released_utc,emission_control,connected_hours,shore_power_kwh\n"


def excel(*rows: list[object]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


MISTAKES: dict[str, tuple[str, str | bytes, list[str]]] = {
    "the name says nothing": (
        "March fuel report.csv", FUEL,
        ["The file name March fuel report.csv cannot be read. Name the file <dataset>_<period>.csv, with the period as "
         "YYYY, YYYY-Qn or YYYY-MM, for example fuel_consumption_2025-03.csv. After the period an underscore and free "
         "text may follow."],
    ),
    "the month is written short": (
        "rob_2025-3.csv", ROB + GOOD,
        ["The file name rob_2025-3.csv cannot be read. Name the file <dataset>_<period>.csv, with the period as YYYY, "
         "YYYY-Qn or YYYY-MM, for example fuel_consumption_2025-03.csv. After the period an underscore and free text "
         "may follow."],
    ),
    "the dataset has another name": (
        "bunkers_2025-03.csv", ROB,
        ["Unknown dataset bunkers. Begin the file name with one of: vessels, service_nominations, voyage_legs, "
         "fuel_consumption, "
         "bunker_deliveries, rob, port_calls, terminal_energy, terminal_activity, vessel_annual, cargo_contracts, "
         "ovd_log_abstract, ovd_bunker_report."],
    ),
    "an old Excel file": (
        "rob_2025-03.xls", b"\xd0\xcf\x11\xe0",
        ["A file ending in .xls cannot be read as rob. Send csv, xlsx, json, jsonl or parquet, optionally "
         "compressed as "
         ".gz or .zip."],
    ),
    "a workbook renamed to csv": (
        "rob_2025-03.csv", excel(["imo_number"]),
        ["The file name ends in .csv, but the content is a .xlsx file. Rename it to .xlsx."],
    ),
    "a title above the heading": (
        "rob_2025-03.csv", "Remaining on board March 2025\n" + ROB + GOOD,
        ["The heading lacks imo_number, measured_utc, fuel_type, rob_t. The heading is: Remaining on board March 2025. "
         "Add what is missing, and send it again."],
    ),
    "a column is missing": (
        "rob_2025-03.csv", "imo_number,measured_utc,rob_t\n3000013,2025-03-03T12:00:00Z,1450\n",
        ["The heading lacks fuel_type. The heading is: imo_number, measured_utc, rob_t. Add what is missing, and "
         "send it "
         "again."],
    ),
    "a column twice": (
        "rob_2025-03.csv", "imo_number,measured_utc,fuel_type,rob_t,ROB t\n",
        ["The column rob_t is in the heading twice. Keep only one of them."],
    ),
    "times without an offset": (
        "rob_2025-03.csv", ROB + GOOD + "3000013,2025-03-30 12:00,VLSFO,1450\n",
        ["2025-03-30 12:00 is not a date and time with its offset from UTC, such as 2025-03-01T14:30:00Z. "
         "Add the offset: Z for UTC, otherwise one such as +08:00."],
    ),
    "an Excel serial for a date": (
        "rob_2025-03.csv", ROB + GOOD + "3000013,45719.5,VLSFO,1450\n",
        ["45719.5 is not a date and time with its offset from UTC, such as 2025-03-01T14:30:00Z. It is "
         "the number that a spreadsheet stores for a date. Format the column as text."],
    ),
    "thousands separators": (
        "rob_2025-03.csv", ROB + GOOD + '3000013,2025-03-30T12:00:00Z,VLSFO,"1,450"\n',
        ["1,450 is not a number with a decimal point and no thousands separators, such as 1234.5. Remove the "
         "thousands separators."],
    ),
    "thousands parted by points": (
        "rob_2025-03.csv", (ROB + GOOD + "3000013,2025-03-30T12:00:00Z,VLSFO,1.450\n").replace(",", ";"),
        ["It is not clear whether 1.450 has a thousands separator or decimals. The cells are separated by "
         "semicolons, as "
         "in countries with a decimal comma, and no other number settles it. Remove the thousands separators, or "
         "separate the cells by commas."],
    ),
    "a unit in the cell": (
        "rob_2025-03.csv", ROB + GOOD + "3000013,2025-03-30T12:00:00Z,VLSFO,1450 mt\n",
        ["1450 mt is not a number with a decimal point and no thousands separators, such as 1234.5. Leave only the "
         "number in the cell."],
    ),
    "a fuel by another name": (
        "rob_2025-03.csv", ROB + GOOD + "3000013,2025-03-30T12:00:00Z,vlsfo 0.5%,1450\n",
        ["vlsfo 0.5% is not allowed here. Write one of: HFO, VLSFO, ULSFO, LFO, MGO, MDO, LNG, BIO_LNG, METHANOL, "
         "BIO_METHANOL, "
         "E_METHANOL, FAME, HVO, NH3, H2."],
    ),
    "a digit of the IMO number turned": (
        "rob_2025-03.csv", ROB + GOOD + "3000031,2025-03-30T12:00:00Z,VLSFO,1450\n",
        ["3000031 is not an IMO number, which has seven digits, the last a check digit. Look it up and correct it."],
    ),
    "a row of the next month": (
        "rob_2025-03.csv", ROB + GOOD + "3000013,2025-04-01T00:00:00Z,VLSFO,1450\n",
        ["The row ends on 2025-04-01, outside 2025-03, the period in the file name. Send it in the file of its own "
         "period."],
    ),
    "the same row twice": (
        "rob_2025-03.csv", ROB + GOOD + GOOD.splitlines()[0].replace("1450", "1400") + "\n",
        ["Rows 2, 11 have the same imo_number, measured_utc, fuel_type. Keep only the row that is right."] * 2,
    ),
    "kilograms for tonnes": (
        "fuel_consumption_2025-03.csv",
        FUEL + "3000013,2025-03-01T00:00:00Z,2025-03-02T00:00:00Z,sea,main_engine,VLSFO,,92400,flow_meter\n",
        ["92400 t between 2025-03-01T00:00:00Z and 2025-03-02T00:00:00Z is more than 300 t a day. Check whether "
         "the mass is in kilograms, and the interval."],
    ),
    "MWh for kWh": (
        "terminal_energy_2025-03.csv", ENERGY + "SMPL-T1,2025-03,electricity,yard_equipment,false,412,kwh\n",
        ["412 kWh is little for a month of a container terminal. Check whether the quantity is in MWh."],
    ),
    "a port by its name": (
        "voyage_legs_2025-03.csv",
        LEGS + "3000013,Shanghai,USLAX,2025-03-01T00:00:00Z,2025-03-15T00:00:00Z,5795,10,1,10,1,0,0,10,1\n",
        ["Shanghai is not a UN/LOCODE. Write the five characters of the port, such as USLAX."],
    ),
    "an arrival before the departure": (
        "voyage_legs_2025-03.csv",
        LEGS + "3000013,CNSHA,USLAX,2025-03-15T00:00:00Z,2025-03-01T00:00:00Z,5795,10,1,10,1,0,0,10,1\n",
        ["2025-03-01T00:00:00Z is not after 2025-03-15T00:00:00Z, the departure_utc. Correct the wrong one."],
    ),
    "blanks where there was nothing": (
        "voyage_legs_2025-03.csv",
        LEGS + "3000013,CNSHA,USLAX,2025-03-01T00:00:00Z,2025-03-15T00:00:00Z,5795,10,1,10,1,,,10,1\n",
        ["A TEU column is blank, so leg and voyage cannot be counted. Fill it in; write 0 if there was none."],
    ),
    "more corridor boxes than boxes": (
        "voyage_legs_2025-03.csv",
        LEGS + "3000013,CNSHA,USLAX,2025-03-01T00:00:00Z,2025-03-15T00:00:00Z,5795,10,1,12,1,0,0,12,1\n",
        ["Corridor laden TEU (12 outbound, 0 inbound) are more than the 10 laden TEU on board. Correct the wrong "
         "ones."],
    ),
    "hours in minutes": (
        "port_calls_2025-03.csv",
        CALLS + "3000013,SMPL-T1,2025-03-01T00:00:00Z,2025-03-04T00:00:00Z,shore_power,3870,98000\n",
        ["98000 kWh in the hours connected is outside 200 to 7,500 kW. Check the unit and the hours."],
    ),
    "a nested object": (
        "rob_2025-03.json", json.dumps([{"imo_number": "3000013", "rob": {"VLSFO": 1450}}]),
        ["The value of rob in row 1 is a list or an object. Give one value."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_receipt_explains_a_common_mistake(mistake: str, tmp_path: Path) -> None:
    name, content, messages = MISTAKES[mistake]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert [finding["message"] for finding in assessed(path).findings] == messages
