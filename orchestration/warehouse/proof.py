"""The proof that the working warehouse was built and tested by this run.

Belongs here: the record that binds dbt's test results to the tables and to the inputs of the run, and its verification.
Does not belong here: how dbt is called (`dbt_command.py`), or dbt's results as Dagster events (`dbt_assets.py`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.core.check_result import CheckResult
from orchestration.core.errors import CorridorError
from orchestration.core.settings import Settings
from orchestration.release.candidate import COPIED_SCHEMAS
from orchestration.release.table_digest import digests_of
from orchestration.warehouse.dbt_command import dbt_manifest, run_results_path, tested_tables_path

COUNTS_AS_PROOF = {"pass", "warn"}


@dataclass(frozen=True)
class WarehouseProof:
    """Evidence that dbt tested the warehouse of this run.

    Attributes:
        check_results: The result of each dbt test.
        tables: The digest of each tested table, by `schema.table`.
    """

    check_results: list[CheckResult]
    tables: dict[str, str]


def record_tests(settings: Settings, inputs_digest: str) -> None:
    """Record which tables dbt's newest results are about, and from which inputs the tables were built."""
    results = json.loads(run_results_path(settings).read_bytes())
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        tables = digests_of(con, settings.warehouse.stem, COPIED_SCHEMAS)
    record = {
        "invocation_id": results["metadata"]["invocation_id"],
        "inputs_digest": inputs_digest,
        "tables": tables,
    }
    tested_tables_path(settings).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def require_proof(settings: Settings, inputs_digest: str) -> WarehouseProof:
    """Return dbt's results on the warehouse of this run.

    Raises:
        CorridorError: A test of the project has no result or failed, or the results belong to another build or to
            other inputs.
    """
    try:
        report = json.loads(run_results_path(settings).read_bytes())
        record = json.loads(tested_tables_path(settings).read_bytes())
    except OSError:
        report, record = {"results": [], "metadata": {"invocation_id": None}}, {}
    results = {result["unique_id"]: result for result in report["results"]}
    nodes = json.loads(dbt_manifest(settings).read_bytes())["nodes"]
    tests = {i: node for i, node in nodes.items() if node["resource_type"] == "test"}
    _require_every_test(tests, results)
    if record != {**record, "invocation_id": report["metadata"]["invocation_id"], "inputs_digest": inputs_digest}:
        raise CorridorError(
            "The warehouse was built and tested by an earlier run, from other inputs, settings or code; nothing is "
            "published from it. Run `corridor run`, which builds all of it."
        )
    return WarehouseProof([_check_result(node, results[i]) for i, node in sorted(tests.items())], record["tables"])


def _require_every_test(tests: Mapping[str, Mapping[str, Any]], results: Mapping[str, Mapping[str, Any]]) -> None:
    unproved = sorted(
        node["name"] for i, node in tests.items() if i not in results or results[i]["status"] not in COUNTS_AS_PROOF
    )
    if unproved:
        raise CorridorError(
            f"The warehouse is not proved by its last build: {len(unproved)} tests failed or did not run, the first "
            f"is {unproved[0]}. Nothing is published from it. Run `corridor run`, which builds all of it."
        )


def _check_result(test: Mapping[str, Any], result: Mapping[str, Any]) -> CheckResult:
    failing = result["failures"] or 0
    return CheckResult(
        check_name=test["name"],
        target=_checked_model(test),
        severity="error" if test["config"]["severity"].lower() == "error" else "warning",
        verdict="passed" if result["status"] == "pass" else "failed",
        observed=f"{failing} failing rows",
        expected="no failing rows",
        failing_count=failing,
        message=test["description"] if failing else "",
        layer="warehouse",
    )


def _checked_model(test: Mapping[str, Any]) -> str:
    """Return the model that a test checks: the one it names for Dagster, its own, or the first it selects from."""
    named = test["config"]["meta"].get("dagster", {}).get("ref", {}).get("name")
    return str(named or (test.get("attached_node") or test["depends_on"]["nodes"][0]).rpartition(".")[2])
