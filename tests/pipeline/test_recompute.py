"""Every cell of fct_kpi compared with an independent recomputation in pandas that shares no code with it."""

import pandas as pd
import pytest

from tests.pipeline.compared import CELL, FIGURES, WORDS, apart, not_matched, side_by_side
from tests.pipeline.conftest import Published
from tests.pipeline.recompute.recomputed import Recomputed


@pytest.fixture(scope="module")
def both(published: Published, recomputed: Recomputed) -> pd.DataFrame:
    warehouse = published.home / "releases" / "current" / "internal" / "warehouse.duckdb"
    return side_by_side(warehouse, recomputed.kpis)


def test_warehouse_and_recomputation_have_figures_in_the_same_cells(both: pd.DataFrame) -> None:
    assert (both["_merge"] == "both").sum() > 4000
    assert not_matched(both).empty


@pytest.mark.parametrize("column", [*FIGURES, *WORDS])
def test_cells_agree_to_a_billionth(both: pd.DataFrame, column: str) -> None:
    differing = apart(both, column)
    assert differing.empty, differing[[*CELL, column, f"{column}_again"]].head(10).to_string()
