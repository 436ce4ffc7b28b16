"""Terminals month by month: energy by type and use, and activity, moving from diesel to electricity.

Belongs here: terminal_energy and terminal_activity. Does not belong here: single calls.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random

from orchestration.sample.filing import Row
from orchestration.sample.network import TERMINALS, Terminal

L_PER_US_GAL = 3.785411784
# Months after January 2024 at which the change from diesel to electricity is complete.
LAST_MONTH = 23
SEASON = (0.98, 0.86, 0.92, 0.95, 0.99, 1.0, 1.06, 1.07, 1.04, 1.02, 0.97, 0.96)
RENEWABLE_DIESEL = ("SMPL-LGB1", "SMPL-LGB3")
# Terminals that buy electricity under a contract instrument, with its kg CO2e per kWh.
GREEN_CONTRACTS = {"SMPL-LGB2": ("SMPL-PPA-0001", 0.0), "SMPL-LAX3": ("SMPL-TARIFF-0002", 0.118)}
Use = tuple[str, str, str, float]


def activity(terminal: Terminal, month: date, scale: float, rng: Random) -> Row:
    """Return the activity of a terminal in a month."""
    progress = _progress(month)
    units = terminal.teu_month // 1000
    return {
        "terminal_code": terminal.code,
        "month": f"{month:%Y-%m}",
        "teu_handled": round(terminal.teu_month * max(1.0, scale) * SEASON[month.month - 1] * rng.uniform(0.97, 1.03)),
        "equipment_units": units,
        "zero_emission_units": round(units * (0.18 + 0.3 * progress)),
    }


def energy(terminal: Terminal, month: date, teu: float, ships_kwh: int, rng: Random) -> Iterator[Row]:
    """Yield the energy rows of one terminal month.

    Args:
        terminal: The terminal.
        month: The first day of the month.
        teu: TEU handled.
        ships_kwh: Shore power supplied to ships.
        rng: The random numbers of the terminal.
    """
    for carrier, use, unit, per_teu in _uses(terminal, _progress(month)):
        quantity = round(teu * per_teu * rng.uniform(0.95, 1.05))
        yield _row(terminal, month, (carrier, use, unit), quantity)
    if ships_kwh:
        yield _row(terminal, month, ("electricity", "shore_power", "kwh"), ships_kwh, to_ships=True)


def _progress(month: date) -> float:
    return ((month.year - 2024) * 12 + month.month - 1) / LAST_MONTH


def _uses(terminal: Terminal, progress: float) -> list[Use]:
    """Return (energy type, end use, unit, quantity per TEU); a gallon of diesel saved becomes about 12 kWh."""
    if terminal.port == "CNSHA":
        return [
            ("electricity", "cranes", "kwh", 4.4 + 1.2 * progress),
            ("electricity", "buildings_and_lighting", "kwh", 0.7),
            ("diesel", "yard_equipment", "l", 0.68 - 0.38 * progress),
        ]
    saved = 0.12 * progress
    renewable = 0.09 if terminal.code in RENEWABLE_DIESEL else 0.0
    size = terminal.teu_month / 250_000
    uses = [
        ("electricity", "cranes", "kwh", 3.6 / size + 12 * saved),
        ("electricity", "buildings_and_lighting", "kwh", 1.3 / size),
        ("diesel", "yard_equipment", "us_gal", 0.40 / size - saved - renewable),
        ("gasoline", "vehicles", "us_gal", 0.018),
        ("propane", "forklifts", "us_gal", 0.03),
        ("natural_gas", "buildings", "therm", 0.012),
    ]
    return [*uses, ("renewable_diesel", "yard_equipment", "us_gal", renewable)] if renewable else uses


def _row(terminal: Terminal, month: date, what: tuple[str, str, str], quantity: int, to_ships: bool = False) -> Row:
    carrier, use, unit = what
    row: Row = {
        "terminal_code": terminal.code,
        "month": f"{month:%Y-%m}",
        "energy_carrier": carrier,
        "end_use": use,
        "supplied_to_ships": "true" if to_ships else "false",
        "quantity": quantity,
        "unit": unit,
    }
    if carrier == "renewable_diesel":
        row["certificate_number"] = f"SMPL-CERT-{terminal.code[5:]}-{month.year}"
    if carrier == "electricity" and not to_ships and terminal.code in GREEN_CONTRACTS:
        instrument, factor = GREEN_CONTRACTS[terminal.code]
        row |= {"contract_instrument": instrument, "supplier_factor_kg_per_kwh": factor}
    return row


class ShorePower:
    """The kWh that each terminal supplied to ships, by month of release; its energy filing agrees with it."""

    def __init__(self) -> None:
        self._kwh: Counter[tuple[str, date]] = Counter()

    def add(self, terminal: str, month: date, kwh: int | None) -> None:
        """Add the shore power of a visit."""
        self._kwh[terminal, month] += kwh or 0

    def of(self, terminal: str, month: date) -> int:
        """Return the kWh of a terminal in a month."""
        return self._kwh[terminal, month]


TERMINAL_BY_CODE = {terminal.code: terminal for terminal in TERMINALS}
