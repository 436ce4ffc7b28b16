"""Suppression and audit together on 1,000 random tables, against brute force.

A table is a year of its own: two quarters of two directions, to each of which four holdings add 0, 1 or 2, with sums.
Arrays have a table on the first axis; periods (two quarters, the year) and directions (each, both) are the last two.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pytest

from orchestration.release.disclosure.audit import underprotected_cells
from orchestration.release.disclosure.disclose import disclose, find_unsafe_cells
from tests.support.release_home import CORRIDOR_ID, in_memory, make_home

TABLES, HOLDINGS, P = 1000, 4, 90.0
SHAPE = (TABLES, 3, 3)

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Names = np.ndarray[tuple[int, ...], np.dtype[np.object_]]

PLACES = f"""
create temp table places as
select
    *, case period when 2 then 'year' else 'quarter' end as period_grain,
    make_date(1000 + table_number, case period when 1 then 4 else 1 end, 1) as period_start,
    case direction when 2 then 'corridor' else 'direction' end as dimension,
    case direction when 0 then 'outbound' when 1 then 'inbound' else '{CORRIDOR_ID}' end as dimension_value
from (select unnest(generate_series(0, {TABLES - 1})) as table_number),
    (select unnest([0, 1, 2]) as period), (select unnest([0, 1, 2]) as direction)
"""
CELLS = """
insert into marts.fct_kpi by name
select
    'corridor_wtw_t' as kpi_id, 'glec_v3_2' as method_id, 'measured' as variant, 1.0 as value, 't' as unit,
    'published' as status, period_start as period_end, dimension_value as corridor_id,
    * exclude (table_number, period, direction)
from places
"""
CONTRIBUTIONS = """
insert into marts.fct_kpi_contributions by name
select
    'corridor_wtw_t' as kpi_id, 'glec_v3_2' as method_id, 'measured' as variant, 'ship' as part,
    'SMPL-' || holding as holding_id, amount as numerator,
    * exclude (table_number, period, direction, holding, amount)
from random inner join places using (table_number, period, direction)
"""


@dataclass(frozen=True)
class Random:
    """The tables as a disclosed candidate. Of each cell its total, and how far above it an estimate has to reach."""

    con: duckdb.DuckDBPyConnection
    truth: Numbers
    is_unsafe: Flags
    wanted: Numbers

    @property
    def shown(self) -> Flags:
        return self._cells("value is not null").astype(bool)

    def publish(self, chosen: Flags) -> None:
        names = self._cells("concat_ws(' ', period_grain, period_start, dimension_value)")[chosen]
        self.con.execute(
            "update kpi.kpi_values set value = 1, status = 'published' "
            "where list_contains(?, concat_ws(' ', period_grain, period_start, dimension_value))",
            [names.tolist()],
        )

    def found(self) -> Flags:
        """The cells that the audit names."""
        names = self._cells("concat_ws(' ', kpi_id, method_id, period_grain, period_start, dimension_value)")
        return np.isin(names, underprotected_cells(self.con))

    def _cells(self, expression: str) -> Names:
        rows = self.con.execute(
            f"select {expression} from places "
            "inner join kpi.kpi_values using (period_grain, period_start, dimension, dimension_value) "
            "order by table_number, period, direction"
        ).fetchall()
        return np.array(rows, dtype=object).reshape(SHAPE)


def with_sums(inner: Numbers) -> Numbers:
    """Two quarters of two directions with the year and both directions."""
    by_period = np.concatenate([inner, inner.sum(axis=-2, keepdims=True)], axis=-2)
    return np.concatenate([by_period, by_period.sum(axis=-1, keepdims=True)], axis=-1)


def protections(amounts: Numbers) -> tuple[Flags, Numbers]:
    """The rule in numpy (docs/method.md#disclosure): unsafe cells and their protection.

    amounts: holdings on the second axis.
    """
    sizes = -np.sort(-amounts, axis=1)
    largest, rest = sizes[:, 0], sizes[:, 2:].sum(axis=1)
    is_unsafe = (np.count_nonzero(amounts, axis=1) < 3) | (100 * rest < P * largest)
    return is_unsafe, np.where(is_unsafe, np.maximum(P / 100 * largest - rest, 0), 0)


@pytest.fixture
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Random]:
    amounts = with_sums(np.random.default_rng(20261126).integers(0, 3, (TABLES, HOLDINGS, 2, 2)).astype(float))
    columns = ("table_number", "holding", "period", "direction")
    index = dict(zip(columns, (axis.ravel() for axis in np.indices(amounts.shape)), strict=True))
    with in_memory() as con:
        con.register("random", pd.DataFrame({**index, "amount": amounts.ravel()}))
        con.execute(PLACES + ";" + CELLS + ";" + CONTRIBUTIONS)
        con.execute("use kpis")
        find_unsafe_cells(con, P)
        disclose(con, make_home(tmp_path_factory.mktemp("home")))
        yield Random(con, amounts.sum(axis=1), *protections(amounts))


# Whole numbers are enough, because transport tables have whole extremes; and so are those up to MOST_WANTED above the
# largest inner cell, because none has to move by more than that by which another is to be protected.
MOST_WANTED = 6
INNER = np.array(list(itertools.product(range(2 * HOLDINGS + MOST_WANTED + 1), repeat=4)), dtype=float)
FILLINGS = with_sums(INNER.reshape(-1, 2, 2)).reshape(-1, 9).astype(np.int8)


def leaked(truth: Numbers, wanted: Numbers, shown: Flags) -> Flags:
    """The cells of one table that no filling with the figures shown lifts as far as wanted."""
    possible = FILLINGS
    for cell in np.flatnonzero(shown):
        possible = possible[possible[:, cell] == truth[cell]]
    return np.asarray((wanted > 0) & (possible.max(axis=0) < truth + wanted - 1e-9))


def by_brute_force(tables: Random) -> Flags:
    shown = tables.shown
    each = zip(tables.truth, tables.wanted, shown, strict=True)
    return np.array([leaked(*(cells.ravel() for cells in table)) for table in each]).reshape(SHAPE)


def test_what_suppression_hides_is_protected_and_what_is_not_the_audit_finds(tables: Random) -> None:
    assert tables.wanted.max() <= MOST_WANTED
    assert not by_brute_force(tables).any()
    assert not tables.found().any()

    neighbours = ~tables.shown & ~tables.is_unsafe
    is_laid_bare = np.asarray(neighbours.any(axis=(1, 2)) & (np.arange(TABLES) % 2 == 0))
    by_chance = ~tables.shown & (np.random.default_rng(1).random(SHAPE) < 0.1)
    tables.publish(np.where(is_laid_bare[:, None, None], neighbours, by_chance))
    expected = by_brute_force(tables)
    np.testing.assert_array_equal(tables.found(), expected)
    tells = np.asarray(expected.any(axis=(1, 2)))
    assert is_laid_bare.sum() > 100
    assert tells[is_laid_bare].all()
    assert 100 < tells[~is_laid_bare].sum() < np.count_nonzero(~is_laid_bare) - 100
