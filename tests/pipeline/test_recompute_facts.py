"""The facts below the KPIs compared with the same recomputation: legs, stays, voyages, emissions, calls, energy.

Facts are matched by the filed rows: a leg by its row, a stay by the leg that arrives, a voyage by its last leg and
direction, a call by ship, terminal and hour.
"""

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.pipeline.conftest import Published
from tests.pipeline.recompute.recomputed import Recomputed

METHODS = ["glec_v3_2", "imo_lca", "fueleu"]


@dataclass(frozen=True)
class Both:
    """The warehouse, the recomputation, and the filed row of each leg of the recomputation."""

    con: duckdb.DuckDBPyConnection
    again: Recomputed
    leg_rows: pd.Series

    def ask(self, query: str) -> pd.DataFrame:
        return self.con.sql(query).df()

    def segment_ids(self, rows: pd.DataFrame) -> pd.Series:
        """Return, for rows by kind and owner, the filed row of the leg, or of the leg that arrives at the stay."""
        arriving = self.again.stays.set_index("stay_id")["arriving_leg"]
        leg = rows["owner"].where(rows["kind"] == "leg", rows["owner"].map(arriving))
        return leg.map(self.leg_rows)


@pytest.fixture(scope="module")
def both(published: Published, recomputed: Recomputed) -> Both:
    con = duckdb.connect(str(published.home / "releases" / "current" / "internal" / "warehouse.duckdb"), read_only=True)
    legs = recomputed.legs
    return Both(
        con, recomputed, (legs["submission_id"] + "-" + legs["row_number"].astype(str)).set_axis(legs["leg_id"])
    )


def agree(ours: pd.DataFrame, again: pd.DataFrame, key: list[str], columns: list[str]) -> None:
    """Raise AssertionError unless both have the same rows, and figures within a billionth of each other."""
    for rows in (ours, again):
        assert not rows.duplicated(key).any()
    matched = ours.merge(again, on=key, how="outer", suffixes=("", "_again"), indicator=True)
    assert (matched["_merge"] == "both").all(), matched[matched["_merge"] != "both"][key].head(10).to_string()
    for column in columns:
        left, right = (pd.to_numeric(matched[name]).astype(float) for name in (column, f"{column}_again"))
        apart = ~np.isclose(left, right, rtol=1e-9, atol=0, equal_nan=True)
        assert not apart.any(), matched[apart][[*key, column, f"{column}_again"]].head(10).to_string()


def summed(rows: pd.DataFrame, key: list[str], columns: list[str]) -> pd.DataFrame:
    """Return the sums of rows by key; NaN if no row has a value."""
    return rows.groupby(key, as_index=False)[columns].sum(min_count=1)


def test_legs_agree(both: Both) -> None:
    again = both.again.legs.rename(
        columns={"in_scope": "is_in_scope", "glec_v3_2": "is_complete", "overlaps": "overlaps_another_leg",
                 "chain_broken": "breaks_the_chain"}
    ).assign(leg_id=both.again.legs["leg_id"].map(both.leg_rows))  # fmt: skip
    columns = [
        "sailed_distance_nm", "laden_teu", "empty_teu", "reefer_teu", "cargo_mass_t", "outbound_teu", "inbound_teu",
        "delivered_teu", "outbound_share", "inbound_share", "is_in_scope", "is_complete", "overlaps_another_leg",
        "breaks_the_chain",
    ]  # fmt: skip
    agree(both.ask("from marts.fct_voyage_legs"), again, ["leg_id"], columns)


def test_stays_agree(both: Both) -> None:
    again = both.again.stays.assign(
        stay_id=both.again.stays["arriving_leg"].map(both.leg_rows),
        hours=(both.again.stays["departure_utc"] - both.again.stays["arrival_utc"]).dt.total_seconds() / 3600,
    ).rename(columns={"in_scope": "is_in_scope", "glec_v3_2": "is_complete", "hours": "stay_hours"})
    agree(
        both.ask("from marts.fct_stays"),
        again,
        ["stay_id"],
        ["stay_hours", "outbound_share", "inbound_share", "is_in_scope", "is_complete"],
    )


def test_voyages_agree(both: Both) -> None:
    members, fuel = both.again.members, both.again.fuel
    shared = fuel[fuel["method"] == "glec_v3_2"].merge(members, on=["kind", "owner"])
    shared["wtw_t"] = shared["e_t"] * shared["share"]
    sums = shared.pivot_table(index="voyage_id", columns="kind", values="wtw_t", aggfunc="sum").reset_index()
    again = both.again.voyages.merge(sums, on="voyage_id", how="left").rename(
        columns={"in_scope": "is_in_scope", "glec_v3_2": "is_complete", "leg": "sailing_wtw_t", "stay": "berth_wtw_t"}
    )
    again["leg_id"] = again["last_leg"].map(both.leg_rows)
    ours = both.ask("select *, split_part(voyage_id, ':', 1) as leg_id from marts.fct_voyages")
    agree(ours, again, ["leg_id", "direction"], ["is_in_scope", "is_complete"])
    complete = [rows[rows["is_complete"].astype(bool)] for rows in (ours, again)]
    agree(complete[0], complete[1], ["leg_id", "direction"], ["sailing_wtw_t", "berth_wtw_t"])


@pytest.mark.parametrize("method", METHODS)
def test_emissions_of_legs_and_stays_agree(both: Both, method: str) -> None:
    fuel = both.again.fuel[both.again.fuel["method"] == method]
    known = fuel.groupby(["kind", "owner"]).agg(
        wtw_t=("e_t", lambda e: e.sum(skipna=False)), quantity_known=("quantity_known", "all")
    )
    again = known[known["quantity_known"]].reset_index()
    again["segment_id"] = both.segment_ids(again)
    ours = both.ask(f"from marts.fct_emissions where method_id = '{method}' and wtw_t is not null")
    agree(
        ours,
        again[again["wtw_t"].notna()].rename(columns={"kind": "segment_type"}),
        ["segment_type", "segment_id"],
        ["wtw_t"],
    )


def test_fuel_of_legs_and_stays_agrees(both: Both) -> None:
    fuel = both.again.fuel[(both.again.fuel["method"] == "glec_v3_2") & (both.again.fuel["fuel"] != "electricity")]
    key = ["segment_type", "segment_id", "consumer", "fuel_type", "activity_class"]
    again = fuel.assign(segment_id=both.segment_ids(fuel)).rename(
        columns={"kind": "segment_type", "fuel": "fuel_type", "class": "activity_class"}
    )
    ours = both.ask("from marts.fct_fuel_consumption")
    agree(summed(ours, key, ["mass_t"]), summed(again, key, ["mass_t"]), key, ["mass_t"])


def test_calls_agree(both: Both) -> None:
    again = both.again.visits.rename(
        columns={"on_shore_power_hours": "shore_power_hours", "window_connected_hours": "shore_power_hours_in_window"}
    )
    columns = [
        "berth_hours", "teu_discharged", "teu_loaded", "corridor_teu_discharged", "corridor_teu_loaded",
        "shore_power_hours", "shore_power_kwh", "window_hours", "shore_power_hours_in_window",
    ]  # fmt: skip
    ours = both.ask("from marts.fct_port_calls where stay_id is not null")
    agree(ours, again, ["imo_number", "terminal_code", "tied_utc"], columns)


def test_terminal_energy_agrees(both: Both) -> None:
    again = both.again.terminal_energy.rename(columns={"mj": "energy_mj", "e_kg": "co2e_kg"})
    ours = both.ask("select * replace (cast(month as timestamp) as month) from marts.fct_terminal_energy")
    key, columns = ["terminal_code", "month", "energy_carrier"], ["quantity", "energy_mj", "co2e_kg"]
    agree(summed(ours, key, columns), summed(again, key, columns), key, columns)
