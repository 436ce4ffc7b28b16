"""KPIs of terminal-months: docs/method.md#terminals.

Belongs here: which terminal-months each KPI counts. Does not belong here: factors and sums of a terminal-month.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from . import coverage
from .shared import BY_PORT, HEADLINE
from .terminals import MARKET
from .trust import Contributions
from .voyages import Facts


@dataclass(frozen=True)
class TerminalRatio:
    """Return a ratio of two columns of the terminal-months."""

    kpi_id: str
    unit: str
    boundary: str
    numerator: str
    denominator: str


RATIOS = [
    TerminalRatio("terminal_kgco2e_per_teu", "kg/TEU", "direct_and_generation", "e_kg", "teu_handled"),
    TerminalRatio("terminal_market_kgco2e_per_teu", "kg/TEU", "direct_and_market", "market_kg", "teu_handled"),
    TerminalRatio("terminal_kwh_per_teu", "kWh/TEU", "at_source", "kwh", "teu_handled"),
    TerminalRatio("electric_share", "1", "at_source", "electric_mj", "mj"),
    TerminalRatio("zero_emission_equipment_share", "1", "at_source", "zero_emission_units", "equipment_units"),
]


def contributions(facts: Facts) -> Iterator[Contributions]:
    months = facts.months
    for ratio in RATIOS:
        counted = months[ratio.numerator].notna() & months[ratio.denominator].notna()
        sums = months.assign(
            numerator=months[ratio.numerator].where(counted), denominator=months[ratio.denominator].where(counted)
        )
        yield Contributions(
            ratio.kpi_id, HEADLINE, ratio.unit, ratio.boundary, False, BY_PORT,
            coverage.of_terminals(facts, counted), sums, emissions(facts, ratio.numerator, counted),
        )  # fmt: skip


def emissions(facts: Facts, quantity: str, counted: pd.Series) -> pd.DataFrame:
    """Return emission rows of the counted terminal-months, by grid factors or by supplier factors."""
    if quantity not in ("e_kg", "market_kg"):
        return pd.DataFrame()
    rows = facts.energy
    if quantity == "market_kg":
        rows = rows.drop(columns=list(MARKET)).rename(columns={name: own for own, name in MARKET.items()})
    place = facts.months.drop_duplicates("terminal_code").set_index("terminal_code")[["port", "holding"]]
    key = rows["terminal_code"] + "|" + rows["month"].astype(str) + "|" + rows["energy_carrier"]
    rows = rows.assign(row_key=key, e=rows["e_kg"]).join(place, on="terminal_code")
    mine = pd.MultiIndex.from_frame(facts.months.loc[counted, ["terminal_code", "month"]])
    return rows[pd.MultiIndex.from_frame(rows[["terminal_code", "month"]]).isin(mine)]
