"""Legs, the stays between them, and voyages: docs/method.md#voyages without fuel.

Belongs here: order, overlap, broken chains, scope, which legs and stays make a voyage.
Does not belong here: completeness by fuel, emissions.
"""

from collections.abc import Iterator

import pandas as pd

from .inputs import Inputs

TEU_COLUMNS = [
    "laden_teu", "empty_teu", "outbound_laden_teu", "outbound_empty_teu", "inbound_laden_teu", "inbound_empty_teu",
    "delivered_laden_teu", "delivered_empty_teu",
]  # fmt: skip
DIRECTIONS = ["outbound", "inbound"]


def month_of(moments: pd.Series) -> pd.Series:
    """Return the first day of the UTC month."""
    months: pd.Series = moments.dt.to_period("M").dt.to_timestamp()
    return months


def nominations(inputs: Inputs) -> pd.DataFrame:
    """Return [first_day, last_day] per nomination, which ends at the next one of the same service."""
    rows = inputs.rows["service_nominations"].sort_values(["service_code", "nominated_from"])
    following = rows.groupby("service_code")["nominated_from"].shift(-1) - pd.Timedelta(days=1)
    last = rows["nominated_to"].fillna(pd.Timestamp.max.floor("D"))
    rows = rows.assign(
        first_day=rows["nominated_from"], last_day=last.where(following.isna() | (last < following), following)
    )
    return rows[["service_code", "first_day", "last_day", "sailings_per_week", "port_rotation"]]


def legs(inputs: Inputs) -> pd.DataFrame:
    """Return every leg in its vessel's chain, with scope, shares by direction, and its relation to neighbours."""
    rows = inputs.rows["voyage_legs"].sort_values(["imo_number", "departure_utc"]).reset_index(drop=True)
    rows["leg_id"] = rows.index
    rows["holding"] = rows["partner_id"].map(inputs.holding_of)
    rows["month"] = month_of(rows["arrival_utc"])
    rows["teu_on_board"] = rows["laden_teu"] + rows["empty_teu"]
    for direction in DIRECTIONS:
        rows[f"{direction}_teu"] = rows[f"{direction}_laden_teu"] + rows[f"{direction}_empty_teu"]
        share = rows[f"{direction}_teu"] / rows["teu_on_board"]
        rows[f"{direction}_share"] = share.mask(rows["teu_on_board"] == 0, 0.0)
        laden_share = rows[f"{direction}_laden_teu"] / rows["laden_teu"]
        rows[f"{direction}_laden_share"] = laden_share.mask(rows["laden_teu"] == 0, 0.0)
    rows["delivered_teu"] = rows["delivered_laden_teu"] + rows["delivered_empty_teu"]
    rows["follows_port"] = rows.groupby("imo_number")["to_locode"].shift(1)
    rows["chain_broken"] = rows["follows_port"].notna() & (rows["follows_port"] != rows["from_locode"])
    rows["overlaps"] = overlapping(rows)
    rows["in_scope"] = in_scope(rows, nominations(inputs))
    filled = rows[[*TEU_COLUMNS, "sailed_distance_nm", "arrival_utc"]].notna().all(axis=1)
    rows["sound"] = filled & ~rows["chain_broken"] & ~rows["overlaps"]
    return rows


def overlapping(rows: pd.DataFrame) -> pd.Series:
    """Return True for both legs of every overlapping pair of one vessel."""
    clashing: list[int] = []
    for _, chain in rows.groupby("imo_number"):
        departs, arrives = chain["departure_utc"].to_numpy(), chain["arrival_utc"].to_numpy()
        pairs = (departs[:, None] < departs) & (arrives[:, None] > departs)
        clashing += chain["leg_id"].to_numpy()[pairs.any(axis=0) | pairs.any(axis=1)].tolist()
    return rows["leg_id"].isin(clashing)


def in_scope(rows: pd.DataFrame, nominated: pd.DataFrame) -> pd.Series:
    """Return whether the leg's service is nominated on the UTC day of its arrival."""
    pairs = rows[["leg_id", "service_code", "arrival_utc"]].merge(nominated, on="service_code")
    day = pairs["arrival_utc"].dt.floor("D")
    hits = pairs[(pairs["first_day"] <= day) & (day <= pairs["last_day"])]
    return rows["leg_id"].isin(hits["leg_id"])


def stays(chain: pd.DataFrame) -> pd.DataFrame:
    """Return the gaps between consecutive legs of a vessel, if the second leaves the port that the first reached."""
    after = chain.groupby("imo_number")[["from_locode", "departure_utc", "leg_id"]].shift(-1)
    exists = (after["from_locode"] == chain["to_locode"]) & (chain["arrival_utc"] <= after["departure_utc"])
    rows = pd.DataFrame(
        {
            "imo_number": chain["imo_number"],
            "port": chain["to_locode"],
            "arrival_utc": chain["arrival_utc"],
            "departure_utc": after["departure_utc"],
            "arriving_leg": chain["leg_id"],
            "departing_leg": after["leg_id"],
            "in_scope": chain["in_scope"],
            "holding": chain["holding"],
            "month": chain["month"],
        }
    )[exists]
    rows["departing_leg"] = rows["departing_leg"].astype(int)
    rows = rows.reset_index(drop=True)
    rows["stay_id"] = rows.index
    return rows


def runs(chain: pd.DataFrame, loading: frozenset[str], discharging: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Return (first leg, last leg) positions of each voyage in one vessel's chain, for one direction.

    In a broken chain both ports are calls: a run ends at the next loading port, reached or left.
    """
    first: int | None = None
    last: int | None = None
    crossed = called = False
    for position, (origin, destination) in enumerate(zip(chain["from_locode"], chain["to_locode"], strict=True)):
        if crossed and (called or origin in loading):
            if first is not None and last is not None:
                yield first, last
            first, last, crossed = None, None, False
        if first is None and (called or origin in loading):
            first = position
        if first is not None and origin in discharging:
            crossed = True
        if first is not None and destination in discharging:
            last, crossed = position, True
        called = destination in loading
    if first is not None and last is not None:
        yield first, last


def voyages(chain: pd.DataFrame, gaps: pd.DataFrame, inputs: Inputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return voyages, and one row per voyage and leg or stay (NaN where the stay does not exist)."""
    stay_after = gaps.set_index("arriving_leg")["stay_id"].to_dict()
    found: list[dict[str, object]] = []
    members: list[dict[str, object]] = []
    for imo_number, vessel in chain.groupby("imo_number"):
        legs_in_order = vessel["leg_id"].to_list()
        for direction in DIRECTIONS:
            for first, last in runs(vessel, inputs.loading_side(direction), inputs.discharging_side(direction)):
                mine = legs_in_order[first : last + 1]
                about = {"voyage_id": len(found), "direction": direction}
                found.append({**about, "imo_number": imo_number, "first_leg": mine[0], "last_leg": mine[-1]})
                members += [{**about, "kind": "leg", "owner": leg} for leg in mine]
                before = legs_in_order[first - 1] if first else None
                members += [{**about, "kind": "stay", "owner": stay_after.get(leg)} for leg in [before, *mine]]
    ends = chain.set_index("leg_id")[["month", "in_scope"]]
    columns = ["voyage_id", "direction", "imo_number", "first_leg", "last_leg"]
    return (
        pd.DataFrame(found, columns=columns).join(ends, on="last_leg"),
        pd.DataFrame(members, columns=["voyage_id", "direction", "kind", "owner"]).astype({"owner": float}),
    )
