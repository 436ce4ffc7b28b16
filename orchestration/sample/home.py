"""The sample home: corridor.toml and an inbox per partner, the same rows for the same scale and seed.

Belongs here: the order of the steps. Does not belong here: the steps themselves, and the planted faults.
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import inf
from pathlib import Path
from random import Random

from orchestration.core.corridor_file import PeriodGrain
from orchestration.core.errors import CorridorError
from orchestration.core.settings import load_settings
from orchestration.sample import registers, shore
from orchestration.sample.fault import Fault
from orchestration.sample.faults import plant_faults
from orchestration.sample.filing import Cabinet
from orchestration.sample.logbook import PARTNER_BY_ID, Logbook
from orchestration.sample.network import PARTNERS, TERMINALS, UNFILED, Service, services_at
from orchestration.sample.sailing import Leg, Ship, sail
from orchestration.sample.sample_corridor import corridor_toml
from orchestration.sample.timeline import minutes, months

REGISTERED = date(2024, 1, 1)


@dataclass(frozen=True)
class Extent:
    """The size of a sample: the time from start to before end (minutes), and the number of services."""

    start: int
    end: int
    services: float
    grain: PeriodGrain | None

    @property
    def whole_years(self) -> bool:
        """Whether the sample covers both years."""
        return self.grain is None


TINY = Extent(minutes(datetime(2024, 1, 1, tzinfo=UTC)), minutes(datetime(2024, 7, 1, tzinfo=UTC)), 4 / 9, "quarter")


def write_home(out: Path, scale: float | str, seed: int) -> list[Fault]:
    """Write corridor.toml and inbox/ into `out`, replacing an older sample there; return the planted faults.

    Memory does not grow with scale.

    Args:
        out: The folder of the home.
        scale: 1 is nine services over 2024 and 2025 with the faults that data/README.md lists; another number
            multiplies the services; "tiny" is the first half of 2024 with four services, without faults.
        seed: The same scale and seed give the same bytes.

    Raises:
        CorridorError: The scale is neither a positive number nor tiny, or `out` is a home that is not a sample.
    """
    extent = _extent(scale)
    _clear(out)
    (out / "corridor.toml").write_text(corridor_toml(extent.grain), encoding="utf-8", newline="\n")
    services = services_at(extent.services)
    power = shore.ShorePower()
    with Cabinet(out / "inbox", extent.start, extent.end, extent.grain) as cabinet:
        _file_registers(cabinet, services, str(seed), extent)
        for ship in registers.fleet(services, str(seed)):
            _file_ship(cabinet, ship, power, str(seed), extent)
        _file_terminals(cabinet, power, str(seed), extent)
        _file_contracts(cabinet, str(seed), extent)
    return plant_faults(out / "inbox") if extent.whole_years and extent.services >= 1 else []


def _extent(scale: float | str) -> Extent:
    if scale == "tiny":
        return TINY
    try:
        services = float(scale)
    except ValueError:
        services = 0.0
    if not 0 < services < inf:
        raise CorridorError(f"Invalid scale {scale!r}. Use a number above 0, or tiny.")
    return Extent(0, minutes(datetime(2026, 1, 1, tzinfo=UTC)), services, None)


def _clear(out: Path) -> None:
    """Create an empty inbox for each partner in `out`; only inboxes of the sample's own partners are removed."""
    if (out / "corridor.toml").exists() and not load_settings(out).corridor.sample:
        raise CorridorError(f"{out} has a corridor.toml that is not a sample. Choose another folder for --out.")
    for partner in PARTNERS:
        if (out / "inbox" / partner.id).exists():
            shutil.rmtree(out / "inbox" / partner.id)
        (out / "inbox" / partner.id).mkdir(parents=True)


def _file_registers(cabinet: Cabinet, services: list[Service], seed: str, extent: Extent) -> None:
    ships: dict[str, list[Ship]] = {}
    for ship in registers.fleet(services, seed):
        ships.setdefault(ship.service.carrier, []).append(ship)
        cabinet.file(PARTNER_BY_ID[ship.service.carrier], "vessels", REGISTERED, registers.vessel(ship))
    for carrier, fleet in ships.items():
        for row in registers.vessels_of_2025(fleet) if extent.whole_years else ():
            cabinet.file(PARTNER_BY_ID[carrier], "vessels", registers.REFITTED_ON, row)
    for service in services:
        row = registers.nomination(service)
        cabinet.file(PARTNER_BY_ID[service.carrier], "service_nominations", REGISTERED, row)


def _file_ship(cabinet: Cabinet, ship: Ship, power: shore.ShorePower, seed: str, extent: Extent) -> None:
    logbook = Logbook(ship, cabinet, power, seed)
    for event in sail(ship, seed, extent.end):
        if isinstance(event, Leg):
            logbook.leg(event)
        else:
            logbook.stay(event)
    if extent.whole_years and (ship.service.code, ship.number) not in UNFILED:
        for year, row in registers.vessel_annual(ship, logbook.fuel_kg, logbook.distance_nm):
            cabinet.file(logbook.carrier, "vessel_annual", date(year, 1, 1), row)


def _file_terminals(cabinet: Cabinet, power: shore.ShorePower, seed: str, extent: Extent) -> None:
    for terminal in TERMINALS:
        operator, rng = PARTNER_BY_ID[terminal.operator], Random(f"{seed}/shore/{terminal.code}")
        for month in months(extent.start, extent.end):
            activity = shore.activity(terminal, month, extent.services, rng)
            cabinet.file(operator, "terminal_activity", month, activity)
            ships_kwh = power.of(terminal.code, month)
            for row in shore.energy(terminal, month, float(activity["teu_handled"] or 0), ships_kwh, rng):
                cabinet.file(operator, "terminal_energy", month, row)


def _file_contracts(cabinet: Cabinet, seed: str, extent: Extent) -> None:
    for year in (2024, 2025) if extent.whole_years else ():
        for row in registers.cargo_contracts(year, seed):
            cabinet.file(PARTNER_BY_ID["SMPL-GROVE"], "cargo_contracts", date(year, 1, 1), row)
        own = registers.carriers_contract(year)
        cabinet.file(PARTNER_BY_ID["SMPL-BOREAL"], "cargo_contracts", date(year, 1, 1), own)
