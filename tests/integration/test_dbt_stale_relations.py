"""A home that was built by an earlier version of the dbt project has no tables of models that are gone."""

import duckdb

from orchestration.core.settings import Settings
from orchestration.warehouse.dbt_command import run_dbt


def test_tables_of_models_that_are_gone_are_dropped(empty_home: Settings) -> None:
    with duckdb.connect(empty_home.warehouse) as con:
        con.execute("create table marts.fct_gone as select 1 as figure")
        con.execute("create view staging.stg_gone as select 1 as figure")
        before = relations(con)
    run_dbt(empty_home, ["run", "--select", "dim_fuel"])
    with duckdb.connect(empty_home.warehouse, read_only=True) as con:
        assert before - relations(con) == {"fct_gone", "stg_gone"}


def relations(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the names of all tables and views."""
    return {str(name) for (name,) in con.execute("select table_name from information_schema.tables").fetchall()}
