"""Every model and seed documents its grain, its key and its columns, and reads only layers below its own.

The descriptions are compared with the columns of a warehouse that was built from an empty home.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from orchestration.core.settings import Settings

Nodes = Mapping[str, Mapping[str, Any]]

# Terms and check results are only summed or counted, so two rows may be equal.
WITHOUT_A_KEY = {
    "int_kpi_measures_calls",
    "int_kpi_measures_certified_fuel",
    "int_kpi_measures_operated",
    "int_kpi_measures_terminals",
    "int_kpi_measures_voyage",
    "int_kpi_terms",
    "int_lane_average",
    "stg_rejected__fuel_consumption",
    "stg_rejected__port_calls",
    "stg_rejected__terminal_energy",
}

# corridor is the staged corridor.toml, which dimensions may read directly.
MAY_READ = {
    "staging": {"source"},
    "intermediate": {"seeds", "corridor", "staging", "intermediate"},
    "marts": {"seeds", "corridor", "intermediate", "marts"},
}
READS_STAGING_DIRECTLY = {"fct_port_throughput_vintages reads stg_throughput__observations"}

# Their staging models still have the rows of superseded submissions.
FILED = ("stg_accepted__", "stg_rejected__", "stg_intake__")

# The types that the project writes for both engines, where DuckDB reports another name.
DUCKDB_TYPES = {"varchar": "string", "integer": "int"}


@pytest.fixture(scope="module")
def relations(manifest: Mapping[str, Any]) -> Nodes:
    """Return models and seeds by unique id."""
    return {i: n for i, n in manifest["nodes"].items() if n["resource_type"] in ("model", "seed")}


@pytest.fixture(scope="module")
def real_columns(empty_home: Settings) -> Mapping[str, Mapping[str, str]]:
    """Return the type of each column of each relation of the warehouse."""
    columns: dict[str, dict[str, str]] = {}
    with duckdb.connect(empty_home.warehouse, read_only=True) as con:
        rows = con.execute("select table_name, column_name, data_type from information_schema.columns").fetchall()
    for relation, column, data_type in rows:
        columns.setdefault(relation, {})[column] = DUCKDB_TYPES.get(data_type.lower(), data_type.lower())
    return columns


def layer(unique_id: str, relations: Nodes) -> str:
    """Return source, seeds, corridor, staging, intermediate or marts."""
    if unique_id.startswith("source."):
        return "source"
    name, schema = relations[unique_id]["name"], str(relations[unique_id]["schema"])
    return "corridor" if name.startswith("stg_corridor__") else schema


def test_every_description_states_the_grain(relations: Nodes) -> None:
    assert {n["name"] for n in relations.values() if "One row per " not in n["description"]} == set()


def test_every_key_is_tested(manifest: Mapping[str, Any], relations: Nodes) -> None:
    keyed = {
        test["attached_node"]
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test" and checks_a_key(test.get("test_metadata") or {})
    }
    assert {n["name"] for i, n in relations.items() if i not in keyed} == WITHOUT_A_KEY


def test_marts_have_stock_tests_or_unique_combination_on_their_key(manifest: Mapping[str, Any]) -> None:
    tests = [n for n in manifest["nodes"].values() if n["resource_type"] == "test" and n.get("test_metadata")]
    named = {(test["attached_node"], test["test_metadata"]["name"]) for test in tests}
    marts = {i: n["name"] for i, n in manifest["nodes"].items() if n.get("config", {}).get("access") == "public"}
    assert len(marts) > 30
    without = {
        name
        for mart, name in marts.items()
        if not {(mart, "unique"), (mart, "not_null")} <= named and (mart, "unique_combination") not in named
    }
    assert without == set()


def checks_a_key(test: Mapping[str, Any]) -> bool:
    """Return whether a generic test proves that the key of its model is unique."""
    if test.get("name") == "holds":
        return bool(test["kwargs"].get("check_key", True))
    return test.get("name") in ("unique", "unique_combination")


def test_descriptions_cover_exactly_the_columns_of_the_warehouse(
    relations: Nodes, real_columns: Mapping[str, Mapping[str, str]]
) -> None:
    for node in relations.values():
        described = {name: column["description"].strip() for name, column in node["columns"].items()}
        assert list(described) == list(real_columns[node["name"]]), node["name"]
        assert [name for name, text in described.items() if not text] == [], node["name"]


def test_contracts_of_marts_have_the_types_of_the_warehouse(
    relations: Nodes, real_columns: Mapping[str, Mapping[str, str]]
) -> None:
    for node in relations.values():
        if node["schema"] == "marts":
            assert node["config"]["contract"]["enforced"], node["name"]
            types = {name: column["data_type"] for name, column in node["columns"].items()}
            assert types == real_columns[node["name"]], node["name"]


def test_seed_types_are_those_of_the_warehouse(relations: Nodes, real_columns: Mapping[str, Mapping[str, str]]) -> None:
    for node in relations.values():
        if node["resource_type"] == "seed":
            assert node["config"]["column_types"] == real_columns[node["name"]], node["name"]


def test_models_read_only_layers_below(relations: Nodes) -> None:
    reads_elsewhere = {
        f"{node['name']} reads {read.rpartition('.')[2]}"
        for node in relations.values()
        if node["resource_type"] == "model"
        for read in node["depends_on"]["nodes"]
        if layer(read, relations) not in MAY_READ[node["schema"]]
    }
    assert reads_elsewhere == READS_STAGING_DIRECTLY


def test_only_models_of_submissions_read_superseded_rows(relations: Nodes) -> None:
    readers = {
        node["name"]
        for node in relations.values()
        for read in node.get("depends_on", {}).get("nodes", [])
        if read.rpartition(".")[2].startswith(FILED)
    }
    prefixes = ("int_current_", "int_rejected_", "int_submissions")
    assert {name for name in readers if not name.startswith(prefixes)} == set()
