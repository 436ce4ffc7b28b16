"""The graph as Dagster sees it: every key, every check, and that nothing hangs in the air."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.core.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.definitions import build_defs
from orchestration.defs.candidate import PROOF
from orchestration.gate.suites import load_suites
from orchestration.warehouse.dbt_command import load_manifest
from tests.conftest import take_parsed_project

CANDIDATE = dg.AssetKey("candidate")
SNAPSHOT = Path(__file__).with_name("asset_keys.txt")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, empty_home: Settings) -> Path:
    """A home that has never run: the graph is the same before the first file has arrived."""
    home = tmp_path_factory.mktemp("home")
    take_parsed_project(home, empty_home.home)
    starter = PROJECT_ROOT / "orchestration" / "cli" / "starter.toml"
    (home / "corridor.toml").write_text(starter.read_text(encoding="utf-8"), encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def definitions(home: Path) -> dg.Definitions:
    return build_defs(load_settings(home))


def test_the_asset_keys_are_those_agreed(definitions: dg.Definitions) -> None:
    """Keys are what schedules, alerts and people refer to; a change to them is made here too, on purpose."""
    keys = sorted(key.to_user_string() for key in definitions.resolve_all_asset_keys())
    assert keys == SNAPSHOT.read_text(encoding="utf-8").split()


def test_whatever_an_asset_depends_on_is_made_by_this_graph(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    assert graph.get_all_asset_keys() - graph.materializable_asset_keys == set()


def test_every_dbt_data_test_is_a_check_by_its_name(definitions: dg.Definitions, home: Path) -> None:
    nodes = load_manifest(load_settings(home))["nodes"].values()
    tests = sorted(node["name"] for node in nodes if node["resource_type"] == "test")
    keys = definitions.resolve_asset_graph().asset_check_keys
    assert tests
    assert sorted(key.name for key in keys if key.asset_key != CANDIDATE) == tests


def test_every_check_of_the_gate_is_a_check_of_the_candidate_and_blocks_if_its_suite_says_so(
    definitions: dg.Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()
    blocking = {
        key.name: graph.get_check_spec(key).blocking for key in graph.asset_check_keys if key.asset_key == CANDIDATE
    }
    suites = {check.check_name: check.severity == "block" for suite in load_suites().suite for check in suite.check}
    assert blocking == {**suites, PROOF: True}


def test_one_job_materialises_everything_every_morning(definitions: dg.Definitions) -> None:
    schedule = definitions.resolve_schedule_def("daily_schedule")
    assert (schedule.job_name, schedule.cron_schedule, schedule.execution_timezone) == ("main_job", "0 5 * * *", "UTC")
    job = definitions.resolve_job_def("main_job")
    assert job.asset_layer.executable_asset_keys == definitions.resolve_asset_graph().materializable_asset_keys
    assert job.executor_def is dg.in_process_executor, "steps of one run share a lock, a clock and the gate's worker"
