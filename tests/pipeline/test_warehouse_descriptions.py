"""Descriptions in `internal/warehouse.duckdb` of a real run.

Belongs here: whether an analyst who opens the file finds a description of every table and column.
Does not belong here: whether the dbt project describes its models (tests/integration/test_dbt_descriptions.py).
"""

from collections.abc import Iterator

import duckdb
import pytest

from tests.pipeline.conftest import Published


@pytest.fixture(scope="module")
def warehouse(published: Published) -> Iterator[duckdb.DuckDBPyConnection]:
    path = published.home / "releases" / "current" / "internal" / "warehouse.duckdb"
    with duckdb.connect(path, read_only=True) as con:
        yield con


def test_every_table_has_a_description_that_states_its_grain(warehouse: duckdb.DuckDBPyConnection) -> None:
    tables = warehouse.execute("select table_name, comment from duckdb_tables() where not internal").fetchall()
    assert len(tables) > 50
    assert [name for name, comment in tables if "One row per " not in (comment or "")] == []


def test_every_column_has_a_description(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = warehouse.execute(
        "select table_name || '.' || column_name, comment from duckdb_columns() where not internal"
    ).fetchall()
    assert len(columns) > 500
    assert [name for name, comment in columns if not comment] == []
