"""Terminal months: emissions, electricity and TEU, and the share of a delivered TEU.

Method: docs/method.md#terminals and method.md#port-to-port.

Belongs here: a terminal's own filings and the hub default. Does not belong here: ships, except as weights.
"""

from math import nan

import pandas as pd

from .factors import MJ_PER_KWH, grid_factor, hub_default_kg_per_teu, terminal_fuel
from .inputs import Inputs

MARKET = {
    "e_kg": "market_kg",
    "factor_id": "market_factor_id",
    "evidence": "market_evidence",
    "lag_years": "market_lag",
}
END_COLUMNS = ["terminal_code", "energy_carrier", "class", "kg_per_teu", "factor_id", "evidence", "lag_years"]


def energy_rows(inputs: Inputs) -> pd.DataFrame:
    """Return energy not supplied to ships, with mj, e_kg (NaN without a factor or quantity), and the factor's identity.

    The MARKET columns are the same with the electricity of contract instruments, NaN where a row has none.
    """
    rows = inputs.rows["terminal_energy"]
    rows = rows[rows["terminal_code"].isin(inputs.terminals.index) & ~rows["supplied_to_ships"].astype(bool)]
    out: list[dict[str, object]] = []
    for row in rows.to_dict("records"):
        if row["energy_carrier"] == "electricity":
            grid = grid_factor(inputs.terminals.loc[row["terminal_code"], "port_locode"], row["month"].year)
            kg, mj, factor_id, evidence, lag = (
                grid.kg_per_kwh,
                MJ_PER_KWH,
                grid.factor_id,
                grid.evidence,
                grid.lag_years,
            )
        else:
            fuel = terminal_fuel(row["energy_carrier"], row["unit"], not pd.isna(row["certificate_number"]))
            kg, mj, factor_id, evidence, lag = fuel.kg_per_unit, fuel.mj_per_unit, fuel.factor_id, fuel.evidence, nan
        market_kg, market_factor_id, market_evidence = kg, factor_id, evidence
        if row["energy_carrier"] == "electricity":
            named = pd.notna(row["contract_instrument"])
            market_kg = float(row["supplier_factor_kg_per_kwh"]) if named else nan
            market_factor_id, market_evidence = f"supplier:{row['terminal_code']}", "one_source"
        out.append(
            {
                "terminal_code": row["terminal_code"], "month": row["month"], "energy_carrier": row["energy_carrier"],
                "quantity": row["quantity"], "mj": row["quantity"] * mj, "e_kg": row["quantity"] * kg,
                "has_factor": pd.notna(kg), "factor_id": factor_id, "evidence": evidence, "lag_years": lag,
                "class": "metered", "market_kg": row["quantity"] * market_kg, "market_factor_id": market_factor_id,
                "market_evidence": market_evidence, "market_lag": nan,
            }
        )  # fmt: skip
    columns = [
        "terminal_code", "month", "energy_carrier", "quantity", "mj", "e_kg", "has_factor", "factor_id", "evidence",
        "lag_years", "class", *MARKET.values(),
    ]  # fmt: skip
    return pd.DataFrame(out, columns=columns)


def terminal_months(inputs: Inputs, energy: pd.DataFrame) -> pd.DataFrame:
    """Return one row per terminal and month with any filing; NaN means unknown.

    Every energy figure is unknown without an electricity row, and where a rejected row may belong.
    """
    key = ["terminal_code", "month"]
    activity = inputs.rows["terminal_activity"]
    activity = activity[activity["terminal_code"].isin(inputs.terminals.index)]
    activity = activity[[*key, "teu_handled", "equipment_units", "zero_emission_units"]]
    electricity = energy[energy["energy_carrier"] == "electricity"]
    totals = ["e_kg", "market_kg", "mj"]
    sums = energy.groupby(key)[totals].sum(skipna=False)
    sums = sums.join(
        electricity.groupby(key)[["quantity", "mj"]].sum(skipna=False).set_axis(["kwh", "electric_mj"], axis=1)
    )
    rows = activity.merge(sums.reset_index(), on=key, how="outer")
    rows[totals] = rows[totals].mask(rows["kwh"].isna())  # Scope 2 unknown, so the sum of the scopes is
    known_in_part = lacks_a_row(inputs, rows)
    rows[[*totals, "kwh", "electric_mj"]] = rows[[*totals, "kwh", "electric_mj"]].mask(known_in_part)
    rows["kg_per_teu"] = (rows["e_kg"] / rows["teu_handled"]).where(rows["teu_handled"] > 0)
    rows["port"] = rows["terminal_code"].map(inputs.terminals["port_locode"])
    rows["holding"] = rows["terminal_code"].map(inputs.terminals["operator_partner_id"]).map(inputs.holding_of)
    return rows


def lacks_a_row(inputs: Inputs, months: pd.DataFrame) -> pd.Series:
    """Return whether a rejected row of the operator, or one for another terminal, may belong to a terminal-month."""
    operator = inputs.terminals["operator_partner_id"].to_dict()
    accepted = inputs.rows["terminal_energy"]
    foreign = accepted[accepted["terminal_code"].map(operator) != accepted["partner_id"]]
    lacks = pd.Series(False, index=months.index)
    for row in [*inputs.rejected_energy.to_dict("records"), *foreign.to_dict("records")]:
        if row["supplied_to_ships"] is True:
            continue
        is_of = months["terminal_code"].map(operator) == row["partner_id"]
        if operator.get(row["terminal_code"]) == row["partner_id"]:
            is_of &= months["terminal_code"] == row["terminal_code"]
        first, last = (
            (row["period_start"], row["period_end"]) if pd.isna(row["month"]) else (row["month"], row["month"])
        )
        lacks |= is_of & months["month"].between(pd.Timestamp(first), pd.Timestamp(last))
    return lacks


def weights(month: pd.Timestamp, side: frozenset[str], calls: pd.DataFrame, months: pd.DataFrame) -> pd.Series:
    """Return the share of each terminal of a side in a month's corridor boxes, else in its TEU handled."""
    mine = calls[calls["in_scope"] & (calls["month"] == month) & calls["port"].isin(side)]
    boxes = mine["corridor_teu_discharged"].fillna(0) + mine["corridor_teu_loaded"].fillna(0)
    by_terminal = boxes.groupby(mine["terminal_code"]).sum()
    if not by_terminal.sum() > 0:
        handled = months[(months["month"] == month) & months["port"].isin(side) & months["teu_handled"].notna()]
        by_terminal = handled.set_index("terminal_code")["teu_handled"]
    by_terminal = by_terminal[by_terminal > 0]
    return by_terminal / by_terminal.sum()


def end_of_a_teu(
    month: pd.Timestamp,
    side: frozenset[str],
    calls: pd.DataFrame,
    months: pd.DataFrame,
    energy: pd.DataFrame,
    inputs: Inputs,
) -> pd.DataFrame:
    """Return kg_per_teu at one end by terminal, energy type and factor; the hub default where unknown."""
    default, default_evidence = hub_default_kg_per_teu()
    figures = months[(months["month"] == month) & months["kg_per_teu"].notna()]
    teu_handled = dict(zip(figures["terminal_code"], figures["teu_handled"], strict=True))
    operators = inputs.terminals["operator_partner_id"].map(inputs.holding_of)
    shares = weights(month, side, calls, months)
    if shares.empty:
        shares = pd.Series({"/".join(sorted(side)): 1.0})
    out: list[dict[str, object]] = []
    for terminal, share in shares.items():
        common = {"terminal_code": terminal, "holding": operators.get(terminal)}
        if terminal not in teu_handled:
            out.append(
                {
                    **common, "energy_carrier": "default", "class": "default", "kg_per_teu": default * share,
                    "factor_id": "hub default", "evidence": default_evidence, "lag_years": nan,
                }
            )  # fmt: skip
            continue
        rows = energy[(energy["terminal_code"] == terminal) & (energy["month"] == month)]
        out += [
            {
                **common, "energy_carrier": row["energy_carrier"], "class": row["class"],
                "kg_per_teu": row["e_kg"] / teu_handled[terminal] * share, "factor_id": row["factor_id"],
                "evidence": row["evidence"], "lag_years": row["lag_years"],
            }
            for row in rows.to_dict("records")
        ]  # fmt: skip
    return pd.DataFrame(out)
