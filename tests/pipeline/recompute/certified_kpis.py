"""KPIs of certified fuel in tonnes, burned and bunkered: docs/method.md#fuel and method.md#progress.

Belongs here: tonnes under a certificate. Does not belong here: their share of the corridor's energy.
"""

from collections.abc import Iterator

import pandas as pd

from . import coverage
from .fuel import certified_notes
from .legs import month_of
from .shared import HEADLINE, NOTHING, activity_of
from .trust import Contributions
from .voyages import Facts


def contributions(facts: Facts) -> Iterator[Contributions]:
    covered = coverage.of_ships(facts, HEADLINE)
    for kpi_id, boundary, dimension, sums in (
        ("certified_fuel_t", "well_to_wake", "fuel_type", burned(facts)),
        ("certified_bunkered_t", "deliveries", "port", bunkered(facts)),
    ):
        dimensions = {"corridor": "", dimension: dimension}
        yield Contributions(kpi_id, HEADLINE, "t", boundary, True, dimensions, covered, sums)


def burned(facts: Facts) -> pd.DataFrame:
    """Return the certified parts of the fuel of in-scope legs and the stays after them, complete or not."""
    parts = []
    for kind, units, key in (("leg", facts.chain, "leg_id"), ("stay", facts.gaps, "stay_id")):
        rows = activity_of(facts, kind, HEADLINE)
        rows = rows[(rows["part"] == "certified") & rows["quantity_known"]]
        about = units[units["in_scope"]][["month", "holding"]].assign(owner=units[key].astype(float))
        parts.append(rows.merge(about, on="owner"))
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(fuel_type=rows["fuel"], numerator=rows["mass_t"], denominator=NOTHING)


def bunkered(facts: Facts) -> pd.DataFrame:
    """Return the certified mass of delivery notes of vessels with an in-scope leg, by corridor port."""
    notes = certified_notes(facts.inputs)
    notes = notes[notes["imo_number"].isin(facts.chain.loc[facts.chain["in_scope"], "imo_number"])]
    return notes.assign(
        month=month_of(notes["delivered_utc"]),
        port=notes["port_locode"].where(notes["port_locode"].isin(facts.inputs.ports)),
        holding=notes["partner_id"].map(facts.inputs.holding_of),
        numerator=notes["certified_limit_t"],
        denominator=NOTHING,
    )
