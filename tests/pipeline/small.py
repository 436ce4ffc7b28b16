"""A small lake with changed datasets, the results of the compiled models over it, and the comparison of results.

Belongs here: how property tests change a lake. Does not belong here: any property.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from tests.pipeline.compiled import CompiledProject

SUMS = ["numerator", "denominator", "value"]
KEY = ["kpi_id", "method_id", "variant", "period_grain", "period_start", "dimension", "dimension_value"]


@dataclass(frozen=True)
class Small:
    """The tiny sample after its run, and the results of its models."""

    home: Path
    compiled: CompiledProject = field(repr=False)
    cells: pd.DataFrame = field(repr=False)

    def changed(
        self, rows: Mapping[str, str], after: Mapping[str, str] | None = None, rejected: Mapping[str, str] | None = None
    ) -> pd.DataFrame:
        """Return the cells of a changed lake."""
        with self.changed_lake(rows, rejected) as lake:
            return cells(self.compiled, lake, after)

    @contextmanager
    def changed_lake(self, rows: Mapping[str, str], rejected: Mapping[str, str] | None = None) -> Iterator[Path]:
        """Return a lake in which named datasets have the rows of a query over `accepted` (or `rejected`)."""
        with tempfile.TemporaryDirectory() as folder:
            lake = Path(folder) / "lake"
            shutil.copytree(self.home / "lake", lake, ignore=shutil.ignore_patterns("raw", "receipts"))
            for dataset, query in rows.items():
                replace_rows(lake / "accepted" / dataset, query)
            for dataset, query in (rejected or {}).items():
                replace_rows(lake / "rejected" / dataset, query)
            yield lake


def replace_rows(folder: Path, query: str) -> None:
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(
            f"create table {folder.parent.name} as from read_parquet('{folder}/*.parquet', union_by_name = true)"
        )
        shutil.rmtree(folder)
        folder.mkdir()
        con.execute(f"create table changed as {query}")
        con.execute(f"copy (from changed limit 0) to '{folder}/_schema.parquet'")
        for (submission,) in con.execute("select distinct submission_id from changed").fetchall():
            con.execute(f"copy (from changed where submission_id = '{submission}') to '{folder}/{submission}.parquet'")


def cells(compiled: CompiledProject, lake: Path, after: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return fct_kpi, indexed by its key."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as corridor; use corridor")
        compiled.build(con, lake, after)
        return con.sql("from marts.fct_kpi").df().set_index(KEY).sort_index()


def same(left: pd.DataFrame, right: pd.DataFrame, columns: list[str]) -> None:
    """Raise AssertionError unless the columns agree to ten significant digits, as published."""
    assert left.index.equals(right.index)
    for column in columns:
        ours, theirs = left[column].astype(float), right[column].astype(float)
        apart = ~np.isclose(ours, theirs, rtol=1e-10, atol=0, equal_nan=True)
        assert not apart.any(), pd.concat([ours[apart], theirs[apart]], axis=1).head(10).to_string()
