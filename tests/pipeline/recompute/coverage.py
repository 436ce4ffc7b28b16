"""Coverage: arrivals or filings divided by those expected: docs/method.md#trust.

Belongs here: expectations from nominations and the calendar. Does not belong here: completeness itself.
"""

import pandas as pd

from .legs import nominations
from .trust import GRAINS, everywhere
from .voyages import Facts

DAYS_PER_WEEK = 7


def periods(months: pd.Series) -> pd.DataFrame:
    """Return every month, quarter and year that contains one of the months: period_grain, period_start, period_end."""
    known = months.dropna().dt
    rows = [
        (grain, period.start_time, period.end_time.normalize())
        for grain, code in GRAINS.items()
        for period in sorted(known.to_period(code).unique())
    ]
    return pd.DataFrame(rows, columns=["period_grain", "period_start", "period_end"])


def expected_arrivals(start: pd.Timestamp, end: pd.Timestamp, nominated: pd.DataFrame, ports: frozenset[str]) -> float:
    """Return expected calls at corridor ports by rotation and frequency, over the days within nominations."""
    expected = 0.0
    for service in nominated.to_dict("records"):
        calls = str(service["port_rotation"]).split("-")
        calls = calls[:-1] if calls[0] == calls[-1] else calls
        at_corridor = sum(port in ports for port in calls)
        days = (min(end, service["last_day"]) - max(start, service["first_day"])).days + 1
        expected += at_corridor * service["sailings_per_week"] * max(days, 0) / DAYS_PER_WEEK
    return expected


def of_ships(facts: Facts, method: str) -> pd.DataFrame:
    """Return period_grain, period_start and coverage, which is equal for every cell of a period."""
    flags = facts.complete[facts.complete["kind"] == "leg"].set_index("owner")[method]
    legs = facts.chain[facts.chain["in_scope"] & facts.chain["to_locode"].isin(facts.inputs.ports)]
    legs = legs[legs["leg_id"].map(flags)]
    spread, keys = everywhere(legs[["month"]], {"corridor": ""})
    arrivals = spread.groupby("cell").size().set_axis(keys).droplevel(["dimension", "dimension_value"])
    out = periods(facts.chain["month"])
    nominated = nominations(facts.inputs)
    expected = [
        expected_arrivals(start, end, nominated, facts.inputs.ports)
        for start, end in zip(out["period_start"], out["period_end"], strict=True)
    ]
    key = pd.MultiIndex.from_frame(out[["period_grain", "period_start"]])
    filed = arrivals.reindex(key, fill_value=0).to_numpy()
    out["coverage"] = filed / pd.Series(expected).where(lambda e: e > 0)
    return out.drop(columns="period_end")


def of_terminals(facts: Facts, counted: pd.Series) -> pd.DataFrame:
    """Return terminal-months that a KPI counts (a flag on facts.months) per terminals x months, by cell."""
    mine = facts.months.loc[counted, ["month", "port"]]
    spread, keys = everywhere(mine, {"corridor": "", "port": "port"})
    counts = spread.groupby("cell").size().set_axis(keys)
    terminals = facts.inputs.terminals["port_locode"].value_counts().to_dict()
    places = [("corridor", "*", sum(terminals.values())), *(("port", port, n) for port, n in terminals.items())]
    months_in = {"month": 1, "quarter": 3, "year": 12}
    rows = [
        (grain, start, dimension, value, counts.get((grain, start, dimension, value), 0) / (n * months_in[grain]))
        for grain, start, _ in periods(facts.months["month"]).itertuples(index=False)
        for dimension, value, n in places
    ]
    return pd.DataFrame(rows, columns=["period_grain", "period_start", "dimension", "dimension_value", "coverage"])
