"""Every cell of fct_kpi against a recomputation in pandas, written from METHOD.md, that shares no code with it."""

from datetime import date

import duckdb
import pandas as pd
import pytest

from tests.pipeline.conftest import Published
from tests.pipeline.recompute.recomputed import recompute

AS_OF = date(2026, 2, 28)
CELL = ["kpi_id", "method_id", "period_grain", "period_start", "dimension", "dimension_value"]
FIGURES = [
    "numerator",
    "denominator",
    "value",
    "lower",
    "upper",
    "coverage",
    "primary_data_share",
    "energy_without_factor_share",
    "n_contributors",
    "factor_lag_years",
]
WORDS = ["status", "factor_evidence"]


@pytest.fixture(scope="module")
def both(published: Published) -> pd.DataFrame:
    """One row a cell: the warehouse's columns, and the recomputation's with the suffix _again."""
    with duckdb.connect(str(published.home / "releases" / "current" / "internal" / "warehouse.duckdb")) as con:
        warehouse = con.sql(
            "select * from marts.fct_kpi where variant = 'measured' and kpi_id != 'port_throughput_teu'"
        ).df()
    again = recompute(published.home / "lake", AS_OF)
    for cells in (warehouse, again):
        cells["period_start"] = pd.to_datetime(cells["period_start"])
    return warehouse.merge(again, on=CELL, how="outer", suffixes=("", "_again"), indicator=True)


def test_the_same_cells_have_figures(both: pd.DataFrame) -> None:
    assert (both["_merge"] == "both").sum() > 4000
    assert not (both["_merge"] == "right_only").any()
    assert set(both.loc[both["_merge"] == "left_only", "status"]) == {"no_data"}


@pytest.mark.parametrize("figure", FIGURES)
def test_figures_agree_to_a_billionth(both: pd.DataFrame, figure: str) -> None:
    cells = both[both["_merge"] == "both"]
    ours = pd.to_numeric(cells[figure]).astype(float)
    again = pd.to_numeric(cells[f"{figure}_again"]).astype(float)
    close = (ours - again).abs() <= 1e-9 * again.abs()
    apart = cells[~(close | (ours.isna() & again.isna()))]
    assert apart.empty, apart[[*CELL, figure, f"{figure}_again"]].head(10).to_string()


@pytest.mark.parametrize("word", WORDS)
def test_words_agree(both: pd.DataFrame, word: str) -> None:
    cells = both[both["_merge"] == "both"]
    apart = cells[cells[word].fillna("") != cells[f"{word}_again"].fillna("")]
    assert apart.empty, apart[[*CELL, word, f"{word}_again"]].head(10).to_string()
