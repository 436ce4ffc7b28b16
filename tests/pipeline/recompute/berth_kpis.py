"""KPIs of visits attached to in-scope stays at corridor ports, in the month of arrival: docs/method.md#berth.

Belongs here: hours, calls, and what a call emits or avoids. Does not belong here: what port calls say, merged.
"""

from collections.abc import Iterator
from math import nan

import pandas as pd

from . import coverage
from .berth import in_window, with_electricity
from .burn import particulars
from .factors import METHODS, bsfc_g_per_kwh, grid_factor
from .fuel import factor_for
from .shared import BY_PORT, HEADLINE, KG_PER_T, NOTHING, activity_of, emitted, flags, fuel_energy, ship_emissions
from .trust import Contributions
from .voyages import Facts


def contributions(facts: Facts) -> Iterator[Contributions]:
    visits = facts.calls[facts.calls["in_scope"]]
    yield from hours_and_calls(facts, visits)
    for method in METHODS:
        yield wtw_per_call(facts, method, visits)
        yield avoided(facts, method, visits)


def hours_and_calls(facts: Facts, visits: pd.DataFrame) -> Iterator[Contributions]:
    """Return ratios of two columns of the visits; a visit with an unknown value leaves both sums."""
    covered = coverage.of_ships(facts, HEADLINE)
    calls = with_calls(facts, visits)
    for kpi_id, rows, numerator, denominator in (
        ("shore_power_use", visits, "on_shore_power_hours", "berth_hours"),
        ("shore_power_coverage", in_window(visits), "window_connected_hours", "window_hours"),
        ("controlled_coverage", in_window(visits), "window_controlled_hours", "window_hours"),
        ("connected_calls", calls, "connected", "visits"),
        ("capable_calls", calls, "capable", "visits"),
        ("certified_fuelled_calls", calls, "certified_fuelled", "visits"),
    ):
        known = rows[numerator].notna() & rows[denominator].notna()
        sums = rows.assign(numerator=rows[numerator].where(known), denominator=rows[denominator].where(known))
        yield Contributions(kpi_id, HEADLINE, "1", "at_berth", False, BY_PORT, covered, sums)


def with_calls(facts: Facts, visits: pd.DataFrame) -> pd.DataFrame:
    """Return visits with 1 or 0 (NaN: unknown) for connected, capable, and arrived on certified fuel."""
    capability = particulars(facts.inputs, visits)["capability"]
    rows = activity_of(facts, "leg", HEADLINE)
    fuelled = rows.loc[(rows["part"] == "certified") & (rows["mass_t"] > 0), "owner"]
    control = visits["emission_control"]
    return visits.assign(
        visits=1.0,
        connected=(control == "shore_power").astype(float).mask(control.isna()),
        capable=capability.isin(["reduced", "zero"]).astype(float).mask(capability.isna()),
        certified_fuelled=visits["arriving_leg"].isin(fuelled).astype(float),
    )


def wtw_per_call(facts: Facts, method: str, visits: pd.DataFrame) -> Contributions:
    """Return emissions of the stays, shore power included, per visit."""
    stays = facts.gaps.assign(visits=facts.gaps["stay_id"].map(visits.groupby("stay_id").size()))
    stays = stays[stays["visits"] > 0]
    complete = stays["stay_id"].map(flags(facts, "stay", method)).astype(bool)
    about = stays[["month", "port", "holding"]].assign(owner=stays["stay_id"].astype(float), complete=complete)
    rows = activity_of(facts, "stay", method).merge(about, on="owner")
    emissions = ship_emissions(rows[rows["complete"]], 1.0)
    sums = emitted(emissions, stays.assign(denominator=stays["visits"].where(complete)))
    return Contributions(
        "berth_wtw_t_per_call", method, "t/call", "well_to_wake", False, BY_PORT, coverage.of_ships(facts, method),
        sums, emissions, fuel_energy(rows),
    )  # fmt: skip


def avoided(facts: Facts, method: str, visits: pd.DataFrame) -> Contributions:
    """Return emissions of the auxiliary engine on MGO less those of the grid; they may be negative."""
    fuel = factor_for(method, "MGO", None, None, nan, nan)
    t_per_kwh = bsfc_g_per_kwh("aux_engine", "MGO") / 1e6 * fuel.wtw_t_per_t(method)
    connected = with_electricity(visits, facts.inputs)
    connected = connected[connected["emission_control"] == "shore_power"]
    grids = [
        grid_factor(port, arrival.year)
        for port, arrival in zip(connected["port"], connected["arrival_utc"], strict=True)
    ]
    kwh = connected["electricity_kwh"]
    rows = connected.assign(row_key=connected["stay_id"])
    rows["class"] = rows["electricity_class"]
    parts = [
        rows.assign(e=kwh * t_per_kwh, factor_id=fuel.factor_id, evidence=fuel.evidence, lag_years=nan),
        rows.assign(
            e=-kwh * pd.Series([grid.kg_per_kwh for grid in grids], rows.index, dtype=float) / KG_PER_T,
            factor_id=pd.Series([grid.factor_id for grid in grids], rows.index, dtype=object),
            evidence=pd.Series([grid.evidence for grid in grids], rows.index, dtype=object),
            lag_years=[grid.lag_years for grid in grids],
        ),
    ]
    known = parts[0]["e"].notna() & parts[1]["e"].notna()
    emissions = pd.concat([part[known] for part in parts], ignore_index=True)
    return Contributions(
        "avoided_co2e_t", method, "t", "well_to_wake", True, BY_PORT, coverage.of_ships(facts, method),
        emitted(emissions, visits.assign(denominator=NOTHING)), emissions,
    )  # fmt: skip
