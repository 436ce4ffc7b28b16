"""Fuel: which factor row a fuel row takes, its emissions by method, and the certified part: docs/method.md#fuel.

Belongs here: tonnes of fuel to tonnes of CO2e. Does not belong here: which leg or stay burned it, electricity.
"""

import re
from dataclasses import dataclass
from functools import cache
from math import isnan, nan
from typing import Any

import pandas as pd

from .factors import METHODS, gwp, rows_by, worse
from .inputs import Inputs

RESIDUALS = ("HFO", "VLSFO", "ULSFO", "LFO")
DISTILLATES = ("MGO", "MDO", "FAME", "HVO")
GASES = ("LNG", "BIO_LNG")
METHANOLS = ("METHANOL", "BIO_METHANOL", "E_METHANOL")
BIOGENIC = ("BIO_LNG", "BIO_METHANOL", "FAME", "HVO")
CLASS_OF = {"flow_meter": "metered", "tank_sounding": "measured", "bdn": "measured", "estimate": "modelled"}
IMO_CF = {
    **dict.fromkeys(("HFO", "VLSFO", "ULSFO"), "HFO"),
    **dict.fromkeys(("MGO", "MDO"), "MDO_MGO"),
    **dict.fromkeys(GASES, "LNG"),
    **dict.fromkeys(METHANOLS, "METHANOL"),
    "LFO": "LFO",
}
NOTE_COLUMNS = [
    "partner_id", "fuel_type", "iso_grade", "sulphur_pct", "viscosity_cst", "lcv_mj_per_kg", "mass_t",
    "certificate_scheme", "certificate_number", "certified_mass_t", "certified_wtw_g_per_mj",
    "certificate_includes_use_phase",
]  # fmt: skip


@dataclass(frozen=True)
class Factor:
    """A fuel's row with the slip of the engine; NaN where the row or the engine leaves a value unknown."""

    lcv_mj_per_g: float = nan
    wtt_g_per_mj: float = nan
    cf_co2: float = nan
    cf_ch4: float = nan
    cf_n2o: float = nan
    slip: float = nan
    factor_id: str = ""
    evidence: str = "unverified"

    def use_phase_t_per_t(self, method: str, biogenic: bool) -> float:
        """CH4, N2O and slip, without the CO2 of combustion."""
        ch4, n2o = gwp(method, "CH4", biogenic), gwp(method, "N2O")
        return (1 - self.slip) * (self.cf_ch4 * ch4 + self.cf_n2o * n2o) + self.slip * ch4

    def wtw_t_per_t(self, method: str) -> float:
        combustion = (1 - self.slip) * self.cf_co2 + self.use_phase_t_per_t(method, biogenic=False)
        return combustion + self.wtt_g_per_mj * self.lcv_mj_per_g


def grade_group(grade: str | float | None) -> str | None:
    """HFO (RME-RMK), LFO (RMA-RMD), MGO (DMX-DMB), 'other' distillates, None for no recognised grade."""
    found = re.match(r"(RM|DM|DF)([A-Z])", str(grade).strip().upper())
    if not found:
        return None
    family, letter = found.groups()
    if family == "RM":
        return "LFO" if letter in "ABCD" else "HFO"
    return "MGO" if family == "DM" and letter in "XAZB" else "other"


def from_row(row: dict[str, Any], factor_id: str, evidence: str, slip: float) -> Factor:
    return Factor(
        row["lcv_mj_per_g"], row["wtt_gco2e_per_mj"], row["cf_co2"], row["cf_ch4"], row["cf_n2o"],
        slip, factor_id, evidence,
    )  # fmt: skip


def residual_evidence(fuel_type: str, group: str | None, sulphur: float, own: str) -> str:
    """Grade of the 0.10-0.50 % S, RME-RMK row for this fuel."""
    grade_fits = group == "HFO" or (group is None and fuel_type != "LFO")
    sulphur_fits = 0.10 < sulphur <= 0.50 or (isnan(sulphur) and fuel_type != "ULSFO")
    if not (grade_fits and sulphur_fits):
        return "borrowed"
    return worse(own, "one_source") if fuel_type == "HFO" and isnan(sulphur) else own


def liquid_row(method: str, name: str) -> dict[str, Any]:
    """A row of glec_v3_2_fuels.csv, or what it stands for in imo_lca_defaults.csv."""
    if method == "glec_v3_2":
        return rows_by("glec_v3_2_fuels", "fuel_class")[name]
    pathway = {
        "residual_le_0_50_s": "HFO_VLSFO_f_SR_gm",
        "residual_gt_0_50_s": "HFO_HSHFO_f_SR_gm",
        "distillate": "MDO_MGO_ULSFO_f_SR_gm",
    }[name]
    return rows_by("imo_lca_defaults", "pathway")[pathway]


def gas_factor(method: str, engine: str | None) -> Factor:
    """LNG with the slip of the engine; nothing known of it when the engine is no gas engine of the method."""
    about_engine = rows_by("engine_types", "engine_type").get(engine, {})
    if method == "fueleu":
        name = about_engine.get("fueleu_engine")
        row = rows_by("fueleu_annex2", "fuel", "engine").get(("LNG", name))
        return from_row(row, f"LNG|{name}", row["evidence"], row["cslip_pct"] / 100) if row else Factor()
    pathway = about_engine.get("imo_lca_pathway")
    engine_row = rows_by("imo_lca_defaults", "pathway").get(pathway)
    if engine_row is None:
        return Factor()
    row = liquid_row(method, "lng") if method == "glec_v3_2" else engine_row
    evidence = worse(row["evidence"], engine_row["evidence"])
    return from_row(row, f"LNG|{pathway}", evidence, engine_row["cslip_pct"] / 100)


@cache
def factor_for(
    method: str, fuel_type: str, engine: str | None, group: str | None, sulphur: float, viscosity: float
) -> Factor:
    """The fossil row of a fuel's molecule; all NaN where there is none."""
    if fuel_type in GASES:
        return gas_factor(method, engine)
    if method == "fueleu":
        return fueleu_factor(fuel_type, group, viscosity)
    if fuel_type in METHANOLS and method == "glec_v3_2":
        return from_row(liquid_row(method, "methanol_fossil"), "methanol_fossil", "borrowed", 0.0)
    if fuel_type in DISTILLATES:
        row = liquid_row(method, "distillate")
        borrowed = fuel_type in ("FAME", "HVO") or sulphur > 0.10 or group not in (None, "MGO")
        return from_row(row, "distillate", "borrowed" if borrowed else row["evidence"], 0.0)
    if fuel_type not in RESIDUALS:
        return Factor()
    name = "residual_gt_0_50_s" if sulphur > 0.50 else "residual_le_0_50_s"
    row = liquid_row(method, name)
    own = str(row["evidence"])
    return from_row(row, name, own if sulphur > 0.50 else residual_evidence(fuel_type, group, sulphur, own), 0.0)


def fueleu_factor(fuel_type: str, group: str | None, viscosity: float) -> Factor:
    """Residuals by grade, else by viscosity; distillates and the rest by name."""
    borrowed = False
    kind: str | None
    if fuel_type in RESIDUALS:
        by_viscosity = None if isnan(viscosity) else ("HFO" if viscosity > 80 else "LFO")
        kind = group if group in ("HFO", "LFO", "MGO") else by_viscosity
    elif fuel_type in DISTILLATES:
        kind = "MGO"
        borrowed = fuel_type in ("FAME", "HVO") or group not in (None, "MGO")
    else:
        kind = "METHANOL" if fuel_type in METHANOLS else fuel_type
    names = {
        "HFO": "HFO (RME-RMK)", "LFO": "LFO (RMA-RMD)", "MGO": "MDO/MGO (DMX-DMB)",
        "METHANOL": "Methanol (fossil)", "NH3": "NH3 (natural gas)", "H2": "H2 (natural gas)",
    }  # fmt: skip
    row = rows_by("fueleu_annex2", "fuel").get(names.get(kind or ""))
    if row is None:
        return Factor()
    return from_row(row, row["fuel"], "borrowed" if borrowed else row["evidence"], row["cslip_pct"] / 100)


def certified_notes(inputs: Inputs) -> pd.DataFrame:
    """Delivery notes under a whole certificate, with certified_limit_t: at most the mass delivered."""
    notes = inputs.rows["bunker_deliveries"]
    whole = notes["certificate_scheme"].notna() & notes["certificate_number"].notna()
    notes = notes[whole & notes["certified_wtw_g_per_mj"].notna() & (notes["mass_t"] > 0)]
    limit = notes["certified_mass_t"].fillna(notes["mass_t"]).clip(upper=notes["mass_t"])
    return notes.assign(certified_limit_t=limit)


def with_notes(inputs: Inputs) -> pd.DataFrame:
    """Fuel rows with their delivery note's columns (`note_` before) and `certified_part` of their mass, 0 to 1.

    A certificate serves only the fuel type and the partner of its note.
    """
    rows = inputs.rows["fuel_consumption"]
    notes = inputs.rows["bunker_deliveries"].set_index("bdn_number")[NOTE_COLUMNS].add_prefix("note_")
    rows = rows.join(notes, on="bdn_number")
    limit = rows["bdn_number"].map(certified_notes(inputs).set_index("bdn_number")["certified_limit_t"])
    serves = (rows["fuel_type"] == rows["note_fuel_type"]) & (rows["partner_id"] == rows["note_partner_id"])
    limit = limit.where(serves)
    part = limit / rows["note_mass_t"]
    claimed = (rows["mass_t"] * part).groupby(rows["bdn_number"]).transform("sum")
    scale = (limit / claimed).where(claimed > limit, 1.0)
    return rows.assign(certified_part=(part * scale).fillna(0.0))


def cf_row(fuel_type: str) -> dict[str, Any] | None:
    """The fuel's row of imo_cf.csv."""
    row: dict[str, Any] | None = rows_by("imo_cf", "fuel_code").get(IMO_CF.get(fuel_type))
    return row


def emissions(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per fuel row, method and part (certified, fossil) of its mass.

    Takes with_notes rows that also know their engine, owner and class. Adds mj and e_t (both NaN without a factor),
    factor_id, evidence, imo_mj (NaN where neither imo_cf nor the note has a calorific value).
    """
    out: list[dict[str, object]] = []
    for row in rows.to_dict("records"):
        fuel_type, note_lcv = row["fuel_type"], row["note_lcv_mj_per_kg"]
        cf = cf_row(fuel_type)
        imo_lcv = cf["lcv_mj_per_kg"] if cf else note_lcv
        group = grade_group(row["note_iso_grade"])
        # one NaN object for every unknown, so that the cache finds it again
        sulphur, viscosity = (nan if pd.isna(row[c]) else row[c] for c in ("note_sulphur_pct", "note_viscosity_cst"))
        engine = row["engine"] if fuel_type in GASES and isinstance(row["engine"], str) else None
        for part, portion in (("certified", row["certified_part"]), ("fossil", 1 - row["certified_part"])):
            if portion <= 0:
                continue
            mass = row["mass_t"] * portion
            common = {k: row[k] for k in ("kind", "owner", "imo_number", "consumer", "class")}
            common |= {"fuel": fuel_type, "part": part, "mass_t": mass, "imo_mj": mass * 1e3 * imo_lcv}
            common["certificate_g_per_mj"] = row["note_certified_wtw_g_per_mj"] if part == "certified" else nan
            for method in METHODS:
                factor = factor_for(method, fuel_type, engine, group, sulphur, viscosity)
                lcv, e_per_t, factor_id, evidence = one_tonne(method, factor, row, part)
                out.append(
                    {
                        **common,
                        "method": method,
                        "quantity_known": pd.notna(mass),
                        "has_factor": pd.notna(e_per_t),
                        "mj": mass * 1e6 * lcv,
                        "e_t": mass * e_per_t,
                        "factor_id": factor_id,
                        "evidence": evidence,
                        "lag_years": nan,
                    }
                )
    return pd.DataFrame(out)


def one_tonne(method: str, factor: Factor, row: dict[Any, Any], part: str) -> tuple[float, float, str, str]:
    """(LCV MJ/g, WtW t/t, factor identity, evidence) of the certified or the fossil part."""
    if part == "fossil":
        return factor.lcv_mj_per_g, factor.wtw_t_per_t(method), factor.factor_id, factor.evidence
    note_lcv = float(row["note_lcv_mj_per_kg"]) / 1000
    lcv = factor.lcv_mj_per_g if pd.isna(note_lcv) else note_lcv
    e_per_t = lcv * float(row["note_certified_wtw_g_per_mj"])
    if not (pd.notna(row["note_certificate_includes_use_phase"]) and row["note_certificate_includes_use_phase"]):
        e_per_t += factor.use_phase_t_per_t(method, biogenic=row["fuel_type"] in BIOGENIC)
    name = f"certificate|{row['note_certificate_scheme']}|{row['note_certificate_number']}"
    return lcv, e_per_t, name, "one_source"
