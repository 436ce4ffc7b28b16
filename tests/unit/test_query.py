"""Rows are dictionaries by column name, and SQL literals preserve text."""

import duckdb

from orchestration.core.query import quoted, records


def test_rows_have_the_names_of_their_columns() -> None:
    with duckdb.connect() as con:
        query = "select n, n * $by as more from range(2) as t (n)"
        assert records(con, query, {"by": 3}) == [{"n": 0, "more": 0}, {"n": 1, "more": 3}]
        assert records(con, "create table t (n integer)") == []


def test_quoted_text_survives_a_quotation_mark() -> None:
    text = "the port's page"
    with duckdb.connect() as con:
        assert con.execute(f"select {quoted(text)}").fetchone() == (text,)
