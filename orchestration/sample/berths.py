"""Calls at the corridor's terminals: times at berth, boxes handled, shore power, and their filings.

Belongs here: terminal visits and their filings. Does not belong here: fuel burned at berth.
"""

from dataclasses import dataclass, replace
from random import Random

from orchestration.sample.filing import Row
from orchestration.sample.sailing import Stay
from orchestration.sample.timeline import HOUR, moment, utc

# The (service, ship, round) whose call is worked at two terminals, and the second terminal.
SHIFT = ("SMPL-TP9", 1, 6)
SHIFTED_TO = "SMPL-LAX2"
EXCEPTIONS = ("VIE", "TIE", "SAFETY", "EQUIPMENT")


@dataclass(frozen=True)
class Visit:
    """One terminal visit; times in minutes, `control` is shore_power, capture or none."""

    visit_id: str
    imo_number: str
    terminal: str
    tied: int
    released: int
    discharged: int
    loaded: int
    corridor_discharged: int
    corridor_loaded: int
    control: str = "none"
    connected: int | None = None
    disconnected: int | None = None
    shore_power_kwh: int | None = None
    exception: str | None = None

    @property
    def minutes_on_shore_power(self) -> int:
        """Minutes connected to shore power."""
        if self.control != "shore_power" or self.connected is None or self.disconnected is None:
            return 0
        return self.disconnected - self.connected


def visits_of(stay: Stay, rng: Random) -> list[Visit]:
    """Return the visits of a stay at a corridor port: one, or two if the ship shifts to another terminal."""
    tied, released = stay.arrival + rng.randint(0, 3) * 6, stay.departure - rng.randint(0, 3) * 6
    number = f"SMPL-V-{stay.ship.imo_number}-{stay.loop:03d}{stay.call_index}"
    visit = Visit(
        number, stay.ship.imo_number, stay.call.terminal, tied, released, stay.discharged, stay.loaded,
        stay.corridor_discharged, stay.corridor_loaded,
    )  # fmt: skip
    if (stay.ship.service.code, stay.ship.number, stay.loop) != SHIFT or stay.call.port != "USLAX":
        return [_with_control(visit, stay, rng)]
    middle = (tied + released) // 2
    # The first terminal discharges, the second one loads.
    first = replace(visit, released=middle - HOUR, loaded=0, corridor_loaded=0)
    second = replace(
        visit, visit_id=f"{number}S", terminal=SHIFTED_TO, tied=middle + HOUR, discharged=0, corridor_discharged=0
    )
    return [_with_control(part, stay, rng) for part in (first, second)]


def _with_control(visit: Visit, stay: Stay, rng: Random) -> Visit:
    year = moment(visit.tied).year
    chance, hours_late = rng.random(), rng.choice((0.0, 0.0, 0.0, 0.5, 1.0, 6.0))
    plugs = (0.84 if year == 2024 else 0.9) if stay.call.in_america else (0.3 if year == 2024 else 0.55)
    connected = visit.tied + int((1.2 + hours_late) * 10) * 6
    disconnected = visit.released - rng.randint(10, 16) * 6
    load_kw = rng.uniform(1000, 1500) + 70 * stay.ship.nominal_teu / 1000 * rng.random()
    if chance < plugs:
        kwh = round(load_kw * (disconnected - connected) / HOUR)
        return replace(
            visit, control="shore_power", connected=connected, disconnected=disconnected, shore_power_kwh=kwh
        )
    if stay.call.in_america and chance < plugs + 0.04:
        return replace(visit, control="capture", connected=connected, disconnected=disconnected)
    if stay.call.in_america and chance < plugs + 0.08:
        return replace(visit, exception=EXCEPTIONS[int(rng.random() * len(EXCEPTIONS))])
    return visit


def as_terminal(visit: Visit, rng: Random) -> Row:
    """Return the complete row that the terminal files."""
    row: Row = _times(visit, 0) | {
        "visit_id": visit.visit_id,
        "berth": str(1 + int(rng.random() * 6)),
        "ready_to_work_utc": utc(visit.tied + HOUR),
        "pilot_on_board_utc": utc(visit.released - 40),
        "emission_control": visit.control,
        "exception_code": visit.exception,
        "shore_power_kwh": visit.shore_power_kwh,
    }
    if visit.connected is not None and visit.disconnected is not None:
        row |= {"connected_utc": utc(visit.connected), "disconnected_utc": utc(visit.disconnected)}
        # One in eight connections is interrupted, so that connected hours are filed and are fewer.
        if rng.random() < 0.125:
            row["connected_hours"] = round((visit.disconnected - visit.connected) / HOUR - 1.5, 1)
    return row | _boxes(visit)


def as_carrier(visit: Visit, rng: Random) -> Row:
    """Return the row that the carrier files: slightly other times, no shore power."""
    return _times(visit, rng.randint(-5, 5) * 6) | _boxes(visit)


def as_harbour_office(visit: Visit, rng: Random) -> Row:
    """Return the row that the harbour office files: arrival, departure, and whether the ship is connected."""
    return _times(visit, rng.randint(-3, 3) * 6) | {"emission_control": visit.control}


def _times(visit: Visit, shift: int) -> Row:
    return {
        "imo_number": visit.imo_number,
        "terminal_code": visit.terminal,
        "tied_utc": utc(visit.tied + shift),
        "released_utc": utc(visit.released + shift),
    }


def _boxes(visit: Visit) -> Row:
    return {
        "teu_discharged": visit.discharged,
        "teu_loaded": visit.loaded,
        "corridor_teu_discharged": visit.corridor_discharged,
        "corridor_teu_loaded": visit.corridor_loaded,
    }
