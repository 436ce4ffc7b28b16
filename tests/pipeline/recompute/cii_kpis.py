"""CII ratings of the ships, from their whole years in all trades: docs/method.md#cii.

Belongs here: which ships are rated, and how. Does not belong here: anything of legs but that a ship is in scope.
"""

from collections.abc import Iterator

import pandas as pd

from .burn import particulars
from .factors import cii_rating, required_cii
from .fuel import cf_row
from .shared import G_PER_T, HEADLINE, NOTHING, POOLED
from .trust import Contributions
from .voyages import Facts

KEY = ["imo_number", "year"]


def contributions(facts: Facts) -> Iterator[Contributions]:
    ships = rated(facts)
    is_rated = ships["rating"].notna()
    ships = ships.assign(
        grain="year", month=pd.to_datetime(ships["year"].astype(str) + "-01-01"),
        denominator=is_rated.astype(float).where(is_rated),
    )  # fmt: skip
    covered = is_rated.groupby(ships["month"]).mean().rename("coverage").rename_axis("period_start").reset_index()
    covered["period_grain"] = "year"
    abc = ships.assign(numerator=ships["rating"].isin(list("ABC")).astype(float).where(is_rated))
    letters = pd.concat([ships.assign(letter=letter) for letter in "ABCDE"], ignore_index=True)
    matches = (letters["rating"] == letters["letter"]).astype(float)
    each = letters.drop(columns="rating").rename(columns={"letter": "rating"})
    each["numerator"] = matches.where(each["denominator"].notna())
    for kpi_id, dimensions, sums in (
        ("cii_share_abc", POOLED, abc),
        ("cii_rating_share", {"rating": "rating"}, each),
    ):
        yield Contributions(kpi_id, HEADLINE, "1", "tank_to_wake_ships", False, dimensions, covered, sums)


def rated(facts: Facts) -> pd.DataFrame:
    """Return imo_number, year, holding and rating (None: not rated) of every vessel in scope in a year."""
    legs = facts.chain[facts.chain["in_scope"] & facts.chain["arrival_utc"].notna()]
    ships = legs.assign(year=legs["arrival_utc"].dt.year)[KEY].drop_duplicates()
    ships = ships.merge(years(facts), on=KEY, how="left").reset_index(drop=True)
    at_year_end = ships.assign(arrival_utc=pd.to_datetime(ships["year"].astype(str) + "-12-31"))
    ships["dwt_t"] = particulars(facts.inputs, at_year_end)["dwt_t"]
    ships["rating"] = [
        rating(year, co2_t, distance_nm, dwt_t)
        for year, co2_t, distance_nm, dwt_t in ships[["year", "co2_t", "distance_nm", "dwt_t"]].itertuples(index=False)
    ]
    return ships[[*KEY, "holding", "rating"]]


def years(facts: Facts) -> pd.DataFrame:
    """Return co2_t (NaN if any row is unknown) and distance_nm (NaN if rows differ) by vessel and year."""
    rows = facts.inputs.rows["vessel_annual"]
    factors = {fuel: (cf_row(fuel) or {}).get("cf_tco2_per_t", NOTHING) for fuel in rows["fuel_type"].unique()}
    rows = rows.assign(
        co2_t=rows["mass_t"] * rows["fuel_type"].map(factors).astype(float),
        holding=rows["partner_id"].map(facts.inputs.holding_of),
    )
    by_ship = rows.groupby(KEY)
    out = by_ship.agg(lowest=("distance_nm", "min"), highest=("distance_nm", "max"), holding=("holding", "first"))
    others = by_ship["distance_nm"].count() == by_ship.size()
    out["distance_nm"] = out["highest"].where(others & (out["lowest"] == out["highest"]))
    out["co2_t"] = by_ship["co2_t"].sum(skipna=False)
    return out.drop(columns=["lowest", "highest"]).reset_index()


def rating(year: int, co2_t: float, distance_nm: float, dwt_t: float) -> str | None:
    if not (distance_nm > 0 and dwt_t > 0) or pd.isna(co2_t) or pd.isna(required_cii(year, dwt_t)):
        return None
    attained = co2_t * G_PER_T / (dwt_t * distance_nm)
    return cii_rating(attained / required_cii(year, dwt_t))
