"""The SQL that dbt compiled for a home, run by plain DuckDB over any lake, without dbt and its tests.

Belongs here: which statements run, in which order. Does not belong here: the content of a lake, the results.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb


@dataclass(frozen=True)
class CompiledProject:
    """The statements of a home's last build by node name; seeds are copied from the warehouse of that build."""

    made: Path
    statements: Mapping[str, str]

    @contextmanager
    def built(self, lake: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """Return the warehouse of a lake, in memory."""
        with duckdb.connect() as con:
            con.execute("attach ':memory:' as corridor; use corridor")
            self.build(con, lake)
            yield con

    def build(self, con: duckdb.DuckDBPyConnection, lake: Path, after: Mapping[str, str] | None = None) -> None:
        """Make everything in con, whose database must be named corridor, as dbt's own file is.

        after: by node name, a statement to run as soon as that node is made.
        """
        con.execute(f"set file_search_path = '{lake}'; set TimeZone = 'UTC'; set enable_progress_bar = false")
        con.execute(f"attach '{self.made}' as made (read_only)")
        for name, statement in self.statements.items():
            con.execute(statement)
            con.execute((after or {}).get(name, ""))


def compiled_project(home: Path, only: str | None = None) -> CompiledProject:
    """Return the compiled statements of a home's last build; with `only`, those of a model and its ancestors."""
    target = home / "warehouse" / "dbt" / "target"
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    wanted = set(nodes) if only is None else with_parents(f"model.corridor.{only}", nodes)
    statements = {
        result["unique_id"].rpartition(".")[2]: _statement(result, nodes)
        for result in results
        if result["unique_id"] in wanted or result["unique_id"].startswith("operation.")
    }
    return CompiledProject(home / "warehouse" / "corridor.duckdb", statements)


def with_parents(unique_id: str, nodes: dict[str, Any]) -> set[str]:
    found, waiting = set(), [unique_id]
    while waiting:
        node = waiting.pop()
        if node in nodes and node not in found:
            found.add(node)
            waiting += nodes[node].get("depends_on", {}).get("nodes", [])
    return found


def _statement(result: dict[str, Any], nodes: dict[str, Any]) -> str:
    """Return the SQL of one dbt result; None for a test."""
    unique_id = result["unique_id"]
    kind = unique_id.partition(".")[0]
    if kind == "operation":
        return str(result["compiled_code"])
    if kind not in ("model", "seed"):
        return ""
    relation = nodes[unique_id]["relation_name"]
    schema = relation.rpartition(".")[0]
    made = relation.replace('"corridor"', "made", 1)
    view = kind == "model" and nodes[unique_id]["config"]["materialized"] == "view"
    select = f"from {made}" if kind == "seed" else result["compiled_code"]
    return f"create schema if not exists {schema}; create {'view' if view else 'table'} {relation} as {select}"
