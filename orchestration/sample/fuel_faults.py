"""Faults planted in fuel consumption and delivery notes, each with what becomes of it.

Belongs here: the change to the files and the words for data/README.md. Does not belong here: how a fault is caught.
Every function takes the inbox, changes what it must, and tells where it did.
"""

from datetime import datetime, timedelta
from pathlib import Path

from orchestration.sample.editing import change_row, find_rows, read_rows, rewrite_rows
from orchestration.sample.fault import Fault


def late_month(inbox: Path) -> Fault:
    file = "SMPL-AURORA/fuel_consumption_2025-11.csv"
    (inbox / file).unlink()
    return Fault(
        "a late month",
        file,
        "the whole file",
        "not filed by the as-of date: the legs and stays that needed it are incomplete, `corridor status` shows it due",
        "coverage of November and December 2025",
    )


def bad_rows(inbox: Path) -> Fault:
    file = "SMPL-DELTA/fuel_consumption_2024-Q2.csv.gz"
    # Short legs have one main engine row each, so that a rejected row leaves its leg without any.
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
        "a wrong IMO check digit, text in a number, an unknown fuel: the three rows are rejected, and what they may "
        "belong to is incomplete: a leg each, and of the one without a vessel all legs and stays of the carrier at "
        "that time",
        "coverage of April and the second quarter of 2024: eight legs and two stays are incomplete",
    )


def wrong_unit(inbox: Path) -> Fault:
    file = "SMPL-AURORA/fuel_consumption_2024-08.csv"

    def in_kg(_: int, row: dict[str, str]) -> dict[str, str]:
        return row | {"mass_t": f"{float(row['mass_t']) * 1000:.0f}"} if row["phase"] == "sea" else row

    rewrite_rows(inbox / file, in_kg)
    return Fault(
        "a file in the wrong unit",
        file,
        "all with phase sea",
        "the export of the noon reports was in kg: most rows break the 300 t a day rule, so the file is refused whole",
        "coverage of August and September 2024",
    )


def leg_without_fuel(inbox: Path) -> Fault:
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
        "rows that are not there",
        f"nothing filed for {leg['imo_number']} from {leg['from_locode']} to {leg['to_locode']}, departure "
        f"{leg['departure_utc']}: the leg is incomplete, its voyage leaves numerator and denominator",
        "coverage of the month of its arrival; the intensity must not look better",
    )


def across_two_months(inbox: Path) -> Fault:
    file = "SMPL-AURORA/fuel_consumption_2024-05.csv"
    ((i, row),) = find_rows(
        inbox / file, lambda r: r["consumer"] == "main_engine" and r["period_start_utc"] < "2024-05"
    )
    return Fault(
        "a fuel row across two months",
        file,
        str(i + 2),
        f"from {row['period_start_utc']} to {row['period_end_utc']}: filed with its end, never split; it belongs to "
        "the leg it starts in",
        "counts in the month of its voyage's last delivery",
    )


def fuel_without_factor(inbox: Path) -> Fault:
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
        "an ammonia trial, for which no method has a value: emissions unknown, so the leg is incomplete",
        "coverage and energy_without_factor_share of its month, quarter and 2025",
    )


def over_claimed(inbox: Path) -> Fault:
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
        f"names {used_up}, whose certified mass is already used up: what is beyond takes the fossil factor pro rata, "
        "and an error finding says so",
        "certified_energy_share and the intensity of the voyages that burned it",
    )


def missing_delivery_note(inbox: Path) -> Fault:
    file = "SMPL-ESTRELA/bunker_deliveries_2024-Q3.csv"
    ((_, note),) = find_rows(inbox / file, lambda r: r["fuel_type"] == "HFO")
    rewrite_rows(inbox / file, lambda _, row: None if row == note else row)
    return Fault(
        "a missing delivery note",
        file,
        "a row that is not there",
        f"fuel rows name {note['bdn_number']}, which nobody filed: a finding; sulphur is unknown, so HFO takes the "
        "16.8 g/MJ row with evidence one_source",
        "emissions of those voyages (slightly higher) and their fuel balance",
    )


def _hours(fuel_row: dict[str, str]) -> int:
    start, end = (datetime.fromisoformat(fuel_row[f"period_{edge}_utc"]) for edge in ("start", "end"))
    return (end - start) // timedelta(hours=1)
