"""Tables that the suites read in addition to the candidate's own tables.

Belongs here: the previous release, a corridor's thresholds, contracts, filings, and the size of every table.
Does not belong here: the checks that use them (`suites.toml`).
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
from orchestration.release.release_folder import ReleaseFolder

MONTHLY_TEU = {"port": "VARCHAR", "min_teu": "DOUBLE", "max_teu": "DOUBLE"}
CONTRACT_COLUMNS = {"table_name": "VARCHAR", "column_name": "VARCHAR", "data_type": "VARCHAR"}


@dataclass(frozen=True)
class References:
    """Files that a candidate is compared with.

    Attributes:
        lake: The lake that the candidate was made from.
        manifest: dbt's manifest.json.
        previous: The current release, None before the first release.
    """

    lake: Path
    manifest: Path
    previous: ReleaseFolder | None = None


def create_reference_tables(con: duckdb.DuckDBPyConnection, references: References, gate: Mapping[str, Any]) -> None:
    """Create the reference tables as temporary tables.

    - thresholds: one row, with a column for each number of [gate].
    - monthly_teu: the table of that name in [gate].
    - contract_columns: the columns that each table must have; data_type is NULL if the type is free.
    - filings: the filing calendar of the partners.
    - holdings: number of holdings per published cell, and whether fewer than three lack a waiver.
    - table_rows: number of rows per table.
    - counts_by_period: number of submissions, voyages, visits and terminal months per period.
    - not_finite: number of NaN and infinite values per column of figures.

    If there is a previous release, also previous, previous_warehouse, previous_table_rows and
    previous_counts_by_period.

    Args:
        con: A connection with the candidate attached as `warehouse` and `kpis`; `kpis` is in use.
        references: Files that the candidate is compared with.
        gate: [gate] of corridor.toml.
    """
    numbers = {name: value for name, value in gate.items() if isinstance(value, int | float)}
    columns = ", ".join(f'cast({value!r} as double) as "{name}"' for name, value in numbers.items())
    con.execute(f"create temp table thresholds as select {columns}")
    _fill(con, "monthly_teu", MONTHLY_TEU, gate["monthly_teu"])
    _fill(con, "contract_columns", CONTRACT_COLUMNS, _contracted_marts(references.manifest))
    _add_public_contract(con)
    _create_filings(con, references.lake)
    _count_holdings(con, references.lake)
    _count_records(con, "kpis", "warehouse")
    _count_not_finite(con)
    if references.previous:
        con.execute(f"attach {quoted(references.previous.kpis)} as previous (read_only)")
        con.execute(f"attach {quoted(references.previous.warehouse)} as previous_warehouse (read_only)")
        _count_records(con, "previous", "previous_warehouse", prefix="previous_")


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


def _create_filings(con: duckdb.DuckDBPyConnection, lake: Path) -> None:
    calendar = sql_of("submissions/filing_calendar")
    for name, path in (
        ("partner_datasets", "corridor/partner_datasets.parquet"),
        ("receipts", "intake/submissions.parquet"),
        ("moment", "corridor/run.parquet"),
    ):
        con.execute(f"create temp view {name} as from read_parquet({quoted(lake / path)})")
    con.execute(f"create temp table filings as {calendar}")


def _count_holdings(con: duckdb.DuckDBPyConnection, lake: Path) -> None:
    """Count holdings with SQL independent of the disclosure step, so that the gate detects its mistakes."""
    con.execute(f"create temp view waivers as from read_parquet({quoted(lake / 'corridor/waivers.parquet')})")
    con.execute(f"create temp table holdings as {sql_of('gate/sql/holdings')}")


def _tables(con: duckdb.DuckDBPyConnection, *databases: str) -> list[tuple[str, str, list[str]]]:
    """Return (name in SQL, name without database, DOUBLE columns) for each published table and mart."""
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


def _count_records(con: duckdb.DuckDBPyConnection, kpis: str, warehouse: str, prefix: str = "") -> None:
    """Count the rows of each table and the records of each period in one release."""
    counts = [f"select {quoted(name)} as table_name, count(*) as row_count from {table}"
              for table, name, _ in _tables(con, kpis, warehouse)]  # fmt: skip
    con.execute(f"create temp table {prefix}table_rows as {' union all '.join(counts)}")
    by_period = sql_of("gate/sql/counts_by_period").format(warehouse=warehouse)
    con.execute(f"create temp table {prefix}counts_by_period as {by_period}")


def _count_not_finite(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create temp table not_finite (table_name varchar, column_name varchar, failing_rows bigint)")
    for table, name, columns in _tables(con, "kpis", "warehouse"):
        if columns:
            names = ", ".join(map(quoted, columns))
            counts = ", ".join(f'count_if(not isfinite("{column}"))' for column in columns)
            query = f"select {quoted(name)}, unnest([{names}]), unnest([{counts}]) from {table}"
            con.execute(f"insert into not_finite {query}")
