"""The factor files as looked-up values, as docs/method.md defines them.

Its sections are fuel (rows), voyages (distances), intensity (lane average), cii, berth (loads) and terminals (grids
and fuels).

Belongs here: choosing a row of a file. Does not belong here: quantities of fuel, energy or cargo.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).parent / "factors"
GRADES = ["two_sources", "one_source", "borrowed", "unverified"]
METHODS = ["glec_v3_2", "imo_lca", "fueleu"]
ASSESSMENT = {"glec_v3_2": "AR6", "imo_lca": "AR5", "fueleu": "AR4"}
KM_PER_NM = 1.852
MJ_PER_KWH = 3.6
TEU_PER_CONTAINER = 1.6
CONTROLLED_PORTS = ("USLAX", "USLGB")
GRID_REGIONS = {
    "USLAX": ["US eGRID CAMX"],
    "USLGB": ["US eGRID CAMX"],
    "CNSHA": ["Shanghai", "East China grid"],
}


def worse(*grades: str) -> str:
    """Return the worst of some evidence grades."""
    return GRADES[max(GRADES.index(grade) for grade in grades)]


@cache
def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv")


@cache
def rows_by(name: str, *columns: str) -> dict[Any, dict[str, Any]]:
    """Return the rows of a file by the value of a column, or by a tuple of several."""
    records = table(name).to_dict("records")
    return {tuple(r[c] for c in columns) if len(columns) > 1 else r[columns[0]]: r for r in records}  # type: ignore[misc]


@cache
def gwp(method: str, gas: str, biogenic: bool = False) -> float:
    """Return the GWP100 of CH4 or N2O under a method; only AR6 distinguishes biogenic from fossil methane."""
    assessment = ASSESSMENT[method]
    if assessment == "AR6" and gas == "CH4":
        gas = "CH4_nonfossil" if biogenic else "CH4_fossil"
    return float(rows_by("gwp100", "assessment", "gas")[assessment, gas]["gwp100"])


@cache
def sea_distance_km(one: str, other: str) -> float:
    """Return the shortest feasible distance between two ports in km; NaN if the pair is not in the file."""
    rows = rows_by("sea_distances", "from_locode", "to_locode")
    pair = rows.get((one, other)) or rows.get((other, one))
    return float(pair["sfd_nm"]) * KM_PER_NM if pair else float("nan")


@cache
def berth_load_kw(port: str, nominal_teu: float, consumer: str) -> float:
    """Return the load at berth of aux_engine or boiler in kW; NaN for a ship of unknown size."""
    dataset = "POLA_2016" if port in CONTROLLED_PORTS else "IMO_GHG3_EPA2022"
    rows = table("container_aux_boiler_loads_kw")
    fits = rows[
        (rows["dataset"] == dataset)
        & (rows["teu_min"] <= nominal_teu)
        & ((nominal_teu < rows["teu_max"]) | rows["teu_max"].isna())
    ]
    if nominal_teu != nominal_teu or fits.empty:
        return float("nan")
    return float(fits["aux_berth" if consumer == "aux_engine" else "boiler_berth"].iloc[0])


@cache
def bsfc_g_per_kwh(consumer: str, fuel_type: str) -> float:
    group = "auxiliary" if consumer == "aux_engine" else "boiler"
    fuel = "MGO/MDO" if fuel_type == "MGO" else "RM/HFO"
    return float(rows_by("bsfc_g_per_kwh", "engine_group", "fuel")[group, fuel]["bsfc_g_kwh"])


def fuel_at_berth(port: str) -> str:
    """Return the fuel of modelled consumption."""
    return "MGO" if port in CONTROLLED_PORTS else "VLSFO"


@cache
def lane_average_g_per_teu_km(container: str) -> float:
    """Return Clean Cargo's average of the Pacific lane to the US west coast, for dry or reefer containers."""
    key = ("GLEC v3.2 (2025) Sea Table 18", "Asia to/from North America West Coast", container)
    rows = rows_by("clean_cargo_trade_lanes", "dataset", "trade_lane", "container_type")
    return float(rows[key]["wtw_g_per_teu_km"])


@cache
def required_cii(year: int, dwt_t: float) -> float:
    """Return the required gCO2 / (dwt nm) of a container ship in a year; NaN without a reduction factor."""
    reduction = rows_by("cii_reduction_factors", "year").get(year)
    if reduction is None:
        return float("nan")
    line = {name: rows_by("cii_container", "parameter")[name]["value"] for name in ("a", "c")}
    return float((1 - float(reduction["z_pct"]) / 100) * float(line["a"]) * dwt_t ** -float(line["c"]))


def cii_rating(ratio: float) -> str:
    """Return A to E by attained / required CII; a ratio on a boundary has the worse rating."""
    bounds = [float(rows_by("cii_container", "parameter")[f"exp_d{n}"]["value"]) for n in (1, 2, 3, 4)]
    return "ABCDE"[sum(ratio >= bound for bound in bounds)]


@dataclass(frozen=True)
class GridFactor:
    """Location-based electricity; kg CO2e per kWh, NaN where no row serves."""

    kg_per_kwh: float
    factor_id: str
    evidence: str | None
    lag_years: float


@cache
def grid_factor(port: str, year: int) -> GridFactor:
    """Each region of the year in turn, else the newest earlier row of each region in turn."""
    rows = table("grid_factors")
    rows = rows[rows["method"] == "location"]
    regions = GRID_REGIONS.get(port, [])
    candidates = [rows[(rows["region"] == region) & (rows["year"] == year)] for region in regions]
    candidates += [
        rows[(rows["region"] == region) & (rows["year"] < year)].sort_values("year").tail(1) for region in regions
    ]
    for candidate in candidates:
        if len(candidate):
            row = candidate.iloc[0]
            factor_id = f"grid|{row['region']}|{row['year']}"
            return GridFactor(float(row["kg_per_kwh"]), factor_id, row["evidence"], float(year - row["year"]))
    return GridFactor(float("nan"), "", None, float("nan"))


@dataclass(frozen=True)
class TerminalFuel:
    """A unit of a terminal's fuel: Scope 1 kg CO2e (NaN without a factor) and MJ."""

    kg_per_unit: float
    mj_per_unit: float
    factor_id: str
    evidence: str | None


@cache
def terminal_fuel(carrier: str, unit: str, certified: bool) -> TerminalFuel:
    row = rows_by("terminal_fuels", "energy_carrier", "unit").get((carrier, unit))
    if row is None:
        return TerminalFuel(float("nan"), float("nan"), "", None)
    kg = float(row["co2_kg_per_unit"])
    for gas in ("CH4", "N2O"):
        grams = float(row[f"{gas.lower()}_g_per_unit"])
        kg += 0.0 if pd.isna(grams) else grams * gwp("glec_v3_2", gas) / 1000
    if carrier in ("renewable_diesel", "biodiesel_b100") and not certified:
        kg = float("nan")
    return TerminalFuel(kg, float(row["mj_per_unit_lhv"]), f"terminal|{carrier}|{unit}", row["evidence"])


@cache
def hub_default_kg_per_teu() -> tuple[float, str]:
    """GLEC v3.2 ambient container terminal per TEU, and its evidence."""
    row = rows_by("glec_hub_defaults", "version", "condition")[3.2, "ambient"]
    return float(row["kgco2e"]) / TEU_PER_CONTAINER, str(row["evidence"])
