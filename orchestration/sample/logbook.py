"""The filings about one ship: each leg and stay becomes rows of the carrier, the terminals and the harbour offices.

Belongs here: which row goes into whose file. Does not belong here: sailing, burning and bunkering.
"""

from collections import Counter, defaultdict
from random import Random

from orchestration.sample import berths, burning
from orchestration.sample.bunkering import Tanks
from orchestration.sample.filing import Cabinet, Row
from orchestration.sample.network import CORRIDOR_PORTS, HARBOUR_OFFICE_TERMINALS, PARTNERS, UNFILED
from orchestration.sample.sailing import Leg, Ship, Stay
from orchestration.sample.shore import TERMINAL_BY_CODE, ShorePower
from orchestration.sample.timeline import HOUR, WEEK, moment, utc

PARTNER_BY_ID = {partner.id: partner for partner in PARTNERS}
# How a ship measures its fuel; one row in fifty is an estimate.
MEASUREMENTS = ("flow_meter", "flow_meter", "flow_meter", "tank_sounding", "bdn")
FIRST_DELIVERY_BEFORE_SAILING = 6 * HOUR


class Logbook:
    """Files the rows of a ship from its first departure in the period of the sample."""

    def __init__(self, ship: Ship, cabinet: Cabinet, power: ShorePower, seed: str) -> None:
        self.ship, self.cabinet, self.power = ship, cabinet, power
        self.carrier = PARTNER_BY_ID[ship.service.carrier]
        self.tanks = Tanks(ship, seed)
        self.fuel_kg: Counter[tuple[int, str]] = Counter()
        self.distance_nm: dict[int, float] = defaultdict(float)
        self._rng = Random(f"{seed}/logbook/{ship.imo_number}")
        self._measured = MEASUREMENTS[int(self._rng.random() * len(MEASUREMENTS))]
        self._first_arrival: int | None = None

    def stay(self, stay: Stay) -> None:
        """File the fuel, calls and deliveries of a stay."""
        if self._first_arrival is None:
            self._first_arrival = stay.arrival
        opened_before = self.tanks.open
        visits = berths.visits_of(stay, self._rng) if stay.call.port in CORRIDOR_PORTS else []
        connected = sum(visit.minutes_on_shore_power for visit in visits)
        for burn in burning.burn_in_stay(stay, connected, self._rng):
            self._burned(burn)
        if opened_before:
            for visit in visits:
                self._visited(visit)
        self._bunkered(stay)

    def leg(self, leg: Leg) -> None:
        """File a leg, its fuel, and the tanks before an ocean crossing."""
        if self.tanks.open:
            if leg.from_port.startswith("US") != leg.to_port.startswith("US"):
                for row in self.tanks.remaining(leg.departure):
                    self._file("rob", leg.departure, row)
            self._file("voyage_legs", leg.arrival, _leg_row(leg))
            self.distance_nm[moment(leg.arrival).year] += leg.sailed_nm
        for burn in burning.burn_on_leg(leg, self._rng):
            self._burned(burn)

    def _file(self, dataset: str, row_end: int, row: Row) -> None:
        if (self.ship.service.code, self.ship.number) not in UNFILED:
            self.cabinet.file(self.carrier, dataset, row_end, row)

    def _bunkered(self, stay: Stay) -> None:
        """File deliveries at the service's bunkering port, and before the first filed departure."""
        opens = not self.tanks.open and stay.departure - FIRST_DELIVERY_BEFORE_SAILING > self.cabinet.start
        if not opens and not (self.tanks.open and stay.call_index == self.ship.service.bunker_call):
            return
        rounds = (stay.departure - (self._first_arrival or 0)) // (self.ship.service.ships * WEEK)
        delivered = stay.departure - FIRST_DELIVERY_BEFORE_SAILING
        for note in self.tanks.fill(delivered, stay.call.port, rounds):
            self._file("bunker_deliveries", delivered, note)

    def _burned(self, burn: burning.Burn) -> None:
        estimated = self._rng.random() < 0.02
        for bdn_number, mass_kg in self.tanks.draw(burn.fuel, burn.mass_kg):
            self.fuel_kg[moment(burn.end).year, burn.fuel] += mass_kg
            row: Row = {
                "imo_number": self.ship.imo_number,
                "period_start_utc": utc(burn.start),
                "period_end_utc": utc(burn.end),
                "phase": burn.phase,
                "consumer": burn.consumer,
                "fuel_type": burn.fuel,
                "bdn_number": bdn_number,
                "mass_t": mass_kg / 1000,
                "measurement": "estimate" if estimated else self._measured,
            }
            self._file("fuel_consumption", burn.end, row)

    def _visited(self, visit: berths.Visit) -> None:
        operator = PARTNER_BY_ID[TERMINAL_BY_CODE[visit.terminal].operator]
        self.cabinet.file(operator, "port_calls", visit.released, berths.as_terminal(visit, self._rng))
        self.power.add(visit.terminal, moment(visit.released).date().replace(day=1), visit.shore_power_kwh)
        if "port_calls" in self.carrier.files:
            self._file("port_calls", visit.released, berths.as_carrier(visit, self._rng))
        if visit.terminal in HARBOUR_OFFICE_TERMINALS:
            office = PARTNER_BY_ID[HARBOUR_OFFICE_TERMINALS[visit.terminal]]
            self.cabinet.file(office, "port_calls", visit.released, berths.as_harbour_office(visit, self._rng))


def _leg_row(leg: Leg) -> Row:
    return {
        "imo_number": leg.ship.imo_number,
        "service_code": leg.ship.service.code,
        "voyage_number": leg.voyage_number,
        "from_locode": leg.from_port,
        "to_locode": leg.to_port,
        "departure_utc": utc(leg.departure),
        "arrival_utc": utc(leg.arrival),
        "sailed_distance_nm": leg.sailed_nm,
        "laden_teu": leg.on_board.laden,
        "empty_teu": leg.on_board.empty,
        "reefer_teu": round(leg.on_board.laden * 0.06),
        "cargo_mass_t": round(leg.on_board.laden * 10.6 + leg.on_board.empty * 2.2),
        "outbound_laden_teu": leg.outbound.laden,
        "outbound_empty_teu": leg.outbound.empty,
        "inbound_laden_teu": leg.inbound.laden,
        "inbound_empty_teu": leg.inbound.empty,
        "delivered_laden_teu": leg.delivered.laden,
        "delivered_empty_teu": leg.delivered.empty,
    }
