"""Faults planted in fuel consumption and delivery notes of the sample.

Belongs here: the change to the files and its description for data/README.md.
Does not belong here: how a fault is caught.
Every function takes the folder of inboxes, changes files in it, and returns a description of the change.
"""

from datetime import datetime, timedelta
from pathlib import Path

from orchestration.sample.editing import change_row, find_rows, read_rows, rewrite_rows
from orchestration.sample.fault import Fault


def late_month(inbox: Path) -> Fault:
    """Remove the fuel file of a month."""
    file = "SMPL-AURORA/fuel_consumption_2025-11.csv"
    (inbox / file).unlink()
    return Fault(
        "a late month",
        file,
        "the whole file",
        "not filed by the as-of day: the legs and stays that need it are incomplete; `corridor status` shows it as due",
        "coverage of November and December 2025",
    )


def bad_rows(inbox: Path) -> Fault:
    """Plant three rows with errors of different kinds."""
    file = "SMPL-DELTA/fuel_consumption_2024-Q2.csv.gz"
    # A short leg has one main engine row, so that its rejection leaves the leg without any.
    short = find_rows(inbox / file, lambda r: r["consumer"] == "main_engine" and _hours(r) in range(40, 70), 9)
    (digit, a), (number, b), (fuel, c) = short[::4]
    imo = a["imo_number"]
    wrong = {
        digit: a | {"imo_number": imo[:-1] + str((int(imo[-1]) + 1) % 10)},
        number: b | {"mass_t": b["mass_t"].replace(".", ",") + " t"},
        fuel: c | {"fuel_type": "GASOIL"},
    }
    rewrite_rows(inbox / file, lambda i, row: wrong.get(i, row))
    return Fault(
        "a file with bad rows",
        file,
        f"{digit + 2}, {number + 2}, {fuel + 2}",
        "a wrong IMO check digit, text in a number, an unknown fuel: the three rows are rejected. Every leg and stay "
        "that a row may belong to is incomplete. For the row without a vessel these are all legs and stays of the "
        "carrier at that time",
        "coverage of April and the second quarter of 2024: eight legs and two stays are incomplete",
    )


def wrong_unit(inbox: Path) -> Fault:
    """Turn the fuel at sea of a month into kilograms."""
    file = "SMPL-AURORA/fuel_consumption_2024-08.csv"

    def in_kg(_: int, row: dict[str, str]) -> dict[str, str]:
        return row | {"mass_t": f"{float(row['mass_t']) * 1000:.0f}"} if row["phase"] == "sea" else row

    rewrite_rows(inbox / file, in_kg)
    return Fault(
        "a file in the wrong unit",
        file,
        "all with phase sea",
        "the noon reports were exported in kg: most rows break the rule of 300 t per day, so the whole file is refused",
        "coverage of August and September 2024",
    )


def leg_without_fuel(inbox: Path) -> Fault:
    """Remove all fuel rows of a leg."""
    file = "SMPL-BOREAL/fuel_consumption_2024-Q4.csv.gz"
    legs = inbox / "SMPL-BOREAL/voyage_legs_2024-Q4.csv.gz"
    ((_, leg),) = find_rows(legs, lambda r: r["from_locode"] == "CNSHA" and r["departure_utc"] > "2024-10-10")

    def burned_on_it(row: dict[str, str]) -> bool:
        during = leg["departure_utc"] <= row["period_start_utc"] < leg["arrival_utc"]
        return during and row["imo_number"] == leg["imo_number"]

    rewrite_rows(inbox / file, lambda _, row: None if burned_on_it(row) else row)
    return Fault(
        "a leg without fuel",
        file,
        "missing rows",
        f"no fuel is filed for {leg['imo_number']} from {leg['from_locode']} to {leg['to_locode']}, departure "
        f"{leg['departure_utc']}: the leg is incomplete; its voyage counts in neither numerator nor denominator",
        "coverage of the month of its arrival; the intensity must not look better",
    )


def across_two_months(inbox: Path) -> Fault:
    """Describe a fuel row that begins in one month and ends in the next."""
    file = "SMPL-AURORA/fuel_consumption_2024-05.csv"
    ((i, row),) = find_rows(
        inbox / file, lambda r: r["consumer"] == "main_engine" and r["period_start_utc"] < "2024-05"
    )
    return Fault(
        "a fuel row across two months",
        file,
        str(i + 2),
        f"from {row['period_start_utc']} to {row['period_end_utc']}: filed in the month of its end, never split; "
        "it belongs to the leg in which it starts",
        "counts in the month of its voyage's last delivery",
    )


def fuel_without_factor(inbox: Path) -> Fault:
    """Turn a fuel row into ammonia."""
    file = "SMPL-FATHOM/fuel_consumption_2025.csv.gz"
    row = change_row(
        inbox / file,
        lambda r: r["consumer"] == "aux_engine" and float(r["mass_t"]) > 60,
        fuel_type="NH3",
        bdn_number="",
        mass_t="281.5",
    )
    return Fault(
        "a fuel without a factor",
        file,
        row,
        "an ammonia trial, for which no method has a factor: emissions are unknown, so the leg is incomplete",
        "coverage and energy_without_factor_share of its month, quarter and 2025",
    )


def over_claimed(inbox: Path) -> Fault:
    """Let a fuel row name a delivery note whose certified mass is used up."""
    file = "SMPL-FATHOM/fuel_consumption_2025.csv.gz"
    ((_, first),) = find_rows(inbox / file, lambda r: r["fuel_type"] == "BIO_METHANOL")
    used_up = first["bdn_number"]
    *_, last = (row for row in read_rows(inbox / file) if row["bdn_number"] == used_up)

    def is_later(row: dict[str, str]) -> bool:
        same = row["imo_number"] == last["imo_number"] and row["fuel_type"] == "BIO_METHANOL"
        return same and row["period_start_utc"] > last["period_start_utc"]

    row = change_row(inbox / file, is_later, bdn_number=used_up)
    return Fault(
        "an over-claimed certificate",
        file,
        row,
        f"names {used_up}, whose certified mass is already used up: the excess takes the fossil factor pro rata, "
        "which is a data issue of severity error",
        "certified_energy_share and the intensity of the voyages that burned it",
    )


def missing_delivery_note(inbox: Path) -> Fault:
    """Remove a delivery note that fuel rows name."""
    file = "SMPL-ESTRELA/bunker_deliveries_2024-Q3.csv"
    ((_, note),) = find_rows(inbox / file, lambda r: r["fuel_type"] == "HFO")
    rewrite_rows(inbox / file, lambda _, row: None if row == note else row)
    return Fault(
        "a missing delivery note",
        file,
        "a missing row",
        f"fuel rows name {note['bdn_number']}, which is not filed: a data issue; sulphur is unknown, so HFO takes the "
        "16.8 g/MJ row with evidence one_source",
        "emissions of those voyages (slightly higher) and their fuel balance",
    )


def _hours(fuel_row: dict[str, str]) -> int:
    start, end = (datetime.fromisoformat(fuel_row[f"period_{edge}_utc"]) for edge in ("start", "end"))
    return (end - start) // timedelta(hours=1)
