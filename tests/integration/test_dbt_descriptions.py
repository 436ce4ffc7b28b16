"""What the dbt project says of itself: grain, key and columns of every model and seed, and layers that only look down.

Read off a home that nobody has filed in, so that descriptions meet the columns that are really there.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from orchestration.core.settings import Settings

Nodes = Mapping[str, Mapping[str, Any]]

# Terms are only ever summed: equal rows are two amounts, and nothing tells them apart.
WITHOUT_A_KEY = {
    "int_kpi_terms",
    "int_kpi_terms_berth",
    "int_kpi_terms_berth_emissions",
    "int_kpi_terms_certified",
    "int_kpi_terms_operated",
    "int_kpi_terms_terminal",
    "int_kpi_terms_voyage",
}

# corridor: corridor.toml as staged, which dimensions show as it is.
MAY_READ = {
    "staging": {"source", "seeds", "corridor", "staging"},
    "intermediate": {"seeds", "corridor", "staging", "intermediate"},
    "marts": {"seeds", "corridor", "intermediate", "marts"},
}
SHOWN_AS_FILED = {
    "dim_service reads stg_accepted__service_nominations",
    "dim_submission reads stg_intake__submissions",
    "fct_port_throughput_vintages reads stg_throughput__observations",
    "int_periods reads partner_datasets",
}


@pytest.fixture(scope="module")
def relations(manifest: Mapping[str, Any]) -> Nodes:
    """Models and seeds by unique id."""
    return {i: n for i, n in manifest["nodes"].items() if n["resource_type"] in ("model", "seed")}


@pytest.fixture(scope="module")
def real_columns(empty_home: Settings) -> Mapping[str, Mapping[str, str]]:
    """Type by column by relation, as DuckDB has them."""
    columns: dict[str, dict[str, str]] = {}
    with duckdb.connect(empty_home.warehouse, read_only=True) as con:
        rows = con.execute("select table_name, column_name, data_type from information_schema.columns").fetchall()
    for relation, column, data_type in rows:
        columns.setdefault(relation, {})[column] = data_type.lower()
    return columns


def layer(unique_id: str, relations: Nodes) -> str:
    """source, seeds, corridor, staging, intermediate or marts."""
    if unique_id.startswith("source."):
        return "source"
    name, schema = relations[unique_id]["name"], str(relations[unique_id]["schema"])
    return "corridor" if name.startswith("stg_corridor__") else schema


def test_every_description_states_the_grain(relations: Nodes) -> None:
    assert {n["name"] for n in relations.values() if "One row per " not in n["description"]} == set()


def test_every_key_is_tested(manifest: Mapping[str, Any], relations: Nodes) -> None:
    tests = [n for n in manifest["nodes"].values() if n["resource_type"] == "test" and n.get("test_metadata")]
    keyed = [t["attached_node"] for t in tests if t["test_metadata"]["name"] == "holds"]
    assert len(keyed) == len(set(keyed)), "one test a model returns all that is wrong with it"
    assert {n["name"] for i, n in relations.items() if i not in keyed} == WITHOUT_A_KEY


def test_every_column_is_described_and_no_other(
    relations: Nodes, real_columns: Mapping[str, Mapping[str, str]]
) -> None:
    for node in relations.values():
        described = {name: column["description"].strip() for name, column in node["columns"].items()}
        assert list(described) == list(real_columns[node["name"]]), node["name"]
        assert [name for name, text in described.items() if not text] == [], node["name"]


def test_a_contract_gives_every_column_of_a_mart_the_type_it_has(
    relations: Nodes, real_columns: Mapping[str, Mapping[str, str]]
) -> None:
    for node in relations.values():
        if node["schema"] == "marts":
            assert node["config"]["contract"]["enforced"], node["name"]
            types = {name: column["data_type"] for name, column in node["columns"].items()}
            assert types == real_columns[node["name"]], node["name"]


def test_seeds_say_their_types(relations: Nodes, real_columns: Mapping[str, Mapping[str, str]]) -> None:
    for node in relations.values():
        if node["resource_type"] == "seed":
            assert node["config"]["column_types"] == real_columns[node["name"]], node["name"]


def test_layers_only_look_down(relations: Nodes) -> None:
    elsewhere = {
        f"{node['name']} reads {read.rpartition('.')[2]}"
        for node in relations.values()
        if node["resource_type"] == "model"
        for read in node["depends_on"]["nodes"]
        if layer(read, relations) not in MAY_READ[node["schema"]]
    }
    assert elsewhere == SHOWN_AS_FILED
