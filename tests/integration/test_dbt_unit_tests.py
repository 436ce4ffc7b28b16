"""dbt's unit tests: every formula of METHOD on a few literal rows, worked by hand in unit_tests_*.yml.

They stay out of a run, which tests data and not code, so they run here, on the models of a home nobody filed in.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from orchestration.clock import run_clock
from orchestration.lake import Lake
from orchestration.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.submissions.contracts import CONTRACTS
from orchestration.warehouse import run_dbt

# These choose, join or list rows; no METHOD formula stands in them.
WITHOUT_A_FORMULA = {
    "int_calendar",
    "int_kpi_cells",
    "int_kpi_methods",
    "int_kpi_terms",
    "int_kpi_variants",
    "int_periods",
    "int_throughput_current",
    "int_vessel_particulars",
}


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home without a file in it, whose models are built: unit tests read their columns' types from them."""
    home = tmp_path_factory.mktemp("home")
    starter = PROJECT_ROOT / "orchestration" / "starter.toml"
    (home / "corridor.toml").write_text(starter.read_text(encoding="utf-8"), encoding="utf-8")
    settings = load_settings(home)
    lake = Lake(settings.lake)
    lake.write_schemas(CONTRACTS.values(), [])
    lake.write_submissions([])
    lake.write_corridor(settings, run_clock(settings), "test")
    outcome = run_dbt(settings, ["build", "--empty", "--resource-type", "seed", "--resource-type", "model"])
    assert {r.status for r in outcome.results} == {"success"}
    return settings


@pytest.fixture(scope="module")
def unit_tests(empty_home: Settings) -> Mapping[str, Mapping[str, Any]]:
    manifest = empty_home.warehouse_dir / "dbt" / "target" / "manifest.json"
    found: Mapping[str, Mapping[str, Any]] = json.loads(manifest.read_bytes())["unit_tests"]
    return found


def test_every_formula_gives_what_was_worked_by_hand(
    empty_home: Settings, unit_tests: Mapping[str, Mapping[str, Any]]
) -> None:
    outcome = run_dbt(empty_home, ["test", "--select", "test_type:unit", "--no-use-colors"])
    verdicts = [r for r in outcome.results if r.node.unique_id in unit_tests]
    assert len(verdicts) == len(unit_tests)
    failed = [f"{r.node.name}: {r.message}" for r in verdicts if r.status != "pass"]
    assert not failed, "\n".join(failed)


def test_every_intermediate_model_with_a_formula_has_a_unit_test(unit_tests: Mapping[str, Mapping[str, Any]]) -> None:
    folder: Path = PROJECT_ROOT / "dbt_project" / "models" / "intermediate"
    models = {path.stem for path in folder.glob("*.sql")}
    assert models - {test["model"] for test in unit_tests.values()} == WITHOUT_A_FORMULA


def test_every_unit_test_says_how_its_figures_were_worked_out(unit_tests: Mapping[str, Mapping[str, Any]]) -> None:
    assert [test["name"] for test in unit_tests.values() if not test["description"]] == []
