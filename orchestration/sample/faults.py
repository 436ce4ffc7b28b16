"""Life's faults, planted in the filed sample one by one: those of legs, calls and ships, and the list of all.

Belongs here: the change to the files and the words for data/README.md. Does not belong here: how a fault is caught.
Every function takes the inbox, changes what it must, and tells where it did.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.sample import fuel_faults
from orchestration.sample.editing import change_row, find_rows, read_rows, rewrite_rows
from orchestration.sample.fault import Fault
from orchestration.sample.network import UNFILED


def plant_faults(inbox: Path) -> list[Fault]:
    """Change the files of a full-size sample; the faults in the order of the table in data/README.md."""
    return [plant(inbox) for plant in PLANTED]


def resubmission(inbox: Path) -> Fault:
    file = "SMPL-AURORA/voyage_legs_2024-03.csv"
    path = inbox / file
    rewrite_rows(path, lambda _, row: row, to=path.with_name("voyage_legs_2024-03_corrected.csv"))
    (km, far), (tenth, other) = find_rows(path, lambda r: _ocean(r) and r["delivered_laden_teu"] != "0", 2)
    wrong = {
        km: far | {"sailed_distance_nm": f"{float(far['sailed_distance_nm']) * 1.852:.1f}"},
        tenth: other | {"delivered_laden_teu": str(int(other["delivered_laden_teu"]) // 10)},
    }
    rewrite_rows(path, lambda i, row: wrong.get(i, row))
    return Fault(
        "a resubmission that corrects",
        file,
        f"{km + 2}, {tenth + 2}",
        "a distance in km (row rejected, faster than 27 kn) and a tenth of the boxes delivered (accepted); "
        "`voyage_legs_2024-03_corrected.csv` replaces the file whole",
        "none once it is replaced",
    )


def empty_teu(inbox: Path) -> Fault:
    file = "SMPL-CORAL/voyage_legs_2025-Q1.csv.gz"
    leg = change_row(
        inbox / file, lambda r: _ocean(r) and r["departure_utc"] > "2025-01-20", laden_teu="", empty_teu=""
    )
    return Fault(
        "a leg with empty TEU",
        file,
        leg,
        "laden_teu and empty_teu are blank: a warning to the sender, the leg is incomplete, never counted as 0",
        "coverage of the first quarter of 2025",
    )


def two_visits(inbox: Path) -> Fault:
    file = "SMPL-BITTERN/port_calls_2024.csv"
    ((i, row),) = find_rows(inbox / file, lambda r: r["visit_id"].endswith("S"))
    return Fault(
        "two visits in one stay",
        file,
        str(i + 2),
        f"visit {row['visit_id']} follows {row['visit_id'].removesuffix('S')} at another terminal "
        "(`SMPL-CORMORANT/port_calls_2024.csv`): both attach to one stay, hours and boxes are summed",
        "shore power, berth hours and the stay's share",
    )


def leg_from_another_port(inbox: Path) -> Fault:
    file = "SMPL-DELTA/voyage_legs_2025-Q2.csv.gz"
    leg = change_row(
        inbox / file,
        lambda r: r["from_locode"] == "CNYTN" and r["departure_utc"] > "2025-04-20",
        from_locode="CNXMN",
    )
    return Fault(
        "a leg from another port",
        file,
        leg,
        "the ship had last arrived at CNYTN: an error finding, the chain is broken there",
        "coverage of the second quarter of 2025",
    )


def overlapping_legs(inbox: Path) -> Fault:
    file = "SMPL-ESTRELA/voyage_legs_2025-Q3.csv.gz"
    ((i, leg),) = find_rows(inbox / file, lambda r: r["from_locode"] == "CNSHA" and r["departure_utc"] > "2025-07-20")
    earlier = (r for r in read_rows(inbox / file) if r["imo_number"] == leg["imo_number"])
    *_, before = (r for r in earlier if r["arrival_utc"] < leg["departure_utc"])
    change_row(inbox / file, lambda r: r == leg, departure_utc=_shifted(before["arrival_utc"], -9))
    return Fault(
        "overlapping legs",
        file,
        str(i + 2),
        f"departs 9 h before the ship's leg before it arrives ({before['arrival_utc']}): an error finding, neither is "
        "complete",
        "coverage of the third quarter of 2025",
    )


def unfiled_ships(inbox: Path) -> Fault:
    names = [f"SMPL-MV-{service.removeprefix('SMPL-')}-{number:02d}" for service, number in UNFILED]
    registers = [inbox / carrier / "vessels_2024.csv" for carrier in ("SMPL-DELTA", "SMPL-FATHOM")]
    ships = [row["imo_number"] for path in registers for row in read_rows(path) if row["vessel_name"] in names]
    return Fault(
        "ships nobody files for",
        "SMPL-DELTA/, SMPL-FATHOM/",
        "rows that are not there",
        f"{' and '.join(ships)} are in the registers and call at the terminals, but no voyage or fuel is filed: their "
        "calls attach to no stay, a finding",
        "coverage throughout",
    )


def disagreeing_filings(inbox: Path) -> Fault:
    file = "SMPL-CORAL/port_calls_2024.csv"
    ((i, call),) = find_rows(inbox / file, lambda r: r["terminal_code"] == "SMPL-LAX2")
    change_row(inbox / file, lambda r: r == call, released_utc=_shifted(call["released_utc"], 3))
    return Fault(
        "two filings that disagree",
        file,
        str(i + 2),
        "the carrier has the ship released 3 h later than the terminal: a finding, the terminal's time counts",
        "none",
    )


def _ocean(leg: dict[str, str]) -> bool:
    return float(leg["sailed_distance_nm"]) > 4500


def _shifted(moment: str, hours: int) -> str:
    return f"{datetime.fromisoformat(moment) + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"


PLANTED: tuple[Callable[[Path], Fault], ...] = (
    fuel_faults.late_month,
    resubmission,
    fuel_faults.bad_rows,
    fuel_faults.wrong_unit,
    fuel_faults.leg_without_fuel,
    empty_teu,
    fuel_faults.across_two_months,
    two_visits,
    fuel_faults.fuel_without_factor,
    fuel_faults.over_claimed,
    leg_from_another_port,
    overlapping_legs,
    fuel_faults.missing_delivery_note,
    unfiled_ships,
    disagreeing_filings,
)
