"""The unit tests of dbt: every formula of docs/method.md on a few literal rows, worked out by hand.

A run leaves them out because it tests data. They run here, on the models of an empty home.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from orchestration.core.settings import PROJECT_ROOT, Settings
from orchestration.warehouse.dbt_command import run_dbt

# These choose, join or list rows and contain no formula of the method.
WITHOUT_A_FORMULA = {
    "int_calendar",
    "int_entity_sources",
    "int_kpi_cells",
    "int_kpi_methods",
    "int_kpi_variants",
    "int_periods",
    "int_segment_sources",
    "int_throughput_current",
    "int_vessel_particulars",
}


@pytest.fixture(scope="module")
def unit_tests(manifest: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the unit tests of the project by unique id."""
    by_id: Mapping[str, Mapping[str, Any]] = manifest["unit_tests"]
    return by_id


def test_formulas_give_the_figures_worked_out_by_hand(
    empty_home: Settings, unit_tests: Mapping[str, Mapping[str, Any]]
) -> None:
    results = run_dbt(empty_home, ["test", "--select", "test_type:unit", "--no-use-colors"])
    statuses = {result.unique_id: result.status for result in results}
    assert set(unit_tests) <= set(statuses)
    failed = [f"{r.name}: {r.message}" for r in results if r.unique_id in unit_tests and r.status != "pass"]
    assert not failed, "\n".join(failed)


def test_every_intermediate_model_with_a_formula_has_a_unit_test(unit_tests: Mapping[str, Mapping[str, Any]]) -> None:
    folder: Path = PROJECT_ROOT / "dbt_project" / "models" / "intermediate"
    # A model int_current_* only chooses the rows that count.
    models = {path.stem for path in folder.rglob("*.sql") if not path.stem.startswith("int_current_")}
    assert models - {test["model"] for test in unit_tests.values()} == WITHOUT_A_FORMULA


def test_every_unit_test_describes_how_its_figures_were_worked_out(unit_tests: Mapping[str, Mapping[str, Any]]) -> None:
    assert [test["name"] for test in unit_tests.values() if not test["description"]] == []
