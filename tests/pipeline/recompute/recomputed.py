"""From a lake to every KPI cell, and the frames on the way there.

Belongs here: the order of the steps. Does not belong here: any formula.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from . import berth, burn, fuel, kpis, legs, terminals, trust
from .inputs import Inputs, read_inputs
from .voyages import Facts, compact, members_with_shares, voyages_with_completeness

COLUMNS = [
    "kpi_id", "method_id", "corridor_id", "variant", "period_grain", "period_start", "period_end", "dimension",
    "dimension_value", "numerator", "denominator", "value", "unit", "lower", "upper", "coverage",
    "primary_data_share", "energy_without_factor_share", "factor_evidence", "factor_lag_years", "boundary",
    "n_contributors", "status", "formula_version",
]  # fmt: skip


@dataclass(frozen=True)
class Recomputed:
    """Frames in the order in which they are made; kpis has the columns of fct_kpi, one row per non-empty cell.

    fuel: one row per fuel row, modelled row or shore power, by method and certified part, with its leg or stay.
    out_of_scope_fuel: fuel rows before the first or after the last leg, or in a gap that is no stay.
    """

    legs: pd.DataFrame
    stays: pd.DataFrame
    voyages: pd.DataFrame
    members: pd.DataFrame
    fuel: pd.DataFrame
    out_of_scope_fuel: pd.DataFrame
    visits: pd.DataFrame
    terminal_energy: pd.DataFrame
    terminal_months: pd.DataFrame
    kpis: pd.DataFrame


def recompute_all(lake: Path, as_of: date) -> Recomputed:
    """Return every frame, from the lake as of a day."""
    inputs = read_inputs(lake, as_of)
    chain = legs.legs(inputs)
    gaps = legs.stays(chain)
    visits = berth.visits(inputs)
    calls = berth.attach(visits, gaps)
    gaps = berth.add_shares(gaps, calls, chain, inputs)
    filed = burn.assign(fuel.with_notes(inputs), chain, gaps)
    filer = gaps["arriving_leg"].map(chain.set_index("leg_id")["partner_id"])
    lacking = berth.lacking_a_call(inputs, visits, gaps, filer)
    activity, complete = activity_and_completeness(inputs, chain, gaps, calls, filed, lacking)
    found, members = legs.voyages(chain, gaps, inputs)
    energy = terminals.energy_rows(inputs)
    months = terminals.terminal_months(inputs, energy)
    facts = Facts(inputs, chain, gaps, found, members, compact(activity), complete, calls, energy, months)
    computed = [trust.cells(kpi, inputs.corridor_id) for kpi in kpis.contributions(facts)]
    return Recomputed(
        legs=with_completeness(chain, complete, "leg", "leg_id"),
        stays=with_completeness(gaps, complete, "stay", "stay_id"),
        voyages=voyages_with_completeness(facts),
        members=members_with_shares(facts),
        fuel=activity,
        out_of_scope_fuel=filed[filed["kind"].isna()],
        visits=calls,
        terminal_energy=energy,
        terminal_months=months,
        kpis=pd.concat([c for c in computed if len(c)], ignore_index=True)[COLUMNS],
    )


def recompute(lake: Path, as_of: date) -> pd.DataFrame:
    """Return only the KPI cells; see Recomputed."""
    return recompute_all(lake, as_of).kpis


def activity_and_completeness(
    inputs: Inputs,
    chain: pd.DataFrame,
    gaps: pd.DataFrame,
    calls: pd.DataFrame,
    filed: pd.DataFrame,
    lacking_a_call: set[Any],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return emission rows of every leg and stay by method, and which of them are complete."""
    burned = burn.with_engines(filed, chain, gaps, inputs)
    modelled, fuelled = berth.modelled(gaps, calls, burned, inputs)
    every = pd.concat([burned, modelled], ignore_index=True)
    every["certified_part"] = every["certified_part"].fillna(0.0)
    activity = pd.concat([fuel.emissions(every), berth.shore_power_rows(calls, inputs)], ignore_index=True)
    activity["owner"] = activity["owner"].astype(float)
    return activity, burn.completeness(chain, gaps, burned, activity, fuelled - lacking_a_call, inputs.rejected_fuel)


def with_completeness(rows: pd.DataFrame, complete: pd.DataFrame, kind: str, key: str) -> pd.DataFrame:
    flags = complete[complete["kind"] == kind].drop(columns="kind").rename(columns={"owner": key})
    return rows.merge(flags, on=key)
