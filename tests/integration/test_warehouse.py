"""dbt's results become Dagster's events, and a test without a result has not passed."""

import json
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import duckdb
import pytest

from orchestration.core.errors import CorridorError
from orchestration.core.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings, load_settings
from orchestration.warehouse.dbt_assets import build_warehouse
from orchestration.warehouse.dbt_command import load_manifest, run_dbt
from orchestration.warehouse.proof import require_proof

PROJECT = """
name: harbour
version: "1.0.0"
profile: corridor
model-paths: [models]
test-paths: [tests]
flags: {send_anonymous_usage_stats: false}
"""

PROFILE = (DBT_PROJECT_DIR / "profiles.yml").read_text(encoding="utf-8")
INPUTS = "digest of the inputs"
RUN = SimpleNamespace(full_refresh=False, inputs=SimpleNamespace(inputs_digest=INPUTS))
STARTER = PROJECT_ROOT / "orchestration" / "cli" / "starter.toml"

PROPERTIES = """
sources:
  - name: accepted
    meta: {external_location: "read_parquet('accepted/{name}/*.parquet')"}
    tables:
      - name: calls
        columns: [{name: berth, data_tests: [not_null]}]
models:
  - name: calls
    columns:
      - name: berth
        data_tests:
          - unique
          - accepted_values: {arguments: {values: [1, 2]}, config: {severity: warn}}
  - name: berths
    columns: [{name: berth, data_tests: [not_null]}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two models over one source, five tests: on the source, on each model, one a warning, one over both models."""
    files = {
        "dbt_project.yml": PROJECT,
        "profiles.yml": PROFILE,
        "models/properties.yml": PROPERTIES,
        "models/calls.sql": "{{ config(materialized='table') }} select * from {{ source('accepted', 'calls') }}",
        "models/berths.sql": "select distinct berth from {{ ref('calls') }}",
        "tests/no_berth_is_lost.sql": "{{ config(meta={'dagster': {'ref': {'name': 'berths'}}}) }}\n"
        "select berth from {{ ref('calls') }} where berth not in (select berth from {{ ref('berths') }})",
    }
    for name, text in files.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "project"


def home_with_calls(tmp_path: Path, berths: str) -> Settings:
    home = tmp_path / "home"
    calls = home / "lake" / "accepted" / "calls"
    calls.mkdir(parents=True, exist_ok=True)
    (home / "corridor.toml").write_text(STARTER.read_text(encoding="utf-8"), encoding="utf-8")
    duckdb.sql(f"copy (select unnest({berths}) as berth) to '{calls}/filed.parquet'")
    return load_settings(home)


@dg.asset(key=["accepted", "calls"])
def filed_calls() -> None:
    """Stands for the intake, so that the test on the source has an asset to be a check of."""


def materialise(settings: Settings, project: Path) -> tuple[dg.ExecuteInProcessResult, Mapping[str, bool]]:
    """One run of the warehouse alone: its result, and whether each check passed, by name."""
    resources = {"run": dg.ResourceDefinition.hardcoded_resource(RUN)}
    assets = build_warehouse(settings, project)
    result = dg.materialize([filed_calls, assets], resources=resources, raise_on_error=False)
    return result, {check.check_name: check.passed for check in result.get_asset_check_evaluations()}


def test_every_model_is_a_materialisation_and_every_test_a_check_by_name(tmp_path: Path, project: Path) -> None:
    settings = home_with_calls(tmp_path, "[1, 2]")
    result, checks = materialise(settings, project)
    assert result.success
    made = {event.asset_key for event in result.get_asset_materialization_events()}
    assert made == {dg.AssetKey(["accepted", "calls"]), dg.AssetKey("calls"), dg.AssetKey("berths")}
    assert checks == {
        "source_not_null_accepted_calls_berth": True,
        "unique_calls_berth": True,
        "accepted_values_calls_berth__1__2": True,
        "not_null_berths_berth": True,
        "no_berth_is_lost": True,
    }
    assert {row.check_name: row.verdict for row in require_proof(settings, INPUTS).check_results} == dict.fromkeys(
        checks, "passed"
    )


def test_a_warning_is_a_failed_check_that_stops_nothing(tmp_path: Path, project: Path) -> None:
    settings = home_with_calls(tmp_path, "[1, 3]")
    result, checks = materialise(settings, project)
    assert result.success
    assert [name for name, passed in checks.items() if not passed] == ["accepted_values_calls_berth__1__2"]
    warned = [row for row in require_proof(settings, INPUTS).check_results if row.verdict == "failed"]
    assert [(row.severity, row.target, row.failing_count) for row in warned] == [("warning", "calls", 1)]


def test_an_error_fails_the_step_and_what_dbt_skipped_has_not_passed(tmp_path: Path, project: Path) -> None:
    settings = home_with_calls(tmp_path, "[1, 1]")
    result, checks = materialise(settings, project)
    assert not result.success
    assert checks["unique_calls_berth"] is False
    assert checks["not_null_berths_berth"] is False, "dbt skipped it, because the model before it failed its test"
    assert len(checks) == 5
    with pytest.raises(CorridorError, match="Nothing is published from it"):
        require_proof(settings, INPUTS)
    failure = next(event for event in result.all_events if event.is_step_failure)
    assert "unique_calls_berth: unique_field 1, n_records 2" in str(failure.event_specific_data)


def test_a_test_that_a_flag_deselects_fails_the_build_and_nothing_is_published_from_it(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = home_with_calls(tmp_path, "[1, 2]")
    monkeypatch.setenv("DBT_RESOURCE_TYPES", "model")
    result, checks = materialise(settings, project)
    assert not result.success
    assert set(checks.values()) == {False}
    with pytest.raises(CorridorError, match="5 tests failed or did not run"):
        require_proof(settings, INPUTS)


def test_results_of_an_earlier_build_do_not_stand_in_for_this_run(tmp_path: Path, project: Path) -> None:
    settings = home_with_calls(tmp_path, "[1, 2]")
    target = settings.warehouse_dir / "dbt" / "target"
    materialise(settings, project)
    with pytest.raises(CorridorError, match="built and tested by an earlier run"):
        require_proof(settings, "digest of other inputs")
    results = (target / "run_results.json").read_bytes()
    record = (target / "tested.json").read_bytes()
    materialise(settings, project)
    (target / "run_results.json").write_bytes(results)
    with pytest.raises(CorridorError, match="built and tested by an earlier run"):
        require_proof(settings, INPUTS)
    (target / "tested.json").write_bytes(record)
    assert require_proof(settings, INPUTS).check_results, (
        "results and record of one build; the tables' digests are the gate's"
    )


def test_the_warehouse_file_is_released_for_other_processes(tmp_path: Path, project: Path) -> None:
    settings = home_with_calls(tmp_path, "[1]")
    materialise(settings, project)
    with duckdb.connect(settings.warehouse) as con:
        assert con.execute("select berth from main.calls").fetchall() == [(1,)]


def test_a_test_that_would_be_no_check_is_refused(tmp_path: Path, project: Path) -> None:
    (project / "tests" / "stray.sql").write_text("select 1 from {{ ref('calls') }}, {{ ref('berths') }} where false")
    with pytest.raises(CorridorError, match=r"no check of any asset.*stray"):
        build_warehouse(home_with_calls(tmp_path, "[1]"), project)


def test_the_project_is_parsed_again_only_when_it_has_changed(tmp_path: Path, project: Path) -> None:
    settings = home_with_calls(tmp_path, "[1]")
    manifest = settings.warehouse_dir / "dbt" / "target" / "manifest.json"
    build_warehouse(settings, project)
    parsed_at = manifest.stat().st_mtime_ns
    build_warehouse(settings, project)
    assert manifest.stat().st_mtime_ns == parsed_at
    (project / "models" / "quays.sql").write_text("select * from {{ ref('berths') }}")
    assert dg.AssetKey("quays") in build_warehouse(settings, project).keys
    assert "model.harbour.quays" in json.loads(manifest.read_bytes())["nodes"]


def test_a_killed_dbt_process_ends_the_command_with_a_message(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = home_with_calls(tmp_path, "[1]")
    load_manifest(settings, project)
    processes: list[BaseProcess] = []
    start = ForkServerProcess.start

    def start_and_remember(process: ForkServerProcess) -> None:
        start(process)
        processes.append(process)

    monkeypatch.setattr(ForkServerProcess, "start", start_and_remember)
    with pytest.raises(CorridorError, match=r"process of dbt build ended with exit code -9 before dbt had finished"):
        run_dbt(settings, ["build"], project, on_node=lambda node: processes[0].kill())
    assert not processes[0].is_alive()
    assert {result.status for result in run_dbt(settings, ["build"], project)} == {"success", "pass"}


def test_a_profile_that_dbt_cannot_read_is_reported_in_dbt_s_words(tmp_path: Path, project: Path) -> None:
    (project / "profiles.yml").write_text("corridor: {target: home}", encoding="utf-8")
    with pytest.raises(CorridorError, match=r"dbt parse could not run:(?s:.*)outputs not specified in profile"):
        load_manifest(home_with_calls(tmp_path, "[1]"), project)
