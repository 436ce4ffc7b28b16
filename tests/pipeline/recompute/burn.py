"""The leg or stay that burned each fuel row, and whether the fuel of a leg or stay is complete: docs/method.md#voyages.

Belongs here: assignment in time, the 95 % rule, rejected rows, completeness by method.
Does not belong here: factors, cargo.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from .factors import METHODS
from .fuel import CLASS_OF
from .inputs import Inputs

COVERED_HOURS = 0.95
MAY_CROSS = pd.Timedelta(hours=6)


def assign(fuel: pd.DataFrame, chain: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """Add kind (leg, stay, NaN out of scope) and owner (leg_id or stay_id) by the row's start."""
    burned: dict[int, tuple[str, float]] = {}
    for imo_number, rows in fuel.groupby("imo_number"):
        starts = rows["period_start_utc"].to_numpy()[:, None]
        for kind, holders, key in (("stay", gaps, "stay_id"), ("leg", chain, "leg_id")):
            mine = holders[holders["imo_number"] == imo_number].sort_values("departure_utc")
            opens, closes = ("arrival_utc", "departure_utc") if kind == "stay" else ("departure_utc", "arrival_utc")
            inside = (mine[opens].to_numpy() <= starts) & (starts < mine[closes].to_numpy())
            hit = inside.any(axis=1)
            # of overlapping legs the one departing later, so the last hit in order of departure
            last = inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=1) if len(mine) else np.zeros(len(rows), int)
            found = zip(rows.index.to_numpy()[hit], mine[key].to_numpy()[last[hit]], strict=True)
            burned.update({row: (kind, float(owner)) for row, owner in found})
    of_rows = pd.DataFrame.from_dict(burned, orient="index", columns=["kind", "owner"])
    return fuel.join(of_rows)


def particulars(inputs: Inputs, owners: pd.DataFrame) -> pd.DataFrame:
    """Return the vessel particulars valid at the arrival of each (imo_number, arrival_utc) row of owners."""
    vessels = inputs.rows["vessels"].sort_values("valid_from")
    wanted = owners[["imo_number", "arrival_utc"]].assign(at=owners.index).dropna()
    pairs = wanted.merge(vessels, on="imo_number")
    pairs = pairs[pairs["valid_from"] <= pairs["arrival_utc"]].sort_values("valid_from")
    newest = pairs.drop_duplicates("at", keep="last").set_index("at")
    columns = ["nominal_capacity_teu", "dwt_t", "capability", "main_engine_type", "aux_engine_type"]
    return newest[columns].reindex(owners.index)


def with_engines(fuel: pd.DataFrame, chain: pd.DataFrame, gaps: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Return fuel rows in scope with the engine that burned them and their activity class."""
    fuel = fuel[fuel["kind"].notna()].copy()
    known = pd.concat(
        [
            particulars(inputs, chain.set_index("leg_id")).assign(kind="leg"),
            particulars(inputs, gaps.set_index("stay_id")).assign(kind="stay"),
        ]
    )
    known = known.rename_axis("owner").reset_index()
    fuel = fuel.merge(known, on=["kind", "owner"], how="left")
    fuel["engine"] = fuel["main_engine_type"].where(fuel["consumer"] == "main_engine", fuel["aux_engine_type"])
    fuel["engine"] = fuel["engine"].mask(fuel["consumer"] == "boiler", "steam")
    fuel["class"] = fuel["measurement"].map(CLASS_OF)
    return fuel


def covered(intervals: Iterable[tuple[int, int]], start: int, end: int) -> int:
    """Return the length of [start, end] that intervals cover, given in order of their start."""
    length, reached = 0, start
    for low, high in intervals:
        low, high = max(low, reached), min(high, end)
        if high > low:
            length += high - low
            reached = high
    return length


def legs_with_fuel(chain: pd.DataFrame, fuel: pd.DataFrame) -> pd.Series:
    """Return by leg_id whether main engine rows, and auxiliary rows if any, each cover 95 % of its hours."""
    rows = fuel[(fuel["kind"] == "leg") & (fuel["consumer"] != "boiler")].sort_values("period_start_utc")
    legs = chain.set_index("leg_id").loc[rows["owner"]]
    microseconds = [
        times.astype("datetime64[us]").astype("int64").to_list()
        for times in (rows["period_start_utc"], rows["period_end_utc"], legs["departure_utc"], legs["arrival_utc"])
    ]
    intervals: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    span: dict[tuple[int, str], tuple[int, int]] = {}
    burners = zip(rows["owner"].astype(int), rows["consumer"], strict=True)
    for burner, start, end, departure, arrival in zip(burners, *microseconds, strict=True):
        intervals[burner].append((start, end))
        span[burner] = (departure, arrival)
    starved = [
        b[0] for b, (low, high) in span.items() if covered(intervals[b], low, high) < COVERED_HOURS * (high - low)
    ]
    main = rows.loc[rows["consumer"] == "main_engine", "owner"]
    return chain["leg_id"].isin(main) & ~chain["leg_id"].isin(starved)


def span_of(row: dict[Any, Any]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return when a rejected row may have burned: its interval, if it can be read and runs forward.

    Else whatever times can be read, the file's period if none can, and the six hours by which a row may cross a leg's
    end on both sides.
    """
    start, end = row["period_start_utc"], row["period_end_utc"]
    if start < end:
        return start, end
    known = [time for time in (start, end) if pd.notna(time)]
    known = known or [row["period_start"], row["period_end"] + pd.Timedelta(days=1)]
    return min(known) - MAY_CROSS, max(known) + MAY_CROSS


def lacks_a_rejected_row(
    holders: pd.DataFrame, opens: str, closes: str, filer: pd.Series, rejected: pd.DataFrame
) -> pd.Series:
    """Return whether a rejected row of its filer may belong to each leg or stay, by its readable cells."""
    lacking = pd.Series(False, holders.index)
    for row in rejected.to_dict("records"):
        start, end = span_of(row)
        may_be_its = (filer == row["partner_id"]) & (holders[opens] < end) & (holders[closes] > start)
        if pd.notna(row["imo_number"]):
            may_be_its &= holders["imo_number"] == row["imo_number"]
        lacking |= may_be_its
    return lacking


def completeness(
    chain: pd.DataFrame,
    gaps: pd.DataFrame,
    fuel: pd.DataFrame,
    rows: pd.DataFrame,
    fuelled_stays: set[Any],
    rejected: pd.DataFrame,
) -> pd.DataFrame:
    """Return kind, owner and one column per method, and `energy`: complete but for missing factors.

    rows: emission rows of every leg and stay. fuelled_stays: stays with a fuel row, or modelled whole, and no call
    that may be lacking. rejected: rows of fuel that were filed and did not count.
    """
    filer = chain.set_index("leg_id")["partner_id"]
    starved = lacks_a_rejected_row(chain, "departure_utc", "arrival_utc", chain["partner_id"], rejected)
    whole = chain["sound"] & legs_with_fuel(chain, fuel) & ~starved
    legs = chain.assign(kind="leg", owner=chain["leg_id"], whole=whole)
    starved = lacks_a_rejected_row(gaps, "arrival_utc", "departure_utc", gaps["arriving_leg"].map(filer), rejected)
    stays = gaps.assign(kind="stay", owner=gaps["stay_id"], whole=gaps["stay_id"].isin(fuelled_stays) & ~starved)
    every = pd.concat([legs[["kind", "owner", "whole"]], stays[["kind", "owner", "whole"]]], ignore_index=True)
    every["owner"] = every["owner"].astype(float)
    unknown = rows[~rows["quantity_known"]]
    every["energy"] = every["whole"] & ~has_any(every, unknown)
    for method in METHODS:
        unfactored = rows[(rows["method"] == method) & ~rows["has_factor"]]
        every[method] = every["energy"] & ~has_any(every, unfactored)
    return every


def has_any(every: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Return whether each leg or stay owns one of the rows."""
    owned = pd.MultiIndex.from_frame(rows[["kind", "owner"]])
    return pd.Series(pd.MultiIndex.from_frame(every[["kind", "owner"]]).isin(owned), every.index)
