"""What a candidate is held against, as tables that the suites read beside the candidate's own.

Belongs here: the release before, a corridor's thresholds, contracts, filings, and a count of every table.
Does not belong here: what follows from any of them (suites.toml).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.core.query import quoted, sql_of
from orchestration.release.candidate import COPIED_SCHEMAS
from orchestration.release.disclosure.disclose import create_public_tables

MONTHLY_TEU = {"port": "VARCHAR", "min_teu": "DOUBLE", "max_teu": "DOUBLE"}
CONTRACT_COLUMNS = {"table_name": "VARCHAR", "column_name": "VARCHAR", "data_type": "VARCHAR"}


@dataclass(frozen=True)
class Background:
    """Where to find it. lake: the one the candidate was made from; manifest: of dbt; previous: the current release."""

    lake: Path
    manifest: Path
    previous: Path | None = None


def lay_out(con: duckdb.DuckDBPyConnection, background: Background, gate: Mapping[str, Any]) -> None:
    """Make the tables. con: the candidate as `warehouse` and `kpis`, the one in use. gate: [gate] of corridor.toml.

    thresholds: one row, a column per number of [gate]. monthly_teu: its table of that name.
    contract_columns: what each table must have (data_type NULL: of any). filings: the calendar of partners.
    holdings: how many stand behind each published cell, and whether all of fewer than three have waived protection.
    table_rows: how many rows each table has. found_by_period: what was filed, sailed and handled in each.
    not_finite: NaN and infinity in each column of figures.
    Of the release before, if there is one: previous, previous_warehouse, previous_table_rows, previous_found_by_period.
    """
    numbers = {name: value for name, value in gate.items() if isinstance(value, int | float)}
    columns = ", ".join(f'cast({value!r} as double) as "{name}"' for name, value in numbers.items())
    con.execute(f"create temp table thresholds as select {columns}")
    _fill(con, "monthly_teu", MONTHLY_TEU, gate["monthly_teu"])
    _fill(con, "contract_columns", CONTRACT_COLUMNS, _contracted_marts(background.manifest))
    _add_public_contract(con)
    _lay_out_filings(con, background.lake)
    _count_holdings(con, background.lake)
    _count(con, "kpis", "warehouse")
    _count_not_finite(con)
    if background.previous:
        con.execute(f"attach {quoted(background.previous / 'public' / 'kpis.duckdb')} as previous (read_only)")
        warehouse = background.previous / "internal" / "warehouse.duckdb"
        con.execute(f"attach {quoted(warehouse)} as previous_warehouse (read_only)")
        _count(con, "previous", "previous_warehouse", prefix="previous_")


def _fill(
    con: duckdb.DuckDBPyConnection, table: str, types: Mapping[str, str], rows: Iterable[Mapping[str, Any]]
) -> None:
    con.execute(
        f"create temp table {table} as select unnest(from_json(?::json, ?), recursive := true)",
        [json.dumps(list(rows)), json.dumps([types])],
    )


def _contracted_marts(manifest: Path) -> list[dict[str, str]]:
    nodes = json.loads(manifest.read_bytes())["nodes"].values()
    return [
        {"table_name": f"warehouse.{node['schema']}.{node['alias']}", "column_name": column}
        for node in nodes
        if node["resource_type"] == "model" and node["config"]["contract"]["enforced"]
        for column in node["columns"]
        if node["schema"] in COPIED_SCHEMAS
    ]


def _add_public_contract(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("attach ':memory:' as contract")
    con.execute("use contract")
    create_public_tables(con)
    con.execute("use kpis")
    con.execute(
        """
        insert into contract_columns
        select 'kpis.' || schema_name || '.' || table_name, column_name, data_type
        from duckdb_columns() where database_name = 'contract' and not internal
        """
    )


def _lay_out_filings(con: duckdb.DuckDBPyConnection, lake: Path) -> None:
    calendar = sql_of("submissions/filing_calendar")
    for name, place in (
        ("partner_datasets", "corridor/partner_datasets.parquet"),
        ("receipts", "intake/submissions.parquet"),
        ("moment", "corridor/run.parquet"),
    ):
        con.execute(f"create temp view {name} as from read_parquet({quoted(lake / place)})")
    con.execute(f"create temp table filings as {calendar}")


def _count_holdings(con: duckdb.DuckDBPyConnection, lake: Path) -> None:
    """Anew, by other SQL than disclosure's, so that a mistake there is seen here."""
    con.execute(f"create temp view waivers as from read_parquet({quoted(lake / 'corridor/waivers.parquet')})")
    con.execute(f"create temp table holdings as {sql_of('gate/sql/holdings')}")


def _tables(con: duckdb.DuckDBPyConnection, *databases: str) -> list[tuple[str, str, list[str]]]:
    """(table as SQL names it, the same without its database, its DOUBLE columns) of published tables and marts."""
    return con.execute(
        """
        select
            format('{}.{}."{}"', database_name, schema_name, table_name), format('{}.{}', schema_name, table_name),
            list(column_name order by column_index) filter (data_type in ('DOUBLE', 'FLOAT'))
        from duckdb_columns()
        where list_contains(?, database_name) and schema_name in ('kpi', 'marts') and not internal
        group by database_name, schema_name, table_name order by all
        """,
        [list(databases)],
    ).fetchall()


def _count(con: duckdb.DuckDBPyConnection, kpis: str, warehouse: str, prefix: str = "") -> None:
    """The rows of each table and what there is of each period, in one release."""
    counts = [f"select {quoted(name)} as table_name, count(*) as row_count from {table}"
              for table, name, _ in _tables(con, kpis, warehouse)]  # fmt: skip
    con.execute(f"create temp table {prefix}table_rows as {' union all '.join(counts)}")
    found = sql_of("gate/sql/found_by_period").format(warehouse=warehouse)
    con.execute(f"create temp table {prefix}found_by_period as {found}")


def _count_not_finite(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create temp table not_finite (table_name varchar, column_name varchar, failing_rows bigint)")
    for table, name, columns in _tables(con, "kpis", "warehouse"):
        if columns:
            names = ", ".join(map(quoted, columns))
            counts = ", ".join(f'count_if(not isfinite("{column}"))' for column in columns)
            found = f"select {quoted(name)}, unnest([{names}]), unnest([{counts}]) from {table}"
            con.execute(f"insert into not_finite {found}")
