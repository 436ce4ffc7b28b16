"""KPIs that are summed voyage by voyage: docs/method.md#intensity and method.md#port-to-port.

Belongs here: totals, intensities, energy shares and port to port. Does not belong here: legs on their own account.
"""

from collections.abc import Iterator

import pandas as pd

from . import coverage
from .factors import METHODS
from .shared import BY_DIRECTION, G_PER_T, HEADLINE, KG_PER_T, NOTHING, POOLED, fuel_energy, ship_emissions
from .terminals import END_COLUMNS, end_of_a_teu
from .trust import Contributions
from .voyages import Facts, deliveries, voyage_activity, voyages_with_completeness

ZERO_G_PER_MJ = 19.0


def contributions(facts: Facts) -> Iterator[Contributions]:
    delivered = deliveries(facts)
    voyages = voyages_with_completeness(facts)
    for method in METHODS:
        rows = voyage_activity(facts, method)
        laden = voyage_activity(facts, method, "laden_share")
        yield from emission_kpis(facts, method, voyages, rows, laden, delivered)
        yield from energy_kpis(facts, method, voyages, rows)
        if method == HEADLINE:
            yield from port_to_port(facts, voyages, rows, delivered)


def counted_voyages(voyages: pd.DataFrame, flag: str) -> pd.Series:
    return voyages.loc[voyages["in_scope"] & voyages[flag], "voyage_id"]


def summed(
    voyages: pd.DataFrame, counted: pd.Series, numerators: pd.DataFrame, denominators: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the rows of complete voyages, and a row without figures for every voyage in scope."""
    scope = voyages[voyages["in_scope"]][["month", "direction"]]
    parts = [scope.assign(numerator=NOTHING, denominator=NOTHING, holding=None), numerators.assign(denominator=NOTHING)]
    if denominators is not None:
        parts.append(denominators.assign(numerator=NOTHING))
    columns = ["month", "direction", "holding", "numerator", "denominator"]
    kept = [parts[0], *(part[part["voyage_id"].isin(counted)] for part in parts[1:])]
    filled = [part[columns] for part in kept if len(part)]
    return pd.concat(filled or [scope.reindex(columns=columns)], ignore_index=True)


def emission_kpis(
    facts: Facts,
    method: str,
    voyages: pd.DataFrame,
    rows: pd.DataFrame,
    laden: pd.DataFrame,
    delivered: pd.DataFrame,
) -> Iterator[Contributions]:
    """Return the corridor's total, and both intensities: per TEU and per laden TEU."""
    counted = counted_voyages(voyages, method)
    covered = coverage.of_ships(facts, method)
    for kpi_id, mine, transport in (
        ("corridor_wtw_t", rows, None),
        ("corridor_wtw_g_per_teu_km", rows[rows["kind"] == "leg"], "teu_km"),
        ("corridor_wtw_g_per_laden_teu_km", laden, "laden_teu_km"),
    ):
        e = ship_emissions(mine, G_PER_T if transport else 1.0)
        ids = counted
        denominators = None
        if transport:
            ids = counted[~counted.isin(delivered[delivered[transport].isna()]["voyage_id"])]
            denominators = delivered.assign(denominator=delivered[transport])
        sums = summed(voyages, ids, e.assign(numerator=e["e"]), denominators)
        yield Contributions(
            kpi_id, method, "g/TEU-km" if transport else "t", "well_to_wake", transport is None, BY_DIRECTION, covered,
            sums, e[e["voyage_id"].isin(ids)], fuel_energy(mine),
        )  # fmt: skip


def energy_kpis(facts: Facts, method: str, voyages: pd.DataFrame, rows: pd.DataFrame) -> Iterator[Contributions]:
    """Return emissions per MJ and certified shares of MJ, over the rows with a factor."""
    counted = counted_voyages(voyages, "energy")
    covered = coverage.of_ships(facts, method)
    burned = rows[(rows["part"] != "electricity") & rows["has_factor"]]
    energy = burned.assign(denominator=burned["mj"])
    e = ship_emissions(burned, G_PER_T)
    yield Contributions(
        "energy_ghg_intensity_g_mj", method, "g/MJ", "well_to_wake", False, POOLED, covered,
        summed(voyages, counted, e.assign(numerator=e["e"]), energy), e[e["voyage_id"].isin(counted)],
        fuel_energy(rows),
    )  # fmt: skip
    certified = burned["part"] == "certified"
    zero = certified & (burned["certificate_g_per_mj"] <= ZERO_G_PER_MJ)
    for kpi_id, counts in (("certified_energy_share", certified), ("zero_energy_share", zero)):
        sums = summed(voyages, counted, burned.assign(numerator=burned["mj"].where(counts, 0.0)), energy)
        yield Contributions(
            kpi_id, method, "1", "at_source", False, POOLED, covered, sums, energy=fuel_energy(rows)
        )  # fmt: skip


def terminal_part(facts: Facts, delivered: pd.DataFrame) -> pd.DataFrame:
    """Return the emission rows (kg) of both ends of every delivered TEU."""
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


def port_to_port(
    facts: Facts, voyages: pd.DataFrame, rows: pd.DataFrame, delivered: pd.DataFrame
) -> Iterator[Contributions]:
    counted = counted_voyages(voyages, HEADLINE)
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
            kpi_id, HEADLINE, "kg/TEU", boundary, False, BY_DIRECTION, coverage.of_ships(facts, HEADLINE),
            sums, e[e["voyage_id"].isin(counted)], gaps,
        )  # fmt: skip
