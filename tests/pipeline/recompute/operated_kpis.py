"""KPIs that are summed leg by leg, in the month of arrival: docs/method.md#intensity and method.md#progress.

Belongs here: operated figures, Clean Cargo, EEOI, capable ships. Does not belong here: shares of a leg, voyages.
"""

from collections.abc import Iterator

import pandas as pd

from . import coverage
from .burn import particulars
from .factors import KM_PER_NM, METHODS, lane_average_g_per_teu_km
from .fuel import cf_row
from .shared import G_PER_T, HEADLINE, NOTHING, POOLED, activity_of, emitted, flags, fuel_energy, ship_emissions
from .trust import GRAINS, Contributions
from .voyages import Facts

LOAD_FACTOR = 0.70
DISTANCE_ADJUSTMENT = 1.15
LANE_AVERAGES_END = pd.Timestamp("2026-01-01")


def contributions(facts: Facts) -> Iterator[Contributions]:
    for method in METHODS:
        legs = legs_in_scope(facts, method)
        yield operated(facts, method, legs)
        yield unallocated(facts, method, legs)
        yield clean_cargo(facts, method, legs)
    legs = legs_in_scope(facts, HEADLINE)
    yield clean_cargo_reference(facts, legs)
    yield eeoi(facts, legs)
    yield capable_vessels(facts, legs)


def legs_in_scope(facts: Facts, method: str) -> pd.DataFrame:
    """Return in-scope legs with `complete`, `stay_id` after them, `both_complete`, and their vessel's particulars."""
    legs = facts.chain[facts.chain["in_scope"]]
    legs = legs.join(particulars(facts.inputs, legs)[["nominal_capacity_teu", "capability"]])
    complete = legs["leg_id"].map(flags(facts, "leg", method)).astype(bool)
    stay_id = legs["leg_id"].map(facts.gaps.set_index("arriving_leg")["stay_id"])
    stay_complete = stay_id.map(flags(facts, "stay", method)).fillna(False).astype(bool)
    sailed_km = legs["sailed_distance_nm"] * KM_PER_NM
    return legs.assign(complete=complete, stay_id=stay_id, both_complete=complete & stay_complete, sailed_km=sailed_km)


def leg_rows(facts: Facts, method: str, legs: pd.DataFrame) -> pd.DataFrame:
    """Return the activity of these legs, with leg_id, month and holding."""
    about = legs[["leg_id", "month", "holding"]].assign(owner=legs["leg_id"].astype(float))
    return activity_of(facts, "leg", method).merge(about, on="owner")


def stay_rows(facts: Facts, method: str, legs: pd.DataFrame) -> pd.DataFrame:
    """Return the activity of the stays after these legs, with the leg's leg_id, month and holding."""
    about = legs[["leg_id", "month", "holding"]].assign(owner=legs["stay_id"]).dropna(subset="owner")
    return activity_of(facts, "stay", method).merge(about, on="owner")


def leg_and_stay_rows(facts: Facts, method: str, legs: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([leg_rows(facts, method, legs), stay_rows(facts, method, legs)], ignore_index=True)


def operated(facts: Facts, method: str, legs: pd.DataFrame) -> Contributions:
    rows = leg_rows(facts, method, legs)
    counted = legs[legs["complete"]]
    emissions = ship_emissions(rows[rows["leg_id"].isin(counted["leg_id"])], G_PER_T)
    teu_km = (legs["sailed_km"] * legs["teu_on_board"]).where(legs["complete"])
    return Contributions(
        "operated_wtw_g_per_teu_km", method, "g/TEU-km", "well_to_wake", False, POOLED,
        coverage.of_ships(facts, method), emitted(emissions, legs.assign(denominator=teu_km)), emissions,
        fuel_energy(rows),
    )  # fmt: skip


def unallocated(facts: Facts, method: str, legs: pd.DataFrame) -> Contributions:
    """Return legs without laden boxes, whose emissions are allocated to no laden cargo."""
    rows = leg_rows(facts, method, legs[legs["laden_teu"] == 0])
    emissions = ship_emissions(rows[rows["leg_id"].isin(legs.loc[legs["complete"], "leg_id"])], 1.0)
    borne = legs[legs["complete"] & (legs["laden_teu"] > 0)].assign(numerator=0.0, denominator=NOTHING)
    sums = pd.concat([emitted(emissions, legs.assign(denominator=NOTHING)), borne], ignore_index=True)
    return Contributions(
        "unallocated_wtw_t", method, "t", "well_to_wake", True, POOLED, coverage.of_ships(facts, method),
        sums, emissions, fuel_energy(rows),
    )  # fmt: skip


def clean_cargo(facts: Facts, method: str, legs: pd.DataFrame) -> Contributions:
    sized = legs["nominal_capacity_teu"] > 0
    counted = legs["both_complete"] & sized
    rows = leg_and_stay_rows(facts, method, legs[sized])
    emissions = rows[rows["leg_id"].isin(legs.loc[counted, "leg_id"])]
    emissions = ship_emissions(emissions, G_PER_T * DISTANCE_ADJUSTMENT)
    capacity_km = legs["sailed_km"] * legs["nominal_capacity_teu"] * LOAD_FACTOR
    return Contributions(
        "clean_cargo_g_per_teu_km", method, "g/TEU-km", "well_to_wake", False, POOLED,
        coverage.of_ships(facts, method), emitted(emissions, legs.assign(denominator=capacity_km.where(counted))),
        emissions, fuel_energy(rows),
    )  # fmt: skip


def clean_cargo_reference(facts: Facts, legs: pd.DataFrame) -> Contributions:
    """Return the published lane average for the mix of dry and reefer boxes on the legs of clean_cargo."""
    counted = legs["both_complete"] & (legs["nominal_capacity_teu"] > 0) & legs["reefer_teu"].notna()
    counted &= legs["arrival_utc"] < LANE_AVERAGES_END
    dry, reefer = (lane_average_g_per_teu_km(container) for container in ("dry", "reefer"))
    grams = dry * (legs["teu_on_board"] - legs["reefer_teu"]) + reefer * legs["reefer_teu"]
    sums = legs.assign(numerator=grams.where(counted), denominator=legs["teu_on_board"].where(counted))
    return Contributions(
        "clean_cargo_reference_g_per_teu_km", HEADLINE, "g/TEU-km", "well_to_wake", False, POOLED,
        coverage.of_ships(facts, HEADLINE), sums,
    )  # fmt: skip


def eeoi(facts: Facts, legs: pd.DataFrame) -> Contributions:
    """Return combustion CO2 by the IMO's carbon factors; a fuel without one removes its leg and stay."""
    weighed = legs["cargo_mass_t"].notna()
    rows = leg_and_stay_rows(facts, HEADLINE, legs[weighed])
    rows = rows[rows["part"] != "electricity"]
    factors = {fuel: cf_row(fuel) or {} for fuel in rows["fuel"].unique()}
    rows["factor_id"] = rows["fuel"].map({fuel: f"imo_cf:{row.get('fuel_code')}" for fuel, row in factors.items()})
    rows["evidence"] = rows["fuel"].map({fuel: row.get("evidence") for fuel, row in factors.items()})
    cf = rows["fuel"].map({fuel: row.get("cf_tco2_per_t", NOTHING) for fuel, row in factors.items()}).astype(float)
    rows["has_factor"] = cf.notna()
    rows["e_t"] = rows["mass_t"] * cf
    counted = legs["both_complete"] & weighed & ~legs["leg_id"].isin(rows.loc[~rows["has_factor"], "leg_id"])
    emissions = ship_emissions(rows[rows["leg_id"].isin(legs.loc[counted, "leg_id"])], G_PER_T)
    work = (legs["cargo_mass_t"] * legs["sailed_distance_nm"]).where(counted)
    return Contributions(
        "eeoi_g_per_t_nm", HEADLINE, "g/t-nm", "tank_to_wake", False, POOLED, coverage.of_ships(facts, HEADLINE),
        emitted(emissions, legs.assign(denominator=work)), emissions, fuel_energy(rows),
    )  # fmt: skip


def capable_vessels(facts: Facts, legs: pd.DataFrame) -> Contributions:
    """Return distinct vessels per holding and period; 0 for a holding with legs but without such vessels."""
    capable = legs["capability"].isin(["reduced", "zero"])
    parts = []
    for grain, code in GRAINS.items():
        rows = legs[["imo_number", "holding"]].assign(
            grain=grain, month=legs["month"].dt.to_period(code).dt.to_timestamp()
        )
        vessels = rows[capable].drop_duplicates().assign(numerator=1.0)
        parts += [rows.drop_duplicates(["month", "holding"]).assign(numerator=0.0), vessels]
    sums = pd.concat(parts, ignore_index=True).assign(denominator=NOTHING)
    return Contributions(
        "capable_vessels_deployed", HEADLINE, "vessels", None, True, POOLED, coverage.of_ships(facts, HEADLINE), sums
    )
