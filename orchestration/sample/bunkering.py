"""A ship's tanks: deliveries with their notes, first in first out, and the fuel remaining on board.

Belongs here: delivery notes, certificates, tank levels. Does not belong here: how much is burned.
"""

from collections import deque
from random import Random

from orchestration.sample.burning import fuels_of
from orchestration.sample.filing import Row
from orchestration.sample.sailing import Ship
from orchestration.sample.timeline import utc

# A reserve that is never burned, because the delivery notes of 2023 are unknown.
RESERVE_KG = {"HFO": 420_000, "VLSFO": 380_000, "MGO": 90_000, "LNG": 300_000, "METHANOL": 60_000, "BIO_METHANOL": 0}
MARGIN, SPARE_KG = 1.2, 60_000
LOT_KG = 10_000

# iso_grade, lcv_mj_per_kg, lowest and highest sulphur_pct, viscosity_cst
QUALITY: dict[str, tuple[str, float, float, float, float]] = {
    "HFO": ("RMK500", 40.2, 2.6, 2.95, 480),
    "VLSFO": ("RMG380", 41.0, 0.44, 0.49, 210),
    "MGO": ("DMA", 42.8, 0.06, 0.09, 3.2),
}
GAS_LCV = {"LNG": 49.1, "METHANOL": 19.9, "BIO_METHANOL": 19.9}


class Tanks:
    """The tanks of a ship. Before the first `fill` fuel is only counted; afterwards each tonne has a delivery note."""

    def __init__(self, ship: Ship, seed: str) -> None:
        self.ship = ship
        self.rng = Random(f"{seed}/bunkering/{ship.imo_number}")
        self.need_kg = dict.fromkeys(fuels_of(ship), 0)
        self.level_kg = dict.fromkeys(fuels_of(ship), 0)
        self._lots: dict[str, deque[list[str | int]]] = {fuel: deque() for fuel in fuels_of(ship)}
        self._notes = 0
        self.open = False

    def draw(self, fuel: str, mass_kg: int) -> list[tuple[str, int]]:
        """Return the mass by delivery note, oldest first; mass that no lot covers has a blank note."""
        if not self.open:
            self.need_kg[fuel] += mass_kg
            return []
        self.level_kg[fuel] -= mass_kg
        parts, lots = [], self._lots[fuel]
        while lots and mass_kg > 0:
            number, left = str(lots[0][0]), int(lots[0][1])
            part = min(left, mass_kg)
            parts.append((number, part))
            mass_kg -= part
            lots[0][1] = left - part
            if part == left:
                lots.popleft()
        return [*parts, ("", mass_kg)] if mass_kg or not parts else parts

    def fill(self, minute: int, port: str, rounds_counted: int) -> list[Row]:
        """Fill every tank for one round voyage with a margin; return the delivery notes."""
        if not self.open:
            self.open = True
            self.need_kg = {fuel: round(kg / rounds_counted * MARGIN) + SPARE_KG for fuel, kg in self.need_kg.items()}
            if "BIO_METHANOL" in self.need_kg:
                self.need_kg["BIO_METHANOL"] += self.need_kg["METHANOL"]
        notes = []
        for fuel, need_kg in self.need_kg.items():
            lots = (need_kg - self.level_kg[fuel]) // LOT_KG
            if lots > 1:
                notes.append(self._deliver(fuel, lots * LOT_KG, minute, port))
        return notes

    def remaining(self, minute: int) -> list[Row]:
        """Return the sounded tanks, within half a per cent of what notes and meters give."""
        return [
            {
                "imo_number": self.ship.imo_number,
                "measured_utc": utc(minute),
                "fuel_type": fuel,
                "rob_t": round((RESERVE_KG[fuel] + level) / 1000 * self.rng.uniform(0.998, 1.002), 1),
            }
            for fuel, level in self.level_kg.items()
        ]

    def _deliver(self, fuel: str, mass_kg: int, minute: int, port: str) -> Row:
        self._notes += 1
        number = f"SMPL-BDN-{self.ship.imo_number}-{self._notes:03d}"
        self._lots[fuel].append([number, mass_kg])
        self.level_kg[fuel] += mass_kg
        row: Row = {
            "bdn_number": number,
            "imo_number": self.ship.imo_number,
            "port_locode": port,
            "delivered_utc": utc(minute),
            "fuel_type": fuel,
            "mass_t": mass_kg // 1000,
            "lcv_mj_per_kg": GAS_LCV.get(fuel),
        }
        if fuel in QUALITY:
            grade, lcv, low, high, viscosity = QUALITY[fuel]
            row |= {"iso_grade": grade, "sulphur_pct": round(self.rng.uniform(low, high), 2)}
            row |= {"lcv_mj_per_kg": lcv, "viscosity_cst": round(viscosity * self.rng.uniform(0.9, 1.1), 1)}
        return row | self._certificate(mass_kg) if fuel == "BIO_METHANOL" else row

    def _certificate(self, mass_kg: int) -> Row:
        """Return the certificate; for a quarter of the notes it covers only four fifths of the mass."""
        whole = self.rng.random() < 0.75
        return {
            "certificate_scheme": "SMPL-SCHEME",
            "certificate_number": f"SMPL-CERT-{self.ship.imo_number}-{self._notes:03d}",
            "certified_mass_t": mass_kg // 1000 if whole else mass_kg * 4 // 5 // 1000,
            "certified_wtw_g_per_mj": round(self.rng.uniform(10, 20), 1),
            "certificate_includes_use_phase": "false",
        }
