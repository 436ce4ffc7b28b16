"""Registers and yearly filings: vessels, service nominations, annual data of ships, cargo contracts.

Belongs here: those rows. Does not belong here: anything that happens on a voyage.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from orchestration.sample.filing import Row
from orchestration.sample.network import Service
from orchestration.sample.sailing import Ship, imo_number

# fuel plan -> main_engine_type, aux_engine_type, capability
ENGINES = {
    "scrubber": ("conventional", "conventional", "conventional"),
    "low_sulphur": ("conventional", "conventional", "conventional"),
    "lng_diesel": ("diesel_ss", "otto_ms", "reduced"),
    "lng_otto": ("otto_ss", "otto_ms", "reduced"),
    "methanol": ("diesel_ss", "conventional", "zero"),
}
# The ship whose capacity is raised, as a second filing of the register reports.
REFITTED, REFITTED_ON, TEU_ADDED = ("SMPL-TP1", 2), date(2025, 1, 1), 240
CONTRACT_CARRIERS = ("SMPL-BOREAL", "SMPL-DELTA", "SMPL-FATHOM")


def fleet(services: list[Service], seed: str) -> Iterator[Ship]:
    """Yield the ships of the services in the order of their IMO numbers, from 8,000 to 15,000 TEU."""
    rng, serial = Random(f"{seed}/fleet"), 0
    for service in services:
        for number, fuels in enumerate(service.fuels, start=1):
            serial += 1
            teu = min(15_000, max(8_000, service.nominal_teu + 10 * rng.randint(-30, 30)))
            name = f"SMPL-MV-{service.code.removeprefix('SMPL-')}-{number:02d}"
            yield Ship(imo_number(serial), name, service, number, teu, fuels)


def vessel(ship: Ship) -> Row:
    """Return the row of the vessel register."""
    main, aux, capability = ENGINES[ship.fuels]
    return {
        "imo_number": ship.imo_number,
        "vessel_name": ship.name,
        "dwt_t": 18_000 + 10 * ship.nominal_teu,
        "nominal_capacity_teu": ship.nominal_teu,
        "main_engine_type": main,
        "aux_engine_type": aux,
        "capability": capability,
        "valid_from": "2024-01-01",
    }


def vessels_of_2025(ships: list[Ship]) -> Iterator[Row]:
    """Yield the register of 2025, with a further row for the refitted ship; nothing if it is not in the fleet."""
    if not any((ship.service.code, ship.number) == REFITTED for ship in ships):
        return
    for ship in ships:
        row = vessel(ship)
        yield row
        if (ship.service.code, ship.number) == REFITTED:
            yield row | {"valid_from": f"{REFITTED_ON}", "nominal_capacity_teu": ship.nominal_teu + TEU_ADDED}


def nomination(service: Service) -> Row:
    """Return the nomination of a service."""
    return {
        "service_code": service.code,
        "nominated_from": "2024-01-01",
        "sailings_per_week": 1,
        "port_rotation": service.rotation,
    }


def vessel_annual(ship: Ship, kg: Counter[tuple[int, str]], nm: Mapping[int, float]) -> Iterator[tuple[int, Row]]:
    """Yield (year, row) for each fuel of a year, from the fuel and distance that the ship filed."""
    for (year, fuel), mass_kg in sorted(kg.items()):
        yield (
            year,
            {
                "imo_number": ship.imo_number,
                "year": year,
                "fuel_type": fuel,
                "mass_t": round(mass_kg / 1000, 1),
                "distance_nm": round(nm[year], 1),
                "verified_by": "SMPL-VERIFIER",
            },
        )


def cargo_contracts(year: int, seed: str) -> Iterator[Row]:
    """Yield the cargo owner's zero-lifecycle contracts of a year."""
    rng = Random(f"{seed}/contracts/{year}")
    for i, carrier in enumerate(CONTRACT_CARRIERS, start=1):
        contracted = 10 * rng.randint(80, 200) * (1 if year == 2024 else 2)
        yield {
            "contract_id": f"SMPL-K-{year}-{i:03d}",
            "period": str(year),
            "carrier": carrier,
            "teu_contracted": contracted,
            "teu_moved": round(contracted * rng.uniform(0.7, 1.0)),
            "claim_type": "book_and_claim" if i == 2 else "mass_balance",
            "certificate_number": f"SMPL-CERT-K-{year}-{i:03d}",
        }


def carriers_contract(year: int) -> Row:
    """Return the contract that a carrier files itself."""
    return {
        "contract_id": f"SMPL-K-B-{year}",
        "period": str(year),
        "carrier": "SMPL-BOREAL",
        "teu_contracted": 900,
        "teu_moved": 640 if year == 2024 else 820,
        "claim_type": "mass_balance",
        "certificate_number": f"SMPL-CERT-B-{year}",
    }
