"""Ships on their rotations: legs, stays and the boxes on board, one chain per ship.

Belongs here: timetable, speed, cargo. Does not belong here: fuel, terminals' filings, files.
Boxes are flows (port of loading, call of discharge), so that exactly the loaded boxes are delivered.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from orchestration.core.settings import DBT_PROJECT_DIR
from orchestration.sample.network import DESTINATION_PORTS, ORIGIN_PORTS, Call, Service
from orchestration.sample.timeline import HOUR, WEEK, moment

# Legs below the first are sailed at harbour speed; on legs above the second a ship makes up for delays.
SHORT_LEG_NM, OCEAN_LEG_NM = 300, 1500
# Share of capacity booked by month: Lunar New Year is low, the summer peak high.
SEASON = (0.97, 0.88, 0.92, 0.95, 0.98, 1.0, 1.03, 1.03, 1.02, 1.0, 0.97, 0.98)


@dataclass(frozen=True)
class Ship:
    """A ship of a service; `fuels` names its fuel plan."""

    imo_number: str
    name: str
    service: Service
    number: int
    nominal_teu: int
    fuels: str


@dataclass(frozen=True)
class Boxes:
    """Containers in TEU."""

    laden: int = 0
    empty: int = 0

    def __add__(self, other: "Boxes") -> "Boxes":
        return Boxes(self.laden + other.laden, self.empty + other.empty)

    @property
    def teu(self) -> int:
        """Laden and empty TEU."""
        return self.laden + self.empty


@dataclass(frozen=True)
class Leg:
    """From berth to berth; times in minutes, `delivered` is corridor cargo discharged at the end."""

    ship: Ship
    voyage_number: str
    from_port: str
    to_port: str
    departure: int
    arrival: int
    sailed_nm: float
    on_board: Boxes
    outbound: Boxes
    inbound: Boxes
    delivered: Boxes

    @property
    def speed_kn(self) -> float:
        """The mean speed over ground."""
        return self.sailed_nm * HOUR / (self.arrival - self.departure)


@dataclass(frozen=True)
class Stay:
    """The time in a port between two legs, in minutes, and the boxes handled."""

    ship: Ship
    call: Call
    call_index: int
    loop: int
    arrival: int
    departure: int
    discharged: int
    loaded: int
    corridor_discharged: int
    corridor_loaded: int


Flows = dict[tuple[str, int], Boxes]


@cache
def sea_distances() -> dict[frozenset[str], int]:
    """Return the shortest feasible distance in nm by pair of ports, from the seed of the warehouse."""
    with (DBT_PROJECT_DIR / "seeds" / "world" / "sea_distances.csv").open(encoding="utf-8") as file:
        return {frozenset((row["from_locode"], row["to_locode"])): int(row["sfd_nm"]) for row in csv.DictReader(file)}


def imo_number(serial: int) -> str:
    """Return 3xxxxxx with a valid check digit; no number of this range has been issued."""
    body = f"{300_000 + serial:06d}"
    return body + str(sum(int(digit) * (7 - i) for i, digit in enumerate(body)) % 10)


def timetable(service: Service) -> list[tuple[int, int]]:
    """Return (minutes at the call, minutes of the leg after it) for each call; they add up to the ships' weeks."""
    legs = list(zip(service.calls, service.calls[1:] + service.calls[:1], strict=True))
    stays = [int(call.stay_h * HOUR) for call in service.calls]
    fixed = {i: _short_leg(a, b) for i, (a, b) in enumerate(legs) if _nm(a, b) < SHORT_LEG_NM}
    at_sea = service.ships * WEEK - sum(stays) - sum(fixed.values())
    efforts = [0.0 if i in fixed else _nm(a, b) / _pace(a, b) for i, (a, b) in enumerate(legs)]
    return [(stay, fixed.get(i, int(at_sea * efforts[i] / sum(efforts)))) for i, stay in enumerate(stays)]


def _nm(a: Call, b: Call) -> int:
    return sea_distances()[frozenset((a.port, b.port))]


def _short_leg(a: Call, b: Call) -> int:
    return max(3 * HOUR, _nm(a, b) * HOUR // 11)


def _pace(a: Call, b: Call) -> float:
    """Return the relative speed: full ships hurry east, light ones save fuel on the way back."""
    if a.in_america == b.in_america:
        return 1.0
    return 0.93 if a.in_america else 1.1


def sail(ship: Ship, seed: str, until: int) -> Iterator[Stay | Leg]:
    """Yield stays and legs in turn, from before 2024 (so that the ship is laden by then) to `until`."""
    rng = Random(f"{seed}/sailing/{ship.imo_number}")
    calls, plan = ship.service.calls, timetable(ship.service)
    planned = (
        (ship.number - 1) * WEEK - 2 * ship.service.ships * WEEK + sum(map(ord, ship.service.code)) % 7 * 24 * HOUR
    )
    arrival, flows, step = planned, Flows(), 0
    while arrival < until:
        index, loop = step % len(calls), step // len(calls)
        stay_min, leg_min = plan[index]
        departure = planned + stay_min + rng.randint(-20, 30) * 6
        stay = _handle(ship, index, loop, (arrival, departure), flows, rng)
        yield stay
        planned += stay_min + leg_min
        following = (index + 1) % len(calls)
        distance = _nm(calls[index], calls[following])
        delay = rng.randint(-30, 40) * 6
        arrival = planned + delay if distance > OCEAN_LEG_NM else departure + int(leg_min * rng.uniform(1.0, 1.06))
        sailed_nm = round(distance * rng.uniform(1.002, 1.05), 1)
        yield _leg(ship, stay, following, arrival, sailed_nm, flows)
        step += 1


def _handle(ship: Ship, index: int, loop: int, times: tuple[int, int], flows: Flows, rng: Random) -> Stay:
    """Discharge the boxes for this call and load those for calls across the ocean; this changes `flows`."""
    call = ship.service.calls[index]
    off = {key: flows.pop(key) for key in list(flows) if key[1] == index}
    on = _bookings(ship, call, times[1], rng)
    for key, boxes in on.items():
        flows[key] = flows.get(key, Boxes()) + boxes
    calls = ship.service.calls
    return Stay(
        ship, call, index, loop, *times,
        discharged=sum(boxes.teu for boxes in off.values()),
        loaded=sum(boxes.teu for boxes in on.values()),
        corridor_discharged=sum(boxes.teu for key, boxes in off.items() if _direction(calls, key)),
        corridor_loaded=sum(boxes.teu for key, boxes in on.items() if _direction(calls, key)),
    )  # fmt: skip


def _bookings(ship: Ship, call: Call, departure: int, rng: Random) -> Flows:
    size = ship.nominal_teu * SEASON[moment(departure).month - 1]
    if call.in_america:
        laden, empty, share = size * rng.uniform(0.24, 0.30), size * rng.uniform(0.43, 0.53), call.west
    else:
        laden, empty, share = size * rng.uniform(0.85, 0.92), size * rng.uniform(0.005, 0.02), call.east
    flows = Flows()
    for j, other in enumerate(ship.service.calls):
        part = share * (other.west if call.in_america else other.east)
        if other.in_america != call.in_america and part > 0:
            flows[call.port, j] = Boxes(round(laden * part), round(empty * part))
    return flows


def _direction(calls: tuple[Call, ...], key: tuple[str, int]) -> str:
    """Return outbound, inbound, or an empty text for cargo outside the corridor."""
    origin, destination = key[0], calls[key[1]].port
    if origin in ORIGIN_PORTS and destination in DESTINATION_PORTS:
        return "outbound"
    return "inbound" if origin in DESTINATION_PORTS and destination in ORIGIN_PORTS else ""


def _leg(ship: Ship, stay: Stay, following: int, arrival: int, sailed_nm: float, flows: Flows) -> Leg:
    calls, service = ship.service.calls, ship.service
    by_direction = {name: Boxes() for name in ("", "outbound", "inbound")}
    delivered = Boxes()
    for key, boxes in flows.items():
        direction = _direction(calls, key)
        by_direction[direction] += boxes
        if direction and key[1] == following:
            delivered += boxes
    heading = "W" if stay.call.in_america else "E"
    return Leg(
        ship, f"{service.code}-{ship.number:02d}{stay.loop:02d}{heading}", stay.call.port, calls[following].port,
        stay.departure, arrival, sailed_nm,
        on_board=sum(by_direction.values(), Boxes()),
        outbound=by_direction["outbound"], inbound=by_direction["inbound"], delivered=delivered,
    )  # fmt: skip
