"""Voyages as sums: shares, completeness by method, TEU delivered and TEU-km.

Method: docs/method.md#voyages and method.md#intensity.

Belongs here: what a voyage counts, and whether it does. Does not belong here: KPIs, periods.
"""

from dataclasses import dataclass
from math import nan

import pandas as pd

from .factors import METHODS, sea_distance_km
from .inputs import Inputs
from .legs import DIRECTIONS

FLAGS = [*METHODS, "energy"]


@dataclass(frozen=True)
class Facts:
    """Everything that the KPIs sum."""

    inputs: Inputs
    chain: pd.DataFrame
    gaps: pd.DataFrame
    voyages: pd.DataFrame
    members: pd.DataFrame
    activity: pd.DataFrame
    complete: pd.DataFrame
    calls: pd.DataFrame
    energy: pd.DataFrame
    months: pd.DataFrame


def owners(facts: Facts) -> pd.DataFrame:
    """Return kind, owner, direction, holding, share and (legs only) laden_share of every leg and stay."""
    parts = []
    for kind, rows, key in (("leg", facts.chain, "leg_id"), ("stay", facts.gaps, "stay_id")):
        for direction in DIRECTIONS:
            part = rows[[key, "holding", "in_scope"]].rename(columns={key: "owner"})
            laden_share = rows[f"{direction}_laden_share"] if kind == "leg" else nan
            share = rows[f"{direction}_share"]
            parts.append(part.assign(kind=kind, direction=direction, share=share, laden_share=laden_share))
    return pd.concat(parts, ignore_index=True).astype({"owner": float})


def members_with_shares(facts: Facts) -> pd.DataFrame:
    """Return members of voyages with share, holding, the voyage's month and scope, and flags (False where absent)."""
    rows = facts.members.merge(owners(facts), on=["kind", "owner", "direction"], how="left")
    rows = rows.merge(facts.complete.drop(columns="whole"), on=["kind", "owner"], how="left")
    rows[FLAGS] = rows[FLAGS].astype("boolean").fillna(False).astype(bool)
    rows["leg_out_of_scope"] = (rows["kind"] == "leg") & (rows["in_scope"] == False)  # noqa: E712
    about = facts.voyages[["voyage_id", "month", "in_scope"]].rename(columns={"in_scope": "voyage_in_scope"})
    return rows.merge(about, on="voyage_id")


def voyages_with_completeness(facts: Facts) -> pd.DataFrame:
    """Return voyages with one flag per method, and `energy`: in-scope legs, stays that exist, all complete."""
    rows = members_with_shares(facts)
    sound = ~rows["leg_out_of_scope"]
    flags = rows[FLAGS].mul(sound, axis=0).groupby(rows["voyage_id"]).all()
    return facts.voyages.merge(flags.reset_index(), on="voyage_id")


def deliveries(facts: Facts) -> pd.DataFrame:
    """Return legs that end at the other side: voyage_id, direction, month, holding, teu, teu_km, laden_teu_km.

    NaN means unknown.
    """
    members = facts.members[facts.members["kind"] == "leg"]
    legs = members.merge(facts.chain.drop(columns="month"), left_on="owner", right_on="leg_id")
    legs = legs.merge(facts.voyages[["voyage_id", "month"]], on="voyage_id")
    parts = []
    for direction, rows in legs.groupby("direction"):
        delivering = rows[rows["to_locode"].isin(facts.inputs.discharging_side(str(direction)))]
        loaded = loaded_teu(rows, str(direction), facts)
        parts.append(delivering.join(mean_sfd_km(delivering, loaded), on=["voyage_id", "to_locode"]))
    out = pd.concat(parts, ignore_index=True).rename(columns={"delivered_teu": "teu"})
    for name, teu in (("teu_km", out["teu"]), ("laden_teu_km", out["delivered_laden_teu"])):
        out[name] = (teu * out["sfd_km"]).mask(teu == 0, 0.0)
    return out[["voyage_id", "direction", "month", "holding", "teu", "teu_km", "laden_teu_km"]]


def loaded_teu(legs: pd.DataFrame, direction: str, facts: Facts) -> pd.DataFrame:
    """Return voyage_id, from_locode and loaded_teu at ports of the loading side.

    Loaded TEU are those that the departing leg carries more than the arriving one.
    """
    column = f"{direction}_teu"
    before = facts.chain.groupby("imo_number")[column].shift(1).set_axis(facts.chain["leg_id"])
    arriving = legs["leg_id"].map(before)
    first = ~legs.duplicated("voyage_id")
    gained = (legs[column] - arriving.mask(first & arriving.isna(), 0.0)).clip(lower=0)
    rows = legs.assign(loaded_teu=gained, unknown=gained.isna())
    rows = rows[rows["from_locode"].isin(facts.inputs.loading_side(direction))]
    sums = rows.groupby(["voyage_id", "from_locode"])[["loaded_teu", "unknown"]].sum().reset_index()
    return sums.assign(loaded_teu=sums["loaded_teu"].mask(sums["unknown"] > 0)).drop(columns="unknown")


def mean_sfd_km(delivering: pd.DataFrame, loaded: pd.DataFrame) -> pd.Series:
    """Return the mean shortest feasible distance by voyage_id and to_locode, weighted by TEU loaded."""
    pairs = delivering[["voyage_id", "to_locode"]].drop_duplicates().merge(loaded, on="voyage_id")
    pairs["sfd_km"] = [sea_distance_km(*ports) for ports in zip(pairs["from_locode"], pairs["to_locode"], strict=True)]
    key = ["voyage_id", "to_locode"]
    single = pairs.groupby(key)["sfd_km"].transform("size") == 1
    pairs["weight"] = pairs["loaded_teu"].mask(single, 1.0)
    pairs = pairs[pairs["weight"] != 0]
    pairs["weighted_km"] = pairs["weight"] * pairs["sfd_km"]
    unknown = pairs["weighted_km"].isna().groupby([pairs[c] for c in key]).any()
    sums = pairs.groupby(key)[["weighted_km", "weight"]].sum()
    return (sums["weighted_km"] / sums["weight"]).mask(unknown).rename("sfd_km")


def compact(activity: pd.DataFrame) -> pd.DataFrame:
    """Return activity summed by leg or stay, consumer, fuel, class and factor."""
    keys = [
        "kind", "owner", "imo_number", "consumer", "fuel", "part", "class", "method", "quantity_known", "has_factor",
        "factor_id", "evidence", "lag_years", "no_lcv", "certificate_g_per_mj",
    ]  # fmt: skip
    rows = activity.assign(no_lcv=activity["imo_mj"].isna())
    rows = rows.groupby(keys, dropna=False)[["mass_t", "imo_mj", "mj", "e_t"]].sum().reset_index()
    return rows.assign(imo_mj=rows["imo_mj"].mask(rows["no_lcv"]), e_t=rows["e_t"].where(rows["has_factor"]))


def voyage_activity(facts: Facts, method: str, share: str = "share") -> pd.DataFrame:
    """Return the activity of one method on every segment of voyages in scope, after the share."""
    rows = members_with_shares(facts)
    rows = rows.assign(share=rows[share])
    rows = rows[rows["voyage_in_scope"] & rows["owner"].notna() & rows["share"].notna()]
    activity = facts.activity[facts.activity["method"] == method]
    rows = rows[["voyage_id", "direction", "month", "kind", "owner", "share", "holding"]]
    rows = rows.merge(activity, on=["kind", "owner"])
    for column in ("e_t", "mj", "imo_mj", "mass_t"):
        rows[column] = rows[column] * rows["share"]
    return rows
