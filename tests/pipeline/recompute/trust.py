"""Cells: contributions summed by period and dimension, with the trust columns of docs/method.md#trust.

Belongs here: sums, intervals, shares, grades, status. Does not belong here: what contributes.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .factors import GRADES

U_ACTIVITY = {"metered": 0.01, "measured": 0.025, "modelled": 0.20, "default": 0.30}
U_FACTOR = {"two_sources": 0.02, "one_source": 0.05, "borrowed": 0.15, "unverified": 0.15}
Z_95 = 1.96
WORTH_GRADING = 0.01
MAX_WITHOUT_FACTOR = 0.05
GRAINS = {"month": "M", "quarter": "Q", "year": "Y"}
CELL = ["period_grain", "period_start", "dimension", "dimension_value"]

# Version 2: what a rejected fuel row may belong to is incomplete. These sum what is complete.
OF_COMPLETE_VOYAGES = (
    "berth_wtw_t_per_call", "certified_energy_share", "clean_cargo_g_per_teu_km", "clean_cargo_reference_g_per_teu_km",
    "corridor_wtw_g_per_laden_teu_km", "corridor_wtw_g_per_teu_km", "corridor_wtw_t", "eeoi_g_per_t_nm",
    "energy_ghg_intensity_g_mj", "operated_wtw_g_per_teu_km", "port_to_port_berth_kg_per_teu",
    "port_to_port_kg_per_teu", "port_to_port_sailing_kg_per_teu", "port_to_port_terminals_kg_per_teu",
    "unallocated_wtw_t", "zero_energy_share",
)  # fmt: skip
# One version more: where a rejected row of energy may belong, a terminal's month is unknown.
OF_WHOLE_MONTHS = (
    "electric_share", "port_to_port_kg_per_teu", "port_to_port_terminals_kg_per_teu", "terminal_kgco2e_per_teu",
    "terminal_kwh_per_teu", "terminal_market_kgco2e_per_teu",
)  # fmt: skip
# And one more: a stay to which a call may belong that does not count is incomplete.
OF_COMPLETE_STAYS = frozenset(OF_COMPLETE_VOYAGES) - {"operated_wtw_g_per_teu_km", "unallocated_wtw_t"}
RAISED = (OF_COMPLETE_VOYAGES, OF_WHOLE_MONTHS, OF_COMPLETE_STAYS)


@dataclass
class Contributions:
    """The amounts that a KPI sums under one method.

    sums: month, the columns of `dimensions`, holding, numerator, denominator; NaN where in scope but not counted.
    With a column `grain` (month, quarter, year) a row counts in that one period around its month, else in all three.
    coverage: period_grain, period_start, coverage, and dimension and value if it is not the same for all of a period.
    emissions: month, dimensions, row_key, class, factor_id, evidence, lag_years, e in the numerator's unit.
    energy: month, dimensions, has_factor, imo_mj, mass_t; empty where the KPI has no fuel.
    """

    kpi_id: str
    method_id: str
    unit: str
    boundary: str | None
    is_total: bool
    dimensions: dict[str, str]
    coverage: pd.DataFrame | None
    sums: pd.DataFrame
    emissions: pd.DataFrame = field(default_factory=pd.DataFrame)
    energy: pd.DataFrame = field(default_factory=pd.DataFrame)


def everywhere(rows: pd.DataFrame, dimensions: dict[str, str]) -> tuple[pd.DataFrame, pd.MultiIndex]:
    """Return rows once per grain and dimension, and the CELL keys that `cell` numbers.

    dimensions maps a dimension's name to the column that holds its values, '' for the whole corridor. A row without
    a value counts in the whole corridor alone; of rows with a column `grain` each counts in that grain alone.
    """
    rows = rows[rows["month"].notna()]
    parts = []
    for grain, code in GRAINS.items():
        mine = rows[rows["grain"] == grain] if "grain" in rows else rows
        for name, column in dimensions.items():
            placed = mine[mine[column].notna()] if column else mine
            value = placed[column] if column else "*"
            start = placed["month"].dt.to_period(code).dt.to_timestamp()
            parts.append(placed.assign(period_grain=grain, period_start=start, dimension=name, dimension_value=value))
    spread = pd.concat(parts, ignore_index=True)
    groups = spread.groupby(CELL)
    keys = pd.MultiIndex.from_frame(groups.size().reset_index()[CELL])
    return spread.drop(columns=CELL).assign(cell=groups.ngroup()), keys


def cells(kpi: Contributions, corridor_id: str) -> pd.DataFrame:
    """Return one fct_kpi row per non-empty cell of a KPI under one method."""
    if kpi.sums["month"].notna().sum() == 0:
        return pd.DataFrame()
    columns = ["month", *filter(None, kpi.dimensions.values()), "holding", "numerator", "denominator"]
    sums, keys = everywhere(kpi.sums[kpi.sums.columns.intersection(["grain", *columns])], kpi.dimensions)
    out = sums.groupby("cell")[["numerator", "denominator"]].sum(min_count=1)
    by_holding = sums.groupby(["cell", "holding"])[["numerator", "denominator"]].sum()
    contributing = by_holding[(by_holding != 0).any(axis=1)]
    out["n_contributors"] = contributing.groupby("cell").size().reindex(out.index, fill_value=0)
    out = out.set_axis(keys)
    ratio = out["numerator"] / out["denominator"].where(out["denominator"] != 0)
    out["value"] = out["numerator"] if kpi.is_total else ratio
    out = out.join(uncertainty(kpi)).join(factor_gaps(kpi))
    scale = 1.0 if kpi.is_total else out["denominator"].abs()
    out["lower"] = out["value"] - Z_95 * np.sqrt(out["variance"]) / scale
    out["upper"] = out["value"] + Z_95 * np.sqrt(out["variance"]) / scale
    blind = out["energy_without_factor_share"] > MAX_WITHOUT_FACTOR
    out.loc[blind, ["value", "lower", "upper"]] = np.nan
    empty = ~blind & out[["numerator", "denominator"]].isna().all(axis=1)
    computed = np.where(out["value"].notna(), "published", "not_computable")
    out["status"] = np.where(empty, "no_data", computed)
    out = out.drop(columns="variance").reset_index()
    out = out.assign(coverage=np.nan) if kpi.coverage is None else out.merge(kpi.coverage, how="left")
    return labelled(out, kpi, corridor_id)


def labelled(out: pd.DataFrame, kpi: Contributions, corridor_id: str) -> pd.DataFrame:
    ends = [
        s.to_period(GRAINS[g]).end_time.normalize()
        for s, g in zip(out["period_start"], out["period_grain"], strict=True)
    ]
    return out.assign(
        kpi_id=kpi.kpi_id,
        method_id=kpi.method_id,
        corridor_id=corridor_id,
        variant="measured",
        unit=kpi.unit,
        boundary=kpi.boundary,
        formula_version=1 + sum(kpi.kpi_id in raised for raised in RAISED),
        period_end=ends,
        dimension_value=out["dimension_value"].where(out["dimension"] != "corridor", corridor_id),
    )


def uncertainty(kpi: Contributions) -> pd.DataFrame:
    """Return variance, primary_data_share, factor_evidence and factor_lag_years by cell."""
    columns = ["variance", "primary_data_share", "factor_evidence", "factor_lag_years"]
    if kpi.emissions.empty:
        nothing = pd.MultiIndex.from_arrays([[]] * len(CELL), names=CELL)
        return pd.DataFrame({c: pd.Series(dtype=object if c == "factor_evidence" else float) for c in columns}, nothing)
    base = kpi.emissions
    numbered = base[["month", *filter(None, kpi.dimensions.values()), "e"]].assign(
        activity=base.groupby(["row_key", "class"]).ngroup(),
        factor=base.groupby(["factor_id", "evidence"], dropna=False).ngroup(),
        lag_years=base["lag_years"],
        size=base["e"].abs(),
        primary=base["e"].abs().where(base["class"].isin(["metered", "measured"]), 0.0),
    )
    u_activity = base["class"].map(U_ACTIVITY).groupby(numbered["activity"]).first()
    about_factor = base[["evidence"]].groupby(numbered["factor"]).first()
    rows, keys = everywhere(numbered, kpi.dimensions)
    out = rows.groupby("cell")[["e", "size", "primary"]].sum()
    activity = rows.groupby(["cell", "activity"])["e"].sum().reset_index()
    factors = rows.groupby(["cell", "factor"]).agg(e=("e", "sum"), lag_years=("lag_years", "max")).reset_index()
    factors = factors.join(about_factor, on="factor")
    out["variance"] = ((activity["e"] * activity["activity"].map(u_activity)) ** 2).groupby(activity["cell"]).sum()
    out["variance"] += ((factors["e"] * factors["evidence"].map(U_FACTOR)) ** 2).groupby(factors["cell"]).sum()
    out["primary_data_share"] = out["primary"] / out["size"].where(out["size"] > 0)
    threshold = WORTH_GRADING * factors["cell"].map(out["e"].abs())
    worth = factors[(factors["e"].abs() >= threshold) & (factors["e"] != 0)]
    rank = worth["evidence"].map(GRADES.index).groupby(worth["cell"]).max()
    out["factor_evidence"] = rank.map(dict(enumerate(GRADES))).reindex(out.index)
    out["factor_lag_years"] = worth.groupby("cell")["lag_years"].max().reindex(out.index)
    return out[columns].set_axis(keys)


def factor_gaps(kpi: Contributions) -> pd.DataFrame:
    """Return energy_without_factor_share by cell: of MJ, or of mass if some row has no calorific value."""
    if kpi.energy.empty:
        nothing = pd.MultiIndex.from_arrays([[]] * len(CELL), names=CELL)
        return pd.DataFrame({"energy_without_factor_share": pd.Series(dtype=float)}, index=nothing)
    columns = ["month", *filter(None, kpi.dimensions.values()), "has_factor", "imo_mj", "mass_t"]
    rows, keys = everywhere(kpi.energy[columns], kpi.dimensions)
    by_mass = rows["imo_mj"].isna().groupby(rows["cell"]).any()
    shares = {}
    for column in ("imo_mj", "mass_t"):
        total = rows.groupby("cell")[column].sum()
        missing = rows[~rows["has_factor"]].groupby("cell")[column].sum().reindex(total.index, fill_value=0.0)
        shares[column] = missing / total.where(total != 0)
    share = shares["mass_t"].where(by_mass, shares["imo_mj"])
    return share.set_axis(keys).rename("energy_without_factor_share").to_frame()
