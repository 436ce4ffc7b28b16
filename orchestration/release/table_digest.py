"""One digest per table, so that what was checked can be proved to be what is published.

Belongs here: digests of tables. Does not belong here: hashes of files (manifest).
"""

import hashlib
from collections.abc import Iterable, Mapping

import duckdb

from orchestration.core.query import quoted


def table_digest(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """SHA-256 (hex) of a table's columns and rows, whatever the order of its rows.

    table: the name as SQL spells it, for example `warehouse.marts.fct_kpi`. Equal tables give equal digests within
    one DuckDB version, whose row hash it rests on: for telling that a table has changed, not for comparing editions.
    """
    return _digests(con, {table: table})[table]


def digests_of(con: duckdb.DuckDBPyConnection, database: str, schemas: Iterable[str]) -> dict[str, str]:
    """The digest of every table and view in these schemas of an attached database, by `schema.table`."""
    tables = con.execute(
        """
        select table_schema || '.' || table_name, format('{}."{}"."{}"', table_catalog, table_schema, table_name)
        from information_schema.tables
        where table_catalog = ? and list_contains(?, table_schema) order by all
        """,
        [database, list(schemas)],
    ).fetchall()
    return _digests(con, dict(tables))


def _digests(con: duckdb.DuckDBPyConnection, tables: Mapping[str, str]) -> dict[str, str]:
    """By name, of tables as SQL spells them; one query for all is twice as fast as one for each."""
    if not tables:
        return {}
    one = "select {}, count(*), sum(hash(t)), bit_xor(hash(t)) from {} as t"
    rows = con.execute(" union all ".join(one.format(quoted(name), table) for name, table in tables.items())).fetchall()
    found = {}
    for name, *content in rows:
        columns = con.execute(f"select column_name, column_type from (describe {tables[name]})").fetchall()
        found[name] = hashlib.sha256(repr((duckdb.__version__, columns, content)).encode()).hexdigest()
    return found
