"""The fuel that a ship burns on a leg and in a stay: one row per interval, consumer and fuel, in kilograms.

Belongs here: fuel plans, power, intervals. Does not belong here: which delivery note the fuel came from.
Main engine fuel follows the cube of speed: a ship of 8,000 TEU burns 150 t of residual fuel a day at 21 kn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from orchestration.sample.network import CORRIDOR_PORTS
from orchestration.sample.sailing import Leg, Ship, Stay
from orchestration.sample.timeline import DAY, HOUR, moment

# Distance off the American coast inside which low-sulphur distillate is burned.
COASTAL_ZONE_NM = 200
# Tonnes of a fuel that replace one tonne of residual fuel: the ratio of the heating values.
PER_TONNE_OF_RESIDUAL = {
    "HFO": 1.0, "VLSFO": 1.0, "MGO": 0.941, "LNG": 0.838, "METHANOL": 2.02, "BIO_METHANOL": 2.02,
}  # fmt: skip
AUX_G_PER_KWH, BOILER_G_PER_KWH = 227, 305
RESIDUAL = {"scrubber": "HFO", "low_sulphur": "VLSFO", "methanol": "VLSFO", "lng_diesel": "LNG", "lng_otto": "LNG"}
BIO_BOTH_WAYS_FROM = 2025
# Stays without a row of that consumer, which the warehouse then models.
NO_BOILER_ROW, NO_AUX_ROW = 0.06, 0.02


@dataclass(frozen=True)
class Burn:
    """Fuel burned by one consumer in an interval; times in minutes."""

    start: int
    end: int
    phase: str
    consumer: str
    fuel: str
    mass_kg: int


def residual_fuel(ship: Ship) -> str:
    """Return the fuel that a ship burns on the open ocean."""
    return RESIDUAL[ship.fuels]


def fuels_of(ship: Ship) -> list[str]:
    """Return all fuels that a ship burns."""
    fuels = [residual_fuel(ship), "MGO"]
    return [*fuels, "METHANOL", "BIO_METHANOL"] if ship.fuels == "methanol" else fuels


def burn_on_leg(leg: Leg, rng: Random) -> Iterator[Burn]:
    """Yield rows that cover the whole leg for each consumer; near the American coast the fuel is distillate."""
    phase = "manoeuvring" if leg.sailed_nm < 50 else "sea"
    for start, end, fuel in _main_intervals(leg):
        t_per_h = _main_t_per_day(leg) / 24 * rng.uniform(0.97, 1.03)
        yield _burn((start, end), phase, "main_engine", fuel, t_per_h)
    for start, end, fuel in _other_intervals(leg):
        aux_kw = (1100 + 0.07 * leg.ship.nominal_teu) * rng.uniform(0.92, 1.08)
        yield _burn((start, end), phase, "aux_engine", fuel, aux_kw * AUX_G_PER_KWH / 1e6)
        boiler_kw = 230 * rng.uniform(0.9, 1.1)
        yield _burn((start, end), phase, "boiler", _boiler_fuel(fuel), boiler_kw * BOILER_G_PER_KWH / 1e6)


def burn_in_stay(stay: Stay, connected: int, rng: Random) -> Iterator[Burn]:
    """Yield rows of boilers and of auxiliary engines, which stop for the minutes on shore power (connected)."""
    fuel = "MGO" if stay.call.in_america else residual_fuel(stay.ship)
    span, unfiled = (stay.arrival, stay.departure), rng.random()
    if stay.call.port not in CORRIDOR_PORTS:
        unfiled = 1.0
    aux_kw = (900 + 0.04 * stay.ship.nominal_teu) * rng.uniform(0.9, 1.1)
    running = 1 - connected / (stay.departure - stay.arrival)
    boiler_kw = (520 + 0.012 * stay.ship.nominal_teu) * rng.uniform(0.9, 1.1)
    if not NO_BOILER_ROW <= unfiled < NO_BOILER_ROW + NO_AUX_ROW:
        yield _burn(span, "berth", "aux_engine", fuel, aux_kw * running * AUX_G_PER_KWH / 1e6)
    if unfiled >= NO_BOILER_ROW:
        yield _burn(span, "berth", "boiler", _boiler_fuel(fuel), boiler_kw * BOILER_G_PER_KWH / 1e6)


def _burn(span: tuple[int, int], phase: str, consumer: str, fuel: str, t_per_h: float) -> Burn:
    """Return a row with the energy of `t_per_h` tonnes of residual fuel per hour, in the fuel it names."""
    start, end = span
    mass_kg = round(t_per_h * (end - start) / HOUR * PER_TONNE_OF_RESIDUAL[fuel] * 1000)
    return Burn(start, end, phase, consumer, fuel, mass_kg)


def _main_t_per_day(leg: Leg) -> float:
    size: float = (leg.ship.nominal_teu / 8000) ** (2 / 3)
    return 150 * size * (leg.speed_kn / 21) ** 3


def _boiler_fuel(fuel: str) -> str:
    return "MGO" if fuel == "LNG" else fuel


def _coastal_parts(leg: Leg) -> list[tuple[int, int, bool]]:
    """Return (start, end, near the American coast) along the leg."""
    leaves, reaches = leg.from_port.startswith("US"), leg.to_port.startswith("US")
    if leaves == reaches:
        return [(leg.departure, leg.arrival, leaves)]
    hours_near = int(COASTAL_ZONE_NM / leg.speed_kn * HOUR)
    if leaves:
        edge = leg.departure + hours_near
        return [(leg.departure, edge, True), (edge, leg.arrival, False)]
    edge = leg.arrival - hours_near
    return [(leg.departure, edge, False), (edge, leg.arrival, True)]


def _other_intervals(leg: Leg) -> Iterator[tuple[int, int, str]]:
    fuel = residual_fuel(leg.ship)
    for start, end, near in _coastal_parts(leg):
        yield start, end, "MGO" if near and fuel != "LNG" else fuel


def _main_intervals(leg: Leg) -> Iterator[tuple[int, int, str]]:
    """Yield parts of about six days on the open ocean; a methanol ship burns methanol in the first of them.

    Eastbound it is certified bio-methanol, from 2025 on in both directions.
    """
    fossil = leg.from_port.startswith("US") and moment(leg.departure).year < BIO_BOTH_WAYS_FROM
    for start, end, fuel in _other_intervals(leg):
        count = 1 if fuel == "MGO" else 1 + (end - start) // (6 * DAY)
        cuts = [start + (end - start) * i // count for i in range(count + 1)]
        for i in range(count):
            burned = fuel
            if leg.ship.fuels == "methanol" and count > 1 and i == 0:
                burned = "METHANOL" if fossil else "BIO_METHANOL"
            yield cuts[i], cuts[i + 1], burned
