"""What was known on the as-of date: the current submission's rows of every dataset, and the corridor's tables.

Belongs here: which submissions count, which row wins. Does not belong here: any judgement of the values.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

COUNTED = ["accepted", "accepted_with_warnings", "partly_accepted"]
REGISTERS = ["vessels", "service_nominations"]
# Both parties file the same call under the same key, so there the filer belongs to the key.
KEYS = {
    "vessels": ["imo_number", "valid_from"],
    "service_nominations": ["service_code", "nominated_from"],
    "voyage_legs": ["imo_number", "departure_utc"],
    "fuel_consumption": ["imo_number", "period_start_utc", "phase", "consumer", "fuel_type", "bdn_number"],
    "bunker_deliveries": ["bdn_number"],
    "port_calls": ["partner_id", "imo_number", "terminal_code", "tied_utc"],
    "terminal_energy": ["terminal_code", "month", "energy_carrier", "end_use", "supplied_to_ships"],
    "terminal_activity": ["terminal_code", "month"],
    "vessel_annual": ["imo_number", "year", "fuel_type"],
    "cargo_contracts": ["contract_id", "period"],
}


@dataclass(frozen=True)
class Inputs:
    """Current rows by dataset, with partners and terminals.

    rejected_fuel, rejected_calls, rejected_energy: one row per rejected row of a current file of fuel_consumption,
    port_calls or terminal_energy, as far as it can be read, with the file's period.
    """

    rows: dict[str, pd.DataFrame]
    rejected_fuel: pd.DataFrame
    rejected_calls: pd.DataFrame
    rejected_energy: pd.DataFrame
    corridor_id: str
    origin: frozenset[str]
    destination: frozenset[str]
    terminals: pd.DataFrame
    holding_of: dict[str, str]
    role_of: dict[str, str]

    @property
    def ports(self) -> frozenset[str]:
        return self.origin | self.destination

    def loading_side(self, direction: str) -> frozenset[str]:
        return self.origin if direction == "outbound" else self.destination

    def discharging_side(self, direction: str) -> frozenset[str]:
        return self.destination if direction == "outbound" else self.origin


def read_parquet(*files: Path) -> pd.DataFrame:
    """Return the rows of files whose columns may differ; missing columns become NULL."""
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        names = [str(file) for file in files]
        rows: pd.DataFrame = con.execute("from read_parquet(?, union_by_name = true)", [names]).df()
    return rows


def current_submissions(lake: Path, as_of: date) -> pd.DataFrame:
    """Return the current submission per (partner, dataset, period), per (partner, dataset) for registers."""
    index = read_parquet(lake / "intake" / "submissions.parquet")
    known = index[index["verdict"].isin(COUNTED) & (index["received_at"].dt.date <= as_of)].copy()
    known["slot"] = known["period"].mask(known["dataset"].isin(REGISTERS), "register")
    known = known.sort_values(["received_at", "ordinal"], kind="stable")
    newest: pd.DataFrame = known.drop_duplicates(["partner_id", "dataset", "slot"], keep="last")
    return newest


def current_rows(lake: Path, dataset: str, submissions: pd.DataFrame) -> pd.DataFrame:
    """Return the accepted rows of current submissions; per key the latest period, then the latest receipt."""
    folder = lake / "accepted" / dataset
    mine = submissions[submissions["dataset"] == dataset]
    files = [folder / f"{submission}.parquet" for submission in mine["submission_id"]]
    rows = read_parquet(*(file for file in [folder / "_schema.parquet", *files] if file.exists()))
    when = mine[["submission_id", "period_start", "period_end"]].set_index("submission_id")
    rows = rows.join(when, on="submission_id")
    rows = rows.sort_values(
        ["period_end", "period_start", "received_at", "submission_id"], kind="stable", na_position="first"
    )
    return rows.drop_duplicates(KEYS[dataset], keep="last").reset_index(drop=True)


def rejected_rows(lake: Path, dataset: str, submissions: pd.DataFrame) -> pd.DataFrame:
    """Return rejected rows of current submissions, except those of another period and of the template."""
    folder = lake / "rejected" / dataset
    mine = submissions.loc[submissions["dataset"] == dataset, ["submission_id", "period_start", "period_end"]]
    files = [folder / f"{submission}.parquet" for submission in mine["submission_id"]]
    errors = read_parquet(*(file for file in [folder / "_schema.parquet", *files] if file.exists()))
    errors = errors[(errors["severity"] == "error") & errors["row_number"].notna()].merge(mine, on="submission_id")
    key = ["submission_id", "row_number"]
    spared = errors.loc[errors["rule"].isin(["row_is_in_the_period", "row_is_not_the_example"]), key]
    is_spared = pd.MultiIndex.from_frame(errors[key]).isin(pd.MultiIndex.from_frame(spared))
    return errors[~is_spared].drop_duplicates(key)


def read_inputs(lake: Path, as_of: date) -> Inputs:
    """Return everything that KPIs are computed from. Raises FileNotFoundError for an incomplete lake."""
    submissions = current_submissions(lake, as_of)
    corridor = {
        name: read_parquet(lake / "corridor" / f"{name}.parquet")
        for name in ("corridor", "sides", "terminals", "partners")
    }
    sides = corridor["sides"].groupby("side")["port_locode"].agg(frozenset).to_dict()
    partners = corridor["partners"]
    return Inputs(
        rows={dataset: current_rows(lake, dataset, submissions) for dataset in KEYS},
        rejected_fuel=rejected_rows(lake, "fuel_consumption", submissions),
        rejected_calls=rejected_rows(lake, "port_calls", submissions),
        rejected_energy=rejected_rows(lake, "terminal_energy", submissions),
        corridor_id=str(corridor["corridor"]["corridor_id"].iloc[0]),
        origin=sides["origin"],
        destination=sides["destination"],
        terminals=corridor["terminals"].set_index("terminal_code"),
        holding_of=dict(zip(partners["partner_id"], partners["holding_id"], strict=True)),
        role_of=dict(zip(partners["partner_id"], partners["role"], strict=True)),
    )
