"""dbt as Dagster assets: one build per run, and one event per result.

Belongs here: materialisations and check results under the names of dagster-dbt, with the rows of a failed test.
Does not belong here: how dbt is called (`dbt_command.py`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    dbt_assets,
    group_from_dbt_resource_props_fallback_to_directory,
)

from orchestration.core.errors import CorridorError
from orchestration.core.query import records
from orchestration.core.settings import DBT_PROJECT_DIR, Settings
from orchestration.warehouse.dbt_command import BUILT, NodeResult, load_manifest, run_dbt
from orchestration.warehouse.proof import record_tests

UNIQUE_ID = "dagster_dbt/unique_id"


class LayerTranslator(DagsterDbtTranslator):
    """The keys and names of dagster-dbt, with assets grouped by the layer of the model."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Return the folder of the model's layer; all seeds form one group."""
        is_seed = dbt_resource_props["resource_type"] == "seed"
        return "seeds" if is_seed else group_from_dbt_resource_props_fallback_to_directory(dbt_resource_props)


def build_warehouse(settings: Settings, project_dir: Path = DBT_PROJECT_DIR) -> dg.AssetsDefinition:
    """Return all models and seeds as assets, and all data tests as their checks.

    Unit tests are left out: they test the code, not the data, and run with the test suite.
    """
    manifest = load_manifest(settings, project_dir)
    translator = LayerTranslator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))

    @dbt_assets(manifest=manifest, dagster_dbt_translator=translator, name="warehouse", required_resource_keys={"run"})
    def warehouse(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        run = context.resources.run
        command = ["build", "--exclude-resource-type", "unit_test", *(["--full-refresh"] if run.full_refresh else [])]
        if context.selected_asset_keys != warehouse.keys:
            command += ["--select", *_names(context, manifest)]
        tables, tests = len(context.selected_asset_keys), len(context.selected_asset_check_keys)
        context.log.info(f"Computing the warehouse: {tables} tables and views, {tests} tests")
        results = run_dbt(
            settings, command, project_dir, lambda node: context.log.debug(f"{node.status} {node.unique_id}")
        )
        by_id = {result.unique_id: result for result in results}
        failing_rows = _failing_rows(settings, by_id)
        yield from _materialisations(context, by_id)
        yield from _check_results(context, by_id, failing_rows)
        _raise_on_failure(context, by_id, failing_rows)
        record_tests(settings, run.inputs.inputs_digest)

    _every_test_is_a_check(manifest, warehouse)
    return warehouse


def _every_test_is_a_check(manifest: Mapping[str, Any], warehouse: dg.AssetsDefinition) -> None:
    checks = {spec.metadata[UNIQUE_ID] for spec in warehouse.check_specs}
    tests = {i: node for i, node in manifest["nodes"].items() if node["resource_type"] == "test"}
    lost = sorted(node["name"] for unique_id, node in tests.items() if unique_id not in checks)
    if lost:
        raise CorridorError(
            f"These dbt tests are no check of any asset, so their failure would stop nothing: {', '.join(lost)}. "
            "Name the model that a singular test checks: config(meta={'dagster': {'ref': {'name': MODEL}}})."
        )


def _checks(context: dg.AssetExecutionContext) -> list[dg.AssetCheckSpec]:
    return [spec for spec in context.assets_def.check_specs if spec.key in context.selected_asset_check_keys]


def _names(context: dg.AssetExecutionContext, manifest: Mapping[str, Any]) -> list[str]:
    specs = context.assets_def.specs_by_key
    return sorted(manifest["nodes"][specs[key].metadata[UNIQUE_ID]]["name"] for key in context.selected_asset_keys)


def _materialisations(
    context: dg.AssetExecutionContext, by_id: Mapping[str, NodeResult]
) -> Iterator[dg.MaterializeResult[None]]:
    """Yield the built tables in the order of their completion, as Dagster requires."""
    keys = {spec.metadata[UNIQUE_ID]: spec.key for spec in context.assets_def.specs}
    for unique_id, result in by_id.items():
        if result.status in BUILT and keys.get(unique_id) in context.selected_asset_keys:
            yield dg.MaterializeResult(asset_key=keys[unique_id], metadata={"seconds": result.seconds})


def _failing_rows(settings: Settings, by_id: Mapping[str, NodeResult]) -> Mapping[str, str]:
    """Return the first three rows of each failed test as text; a `holds` test returns rule, count and example."""
    failed = {
        i: result.compiled_sql
        for i, result in by_id.items()
        if i.startswith("test.") and result.status in {"fail", "warn"} and result.compiled_sql
    }
    if not failed:
        return {}
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set file_search_path = $lake", {"lake": str(settings.lake)})
        return {i: _first_rows(con, query) for i, query in failed.items()}


def _first_rows(con: duckdb.DuckDBPyConnection, query: str) -> str:
    rows = records(con, f"select * from ({query}) limit 3")
    return "; ".join(", ".join(f"{name} {value}" for name, value in row.items()) for row in rows)


def _check_results(
    context: dg.AssetExecutionContext, by_id: Mapping[str, NodeResult], failing_rows: Mapping[str, str]
) -> Iterator[dg.AssetCheckResult]:
    """Yield a result for every selected check. A test that dbt skipped or did not report has not passed."""
    for spec in _checks(context):
        unique_id = spec.metadata[UNIQUE_ID]
        result = by_id.get(unique_id)
        status = result.status if result else "not reported"
        message = result.message if result else "dbt reported no result of this test"
        yield dg.AssetCheckResult(
            asset_key=spec.asset_key,
            check_name=spec.name,
            passed=status == "pass",
            severity=dg.AssetCheckSeverity.WARN if status == "warn" else dg.AssetCheckSeverity.ERROR,
            metadata={"status": status, "failing_count": (result and result.failures) or 0},
            description=failing_rows.get(unique_id, message),
        )


def _raise_on_failure(
    context: dg.AssetExecutionContext, by_id: Mapping[str, NodeResult], failing_rows: Mapping[str, str]
) -> None:
    expected = [s for s in context.assets_def.specs if s.key in context.selected_asset_keys]
    unique_ids = [spec.metadata[UNIQUE_ID] for spec in [*expected, *_checks(context)]]
    unreported = [f"{i.split('.')[2]}: not reported" for i in unique_ids if i not in by_id]
    failed = [
        f"{result.name}: {failing_rows.get(unique_id) or result.message or result.status}"
        for unique_id, result in by_id.items()
        if result.status in {"error", "fail", "runtime error"}
    ]
    if failed or unreported:
        lines = "\n".join(f"  {line}" for line in [*failed, *unreported])
        raise CorridorError(f"The warehouse is not fit to publish; dbt reports:\n{lines}")
