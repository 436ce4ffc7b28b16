"""Terminal visits: one row per visit, its stay, hours, shore power and modelled fuel.

Method: docs/method.md#voyages and method.md#berth.

Belongs here: what port calls say. Does not belong here: fuel as filed, the KPIs.
"""

from math import nan
from typing import Any

import pandas as pd

from .burn import particulars
from .factors import CONTROLLED_PORTS, METHODS, berth_load_kw, bsfc_g_per_kwh, fuel_at_berth, grid_factor
from .inputs import Inputs
from .legs import DIRECTIONS

SAME_VISIT = pd.Timedelta(hours=1)
CONNECT_WITHIN = pd.Timedelta(hours=2)
DISCONNECT_BEFORE = pd.Timedelta(hours=1)
BY_CARRIER = ["corridor_teu_discharged", "corridor_teu_loaded"]
BY_TERMINAL = [
    "tied_utc", "released_utc", "ready_to_work_utc", "pilot_on_board_utc", "teu_discharged", "teu_loaded",
    "emission_control", "connected_utc", "disconnected_utc", "connected_hours", "shore_power_kwh", "exception_code",
]  # fmt: skip
TERMINAL_FIRST = {"terminal": 0, "port": 1, "carrier": 2}
CARRIER_FIRST = {"carrier": 0, "terminal": 1, "port": 2}


def visits(inputs: Inputs) -> pd.DataFrame:
    """Return one row per visit: the terminal's filing counts for times and energy, the carrier's for corridor TEU."""
    filings = inputs.rows["port_calls"].copy()
    filings = filings[filings["terminal_code"].isin(inputs.terminals.index)]
    filings["role"] = filings["partner_id"].map(inputs.role_of)
    filings = filings.sort_values(["imo_number", "terminal_code", "tied_utc"]).reset_index(drop=True)
    numbers: list[int] = []
    first: tuple[str, str, pd.Timestamp] | None = None
    for imo_number, terminal, tied in filings[["imo_number", "terminal_code", "tied_utc"]].itertuples(index=False):
        if first is None or first[:2] != (imo_number, terminal) or tied - first[2] > SAME_VISIT:
            first = (imo_number, terminal, tied)
            numbers.append(len(numbers))
        else:
            numbers.append(numbers[-1])
    filings["visit"] = numbers
    merged = merge(filings, TERMINAL_FIRST, ["imo_number", "terminal_code", *BY_TERMINAL])
    merged = merged.join(merge(filings, CARRIER_FIRST, BY_CARRIER))
    merged["port"] = merged["terminal_code"].map(inputs.terminals["port_locode"])
    return merged.reset_index()


def merge(filings: pd.DataFrame, order: dict[str, int], columns: list[str]) -> pd.DataFrame:
    """Return the first known value of each column, by role and then by newest filing."""
    ranked = filings.assign(rank=filings["role"].map(order))
    ranked = ranked.sort_values(["rank", "received_at"], ascending=[True, False], kind="stable")
    return ranked.groupby("visit")[columns].first()


def attach(rows: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """Return visits with the stay that contains their middle, or their tying if the release is unknown."""
    middle = rows["tied_utc"] + (rows["released_utc"] - rows["tied_utc"]) / 2
    rows = rows.assign(middle_utc=middle.fillna(rows["tied_utc"]))
    stays = gaps.drop(columns=["departing_leg"]).rename(columns={"departure_utc": "stay_end_utc"})
    pairs = rows.merge(stays, on=["imo_number", "port"])
    pairs = pairs[(pairs["arrival_utc"] <= pairs["middle_utc"]) & (pairs["middle_utc"] < pairs["stay_end_utc"])]
    return hours(pairs.drop_duplicates("visit", keep="last").reset_index(drop=True))


def lacking_a_call(inputs: Inputs, others: pd.DataFrame, gaps: pd.DataFrame, filer: pd.Series) -> set[Any]:
    """Return stays to which a rejected call, or one at an unlisted terminal, may belong by its readable cells.

    others: every visit that counts. filer: of each row of gaps, who filed the ship's legs.
    """
    ports = inputs.terminals["port_locode"]
    accepted = inputs.rows["port_calls"]
    unlisted = accepted[~accepted["terminal_code"].isin(ports.index)]
    found: set[Any] = set()
    for call in [*inputs.rejected_calls.to_dict("records"), *unlisted.to_dict("records")]:
        if is_told(call, others):
            continue
        known = [time for time in (call["tied_utc"], call["released_utc"]) if pd.notna(time)]
        known = known or [call["period_start"], call["period_end"] + pd.Timedelta(days=1)]
        may_be = gaps["port"].isin(inputs.ports) & (gaps["arrival_utc"] < max(known) + SAME_VISIT)
        may_be &= gaps["departure_utc"] > min(known) - SAME_VISIT
        role = inputs.role_of[call["partner_id"]]
        if pd.notna(call["imo_number"]):
            may_be &= gaps["imo_number"] == call["imo_number"]
        elif role == "carrier":
            may_be &= filer == call["partner_id"]
        if call["terminal_code"] in ports.index:
            may_be &= gaps["port"] == ports[call["terminal_code"]]
        elif role == "terminal":
            may_be &= gaps["port"].isin(ports[inputs.terminals["operator_partner_id"] == call["partner_id"]])
        found.update(gaps.loc[may_be, "stay_id"])
    return found


def is_told(call: dict[Any, Any], others: pd.DataFrame) -> bool:
    """Return whether another filing reports the same visit and its shore power."""
    same = others["emission_control"].notna() & ((others["tied_utc"] - call["tied_utc"]).abs() <= SAME_VISIT)
    same &= (others["imo_number"] == call["imo_number"]) & (others["terminal_code"] == call["terminal_code"])
    return bool(same.any())


def in_hours(durations: pd.Series) -> pd.Series:
    hours: pd.Series = durations.dt.total_seconds() / 3600
    return hours


def hours(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the hours at berth, on shore power and in the control window; NaN means unknown.

    window_connected_hours are the hours of the window on shore power, window_controlled_hours those on shore power
    or a capture system.
    """
    rows = rows.copy()
    rows["berth_hours"] = in_hours(rows["released_utc"] - rows["tied_utc"])
    interval = in_hours(rows["disconnected_utc"] - rows["connected_utc"])
    connected = rows["connected_hours"].fillna(interval)
    is_shore_power = rows["emission_control"] == "shore_power"
    rows["on_shore_power_hours"] = connected.where(is_shore_power, 0.0).mask(rows["emission_control"].isna())
    opens = rows["ready_to_work_utc"].fillna(rows["tied_utc"]) + CONNECT_WITHIN
    closes = rows["pilot_on_board_utc"].fillna(rows["released_utc"]) - DISCONNECT_BEFORE
    window = in_hours(closes - opens)
    rows["window_hours"] = window.where(window > 0)
    overlap = rows["disconnected_utc"].clip(upper=closes) - rows["connected_utc"].clip(lower=opens)
    overlap_hours = in_hours(overlap).clip(lower=0).fillna(rows["window_hours"])
    within = pd.concat([overlap_hours, connected], axis=1).min(axis=1, skipna=False)
    is_controlled = is_shore_power | (rows["emission_control"] == "capture")
    for name, counts in (("window_connected_hours", is_shore_power), ("window_controlled_hours", is_controlled)):
        rows[name] = within.where(counts, 0.0).mask(rows["emission_control"].isna())
    return rows


def add_shares(gaps: pd.DataFrame, calls: pd.DataFrame, chain: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Return stays with outbound_share and inbound_share."""
    legs = chain.set_index("leg_id")
    gaps = gaps.copy()
    handled = calls.groupby("stay_id")[["teu_discharged", "teu_loaded", *BY_CARRIER]].sum(skipna=False)
    handled = handled.reindex(gaps["stay_id"])
    handled.index = gaps.index
    at_corridor_port = gaps["port"].isin(inputs.ports)
    all_teu = handled["teu_discharged"] + handled["teu_loaded"]
    known = handled.notna().all(axis=1) & (all_teu > 0) & at_corridor_port
    for direction in DIRECTIONS:
        discharging = gaps["port"].isin(inputs.discharging_side(direction))
        boxes = handled["corridor_teu_discharged"].where(discharging, handled["corridor_teu_loaded"])
        arriving = gaps["arriving_leg"].map(legs[f"{direction}_share"])
        departing = gaps["departing_leg"].map(legs[f"{direction}_share"])
        fallback = arriving.where(~at_corridor_port, arriving.fillna(departing))
        gaps[f"{direction}_share"] = (boxes / all_teu).where(known, fallback)
    return gaps


def modelled(
    gaps: pd.DataFrame, calls: pd.DataFrame, fuel: pd.DataFrame, inputs: Inputs
) -> tuple[pd.DataFrame, set[Any]]:
    """Return modelled fuel rows, and the stays that have a fuel row or are modelled completely."""
    filed = fuel[fuel["kind"] == "stay"].groupby("owner")["consumer"].agg(set).to_dict()
    ships = particulars(inputs, gaps.set_index("stay_id"))
    sums = calls.assign(off=off_shore_power_hours(calls)).groupby("stay_id")[["berth_hours", "off"]].sum(skipna=False)
    rows: list[dict[str, object]] = []
    fuelled = set(filed)
    for stay in gaps.to_dict("records"):
        burned = filed.get(stay["stay_id"], set())
        nominal = ships["nominal_capacity_teu"].get(stay["stay_id"], nan)
        masses: list[float] = []
        for consumer, column in (("aux_engine", "off"), ("boiler", "berth_hours")):
            if consumer in burned:
                continue
            at_berth = sums[column].get(stay["stay_id"], nan)
            bsfc = bsfc_g_per_kwh(consumer, fuel_at_berth(stay["port"]))
            mass = berth_load_kw(stay["port"], nominal, consumer) * at_berth * bsfc / 1e6
            masses.append(mass)
            if mass == mass:
                rows.append(
                    {
                        "kind": "stay", "owner": stay["stay_id"], "imo_number": stay["imo_number"],
                        "consumer": consumer, "fuel_type": fuel_at_berth(stay["port"]), "mass_t": mass,
                        "class": "modelled", "engine": None,
                    }
                )  # fmt: skip
        if not burned and all(mass == mass for mass in masses):
            fuelled.add(stay["stay_id"])
    partly = [row for row in rows if row["owner"] in fuelled]
    return pd.DataFrame(partly), fuelled


def off_shore_power_hours(calls: pd.DataFrame) -> pd.Series:
    """Return the hours at berth less the known hours on shore power."""
    return (calls["berth_hours"] - calls["on_shore_power_hours"].fillna(0)).clip(lower=0)


def with_electricity(calls: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Return visits that took electricity, with electricity_kwh (NaN: unknown) and electricity_class."""
    calls = calls[calls["shore_power_kwh"].notna() | (calls["emission_control"] == "shore_power")]
    sizes = particulars(inputs, calls)["nominal_capacity_teu"]
    loads = [berth_load_kw(port, teu, "aux_engine") for port, teu in zip(calls["port"], sizes, strict=True)]
    hours_on = calls["on_shore_power_hours"]
    modelled_kwh = (hours_on * loads).mask(hours_on == 0, 0.0)
    metered = calls["shore_power_kwh"].notna()
    return calls.assign(
        electricity_kwh=calls["shore_power_kwh"].where(metered, modelled_kwh),
        electricity_class=metered.map({True: "metered", False: "modelled"}),
    )


def shore_power_rows(calls: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Return emission rows of electricity at berth, which are equal under every method."""
    rows: list[dict[str, object]] = []
    for visit in with_electricity(calls, inputs).to_dict("records"):
        kwh, activity = visit["electricity_kwh"], visit["electricity_class"]
        factor = grid_factor(visit["port"], visit["arrival_utc"].year)
        rows += [
            {
                "kind": "stay", "owner": visit["stay_id"], "imo_number": visit["imo_number"], "consumer": "shore_power",
                "class": activity, "fuel": "electricity", "part": "electricity", "method": method,
                "quantity_known": pd.notna(kwh), "has_factor": pd.notna(factor.kg_per_kwh),
                "e_t": kwh * factor.kg_per_kwh / 1000, "factor_id": factor.factor_id, "evidence": factor.evidence,
                "lag_years": factor.lag_years,
            }
            for method in METHODS
        ]  # fmt: skip
    return pd.DataFrame(rows)


def in_window(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the visits of shore power coverage: controlled ports, no exception, a window."""
    return calls[calls["port"].isin(CONTROLLED_PORTS) & calls["exception_code"].isna() & calls["window_hours"].notna()]
