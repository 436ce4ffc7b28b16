"""The KPIs as contributions: METHOD sections 3, 5, 6 and 7, the first part of the list in section 12.

Belongs here: which rows a KPI sums, in which unit. Does not belong here: cells, trust, voyages as such.
"""

from collections.abc import Iterator

import pandas as pd

from . import coverage
from .berth import in_window
from .factors import KM_PER_NM, METHODS
from .terminals import END_COLUMNS, end_of_a_teu
from .trust import Contributions
from .voyages import Facts, deliveries, members_with_shares, voyage_activity, voyages_with_completeness

__all__ = ["Facts", "contributions", "members_with_shares", "voyages_with_completeness"]

BY_DIRECTION = {"corridor": "", "direction": "direction"}
BY_PORT = {"corridor": "", "port": "port"}
POOLED = {"corridor": ""}
G_PER_T = 1e6
KG_PER_T = 1e3
NOTHING = float("nan")


def contributions(facts: Facts) -> Iterator[Contributions]:
    """Every KPI under every method it has."""
    delivered = deliveries(facts)
    for method in METHODS:
        rows = voyage_activity(facts, method)
        yield from corridor_kpis(facts, method, rows, delivered)
        yield operated(facts, method)
    yield from port_to_port(facts, voyage_activity(facts, "glec_v3_2"), delivered)
    yield from shore_power(facts)
    yield from terminal_kpis(facts)


def ship_emissions(rows: pd.DataFrame, per_t: float) -> pd.DataFrame:
    """Emission rows keyed by vessel, leg or stay, consumer and fuel."""
    key = rows["imo_number"] + "|" + rows["kind"] + rows["owner"].astype(int).astype(str)
    key = key + "|" + rows["consumer"] + "|" + rows["fuel"]
    return rows.assign(row_key=pd.factorize(key)[0], e=rows["e_t"] * per_t)


def fuel_energy(rows: pd.DataFrame) -> pd.DataFrame:
    """Fuel rows of known mass that weigh in the energy without a factor."""
    return rows[(rows["part"] != "electricity") & (rows["mass_t"] > 0)]


def summed(
    voyages: pd.DataFrame, counted: pd.Series, numerators: pd.DataFrame, denominators: pd.DataFrame | None
) -> pd.DataFrame:
    """sums of Contributions: the counted voyages' rows, and a row without figures for every voyage in scope."""
    scope = voyages[voyages["in_scope"]][["month", "direction"]]
    parts = [scope.assign(numerator=NOTHING, denominator=NOTHING, holding=None), numerators.assign(denominator=NOTHING)]
    if denominators is not None:
        parts.append(denominators.assign(numerator=NOTHING))
    columns = ["month", "direction", "holding", "numerator", "denominator"]
    kept = [parts[0], *(part[part["voyage_id"].isin(counted)] for part in parts[1:])]
    filled = [part[columns] for part in kept if len(part)]
    return pd.concat(filled or [scope.reindex(columns=columns)], ignore_index=True)


def counted_voyages(voyages: pd.DataFrame, flag: str) -> pd.Series:
    return voyages.loc[voyages["in_scope"] & voyages[flag], "voyage_id"]


def corridor_kpis(facts: Facts, method: str, rows: pd.DataFrame, delivered: pd.DataFrame) -> Iterator[Contributions]:
    voyages = voyages_with_completeness(facts)
    counted = counted_voyages(voyages, method)
    covered = coverage.of_ships(facts, method)

    def kpi(
        kpi_id: str, unit: str, dimensions: dict[str, str], ids: pd.Series, e: pd.DataFrame, den: pd.DataFrame | None
    ) -> Contributions:
        sums = summed(voyages, ids, e.assign(numerator=e["e"]), den)
        gaps = fuel_energy(rows[rows["kind"].isin(e["kind"].unique())])
        emissions = e[e["voyage_id"].isin(ids)]
        total = den is None
        return Contributions(kpi_id, method, unit, "well_to_wake", total, dimensions, covered, sums, emissions, gaps)

    yield kpi("corridor_wtw_t", "t", BY_DIRECTION, counted, ship_emissions(rows, 1.0), None)
    unknown = delivered[delivered["teu_km"].isna()]["voyage_id"]
    yield kpi(
        "corridor_wtw_g_per_teu_km",
        "g/TEU-km",
        BY_DIRECTION,
        counted[~counted.isin(unknown)],
        ship_emissions(rows[rows["kind"] == "leg"], G_PER_T),
        delivered.assign(denominator=delivered["teu_km"]),
    )
    burned = rows[(rows["part"] != "electricity") & rows["has_factor"]]
    yield kpi(
        "energy_ghg_intensity_g_mj",
        "g/MJ",
        POOLED,
        counted_voyages(voyages, "energy"),
        ship_emissions(burned, G_PER_T),
        burned.assign(denominator=burned["mj"]),
    )


def operated(facts: Facts, method: str) -> Contributions:
    flags = facts.complete[facts.complete["kind"] == "leg"].set_index("owner")[method]
    legs = facts.chain[facts.chain["in_scope"]]
    legs = legs.assign(complete=legs["leg_id"].map(flags), owner=legs["leg_id"])
    rows = facts.activity[(facts.activity["method"] == method) & (facts.activity["kind"] == "leg")]
    rows = rows.merge(legs[["owner", "month", "holding", "complete"]], on="owner")
    emissions = ship_emissions(rows[rows["complete"]], G_PER_T)
    teu_km = (legs["sailed_distance_nm"] * KM_PER_NM * legs["teu_on_board"]).where(legs["complete"])
    sums = pd.concat(
        [
            legs.assign(numerator=NOTHING, denominator=teu_km),
            emissions.assign(numerator=emissions["e"], denominator=NOTHING),
        ]
    )[["month", "holding", "numerator", "denominator"]]
    return Contributions(
        "operated_wtw_g_per_teu_km", method, "g/TEU-km", "well_to_wake", False, POOLED,
        coverage.of_ships(facts, method), sums, emissions, fuel_energy(rows),
    )  # fmt: skip


def terminal_part(facts: Facts, delivered: pd.DataFrame) -> pd.DataFrame:
    """Emission rows (kg) of both ends of every delivered TEU."""
    parts = [pd.DataFrame(columns=[*delivered.columns, *END_COLUMNS, "e"])]
    for month in delivered["month"].unique():
        mine = delivered[delivered["month"] == month].drop(columns="holding")
        for side in (facts.inputs.origin, facts.inputs.destination):
            end = end_of_a_teu(month, side, facts.calls, facts.months, facts.energy, facts.inputs)
            pairs = mine.merge(end, how="cross")
            parts.append(pairs.assign(e=pairs["teu"] * pairs["kg_per_teu"]))
    rows = pd.concat(parts[1:] or parts, ignore_index=True)
    key = rows["terminal_code"] + "|" + rows["month"].astype(str) + "|" + rows["energy_carrier"]
    keyed: pd.DataFrame = rows.assign(row_key=key)
    return keyed


def port_to_port(facts: Facts, rows: pd.DataFrame, delivered: pd.DataFrame) -> Iterator[Contributions]:
    voyages = voyages_with_completeness(facts)
    counted = counted_voyages(voyages, "glec_v3_2")
    ships = ship_emissions(rows, KG_PER_T)
    ends = terminal_part(facts, delivered[delivered["voyage_id"].isin(counted)])
    parts = {
        "port_to_port_kg_per_teu": (pd.concat([ships, ends], ignore_index=True), "mixed"),
        "port_to_port_sailing_kg_per_teu": (ships[ships["kind"] == "leg"], "well_to_wake"),
        "port_to_port_berth_kg_per_teu": (ships[ships["kind"] == "stay"], "mixed"),
        "port_to_port_terminals_kg_per_teu": (ends.assign(kind="terminal"), "mixed"),
    }
    for kpi_id, (e, boundary) in parts.items():
        sums = summed(voyages, counted, e.assign(numerator=e["e"]), delivered.assign(denominator=delivered["teu"]))
        gaps = fuel_energy(rows[rows["kind"].isin(e["kind"].unique())])
        yield Contributions(
            kpi_id, "glec_v3_2", "kg/TEU", boundary, False, BY_DIRECTION, coverage.of_ships(facts, "glec_v3_2"),
            sums, e[e["voyage_id"].isin(counted)], gaps,
        )  # fmt: skip


def shore_power(facts: Facts) -> Iterator[Contributions]:
    covered = coverage.of_ships(facts, "glec_v3_2")
    calls = facts.calls[facts.calls["in_scope"]]
    for kpi_id, rows, numerator, denominator in (
        ("shore_power_use", calls, "on_shore_power_hours", "berth_hours"),
        ("shore_power_coverage", in_window(calls), "window_connected_hours", "window_hours"),
    ):
        known = rows[numerator].notna() & rows[denominator].notna()
        sums = rows.assign(numerator=rows[numerator].where(known), denominator=rows[denominator].where(known))
        yield Contributions(kpi_id, "glec_v3_2", "1", None, False, BY_PORT, covered, sums)


def terminal_kpis(facts: Facts) -> Iterator[Contributions]:
    covered = coverage.of_terminals(facts)
    months = facts.months
    place = months.drop_duplicates("terminal_code").set_index("terminal_code")[["port", "holding"]]
    energy = facts.energy.join(place, on="terminal_code")
    key = energy["terminal_code"] + "|" + energy["month"].astype(str) + "|" + energy["energy_carrier"]
    for kpi_id, unit, boundary, quantity in (
        ("terminal_kgco2e_per_teu", "kg/TEU", "direct_and_generation", "e_kg"),
        ("terminal_kwh_per_teu", "kWh/TEU", None, "kwh"),
    ):
        known = months[quantity].notna() & months["teu_handled"].notna()
        sums = months.assign(numerator=months[quantity].where(known), denominator=months["teu_handled"].where(known))
        emissions = pd.DataFrame()
        if quantity == "e_kg":
            counted = pd.MultiIndex.from_frame(months.loc[known, ["terminal_code", "month"]])
            emissions = energy.assign(row_key=key, e=energy["e_kg"])
            emissions = emissions[pd.MultiIndex.from_frame(energy[["terminal_code", "month"]]).isin(counted)]
        yield Contributions(kpi_id, "glec_v3_2", unit, boundary, False, BY_PORT, covered, sums, emissions)
