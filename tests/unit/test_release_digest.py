"""A table digest depends on the rows and columns of a table, not on the order of rows."""

import duckdb
import pytest

from orchestration.release.table_digest import table_digest

ROWS = "(values (1, 'a', 0.5), (2, null, 1.5)) as t (number, text, share)"


@pytest.mark.parametrize(
    ("query", "is_equal"),
    [
        (f"select * from {ROWS} order by number desc", True),
        (f"select * from {ROWS} where number = 1", False),
        (f"select number, text, share + 1e-12 as share from {ROWS}", False),
        (f"select number, coalesce(text, '') as text, share from {ROWS}", False),
        (f"select number as other, text, share from {ROWS}", False),
        (f"select * from {ROWS} union all select * from {ROWS}", False),
    ],
)
def test_digest_depends_on_rows_and_columns_but_not_on_row_order(query: str, is_equal: bool) -> None:
    with duckdb.connect() as con:
        con.execute(f"create table first as select * from {ROWS}; create table second as {query}")
        assert (table_digest(con, "first") == table_digest(con, "second")) is is_equal


def test_empty_table_has_a_different_digest_than_a_filled_one() -> None:
    with duckdb.connect() as con:
        con.execute(f"create table empty as select * from {ROWS} limit 0; create table filled as select * from {ROWS}")
        assert len(table_digest(con, "empty")) == 64
        assert table_digest(con, "empty") != table_digest(con, "filled")
