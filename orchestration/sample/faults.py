"""Faults planted in legs, calls and ships of the sample, and the list of all faults.

Belongs here: the change to the files and its description for data/README.md.
Does not belong here: how a fault is caught.
Every function takes the folder of inboxes, changes files in it, and returns a description of the change.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.sample import fuel_faults
from orchestration.sample.editing import change_row, find_rows, read_rows, rewrite_rows
from orchestration.sample.fault import Fault
from orchestration.sample.network import UNFILED


def plant_faults(inbox: Path) -> list[Fault]:
    """Change the files of a full-size sample; return the faults in the order of the table in data/README.md."""
    return [plant(inbox) for plant in PLANTED]


def resubmission(inbox: Path) -> Fault:
    """Plant a distance in km and a tenth of the boxes, and file the corrected legs as well."""
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
        "a distance in km (the row is rejected, because it is faster than 27 kn) and a tenth of the boxes delivered "
        "(accepted); `voyage_legs_2024-03_corrected.csv` replaces the whole file",
        "none after the replacement",
    )


def empty_teu(inbox: Path) -> Fault:
    """Blank the TEU of a leg."""
    file = "SMPL-CORAL/voyage_legs_2025-Q1.csv.gz"
    leg = change_row(
        inbox / file, lambda r: _ocean(r) and r["departure_utc"] > "2025-01-20", laden_teu="", empty_teu=""
    )
    return Fault(
        "a leg with empty TEU",
        file,
        leg,
        "laden_teu and empty_teu are blank: the sender gets a warning; the leg is incomplete and never counts as 0",
        "coverage of the first quarter of 2025",
    )


def two_visits(inbox: Path) -> Fault:
    """Describe the call that was worked at two terminals."""
    file = "SMPL-BITTERN/port_calls_2024.csv"
    ((i, row),) = find_rows(inbox / file, lambda r: r["visit_id"].endswith("S"))
    return Fault(
        "two visits in one stay",
        file,
        str(i + 2),
        f"visit {row['visit_id']} follows {row['visit_id'].removesuffix('S')} at another terminal "
        "(`SMPL-CORMORANT/port_calls_2024.csv`): both belong to one stay, whose hours and boxes are summed",
        "shore power, berth hours and the stay's share",
    )


def leg_from_another_port(inbox: Path) -> Fault:
    """Let a leg depart from another port than the last arrival."""
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
        "the ship had last arrived at CNYTN: a data issue of severity error; the leg is incomplete",
        "coverage of the second quarter of 2025",
    )


def overlapping_legs(inbox: Path) -> Fault:
    """Let a leg depart before the previous one arrives."""
    file = "SMPL-ESTRELA/voyage_legs_2025-Q3.csv.gz"
    ((i, leg),) = find_rows(inbox / file, lambda r: r["from_locode"] == "CNSHA" and r["departure_utc"] > "2025-07-20")
    earlier = (r for r in read_rows(inbox / file) if r["imo_number"] == leg["imo_number"])
    *_, before = (r for r in earlier if r["arrival_utc"] < leg["departure_utc"])
    change_row(inbox / file, lambda r: r == leg, departure_utc=_shifted(before["arrival_utc"], -9))
    return Fault(
        "overlapping legs",
        file,
        str(i + 2),
        f"departs 9 h before the ship's previous leg arrives ({before['arrival_utc']}): a data issue of severity "
        "error; both legs are incomplete",
        "coverage of the third quarter of 2025",
    )


def unfiled_ships(inbox: Path) -> Fault:
    """Describe the ships for which no carrier files voyages."""
    names = [f"SMPL-MV-{service.removeprefix('SMPL-')}-{number:02d}" for service, number in UNFILED]
    registers = [inbox / carrier / "vessels_2024.csv" for carrier in ("SMPL-DELTA", "SMPL-FATHOM")]
    ships = [row["imo_number"] for path in registers for row in read_rows(path) if row["vessel_name"] in names]
    return Fault(
        "ships without filed voyages",
        "SMPL-DELTA/, SMPL-FATHOM/",
        "missing rows",
        f"{' and '.join(ships)} are in the registers and call at the terminals, but no voyage or fuel is filed: their "
        "calls belong to no stay, which is a data issue",
        "coverage throughout",
    )


def disagreeing_filings(inbox: Path) -> Fault:
    """Let the carrier report a later release than the terminal."""
    file = "SMPL-CORAL/port_calls_2024.csv"
    ((i, call),) = find_rows(inbox / file, lambda r: r["terminal_code"] == "SMPL-LAX2")
    change_row(inbox / file, lambda r: r == call, released_utc=_shifted(call["released_utc"], 3))
    return Fault(
        "two filings that disagree",
        file,
        str(i + 2),
        "the carrier reports the release 3 h later than the terminal: a data issue; the terminal's time counts",
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
