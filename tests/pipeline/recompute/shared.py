"""What the KPI modules share: dimensions, units, and rows in the shape of Contributions.

Belongs here: a name or a step that two of them use. Does not belong here: any KPI.
"""

import pandas as pd

from .voyages import Facts

BY_DIRECTION = {"corridor": "", "direction": "direction"}
BY_PORT = {"corridor": "", "port": "port"}
POOLED = {"corridor": ""}
HEADLINE = "glec_v3_2"
G_PER_T = 1e6
KG_PER_T = 1e3
NOTHING = float("nan")


def ship_emissions(rows: pd.DataFrame, per_t: float) -> pd.DataFrame:
    """Return emission rows keyed by vessel, leg or stay, consumer and fuel."""
    key = rows["imo_number"] + "|" + rows["kind"] + rows["owner"].astype(int).astype(str)
    key = key + "|" + rows["consumer"] + "|" + rows["fuel"]
    return rows.assign(row_key=pd.factorize(key)[0], e=rows["e_t"] * per_t)


def fuel_energy(rows: pd.DataFrame) -> pd.DataFrame:
    """Return fuel rows of known mass, which count in the energy without a factor."""
    return rows[(rows["part"] != "electricity") & (rows["mass_t"] > 0)]


def emitted(emissions: pd.DataFrame, denominators: pd.DataFrame) -> pd.DataFrame:
    """Return each emission row in the numerator, and rows with only their denominator."""
    numerators = emissions.assign(numerator=emissions["e"], denominator=NOTHING)
    return pd.concat([denominators.assign(numerator=NOTHING), numerators], ignore_index=True)


def flags(facts: Facts, kind: str, method: str) -> pd.Series:
    """Return completeness under a method by leg_id or stay_id."""
    mine = facts.complete[facts.complete["kind"] == kind]
    by_owner: pd.Series = mine.set_index("owner")[method]
    return by_owner


def activity_of(facts: Facts, kind: str, method: str) -> pd.DataFrame:
    """Return the activity of all legs, or of all stays, under a method."""
    rows = facts.activity
    return rows[(rows["method"] == method) & (rows["kind"] == kind)]
