"""dbt commands, with dbt's files under the home's warehouse/dbt.

Belongs here: one command and its results, when the project is parsed, and the places of dbt's files.
Does not belong here: the process that dbt runs in (`dbt_process.py`), or what follows from results (`dbt_assets.py`).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.core.code_version import dbt_project_digest
from orchestration.core.settings import DBT_PROJECT_DIR, Settings
from orchestration.warehouse.dbt_process import NodeFinished, call_dbt

# The status of a node without a fault. dbt reports exposures, which have nothing to build, as no-op.
BUILT = {"success", "no-op"}


@dataclass(frozen=True)
class NodeResult:
    """The result of one node, as dbt writes it to run_results.json.

    Attributes:
        unique_id: The node, such as `model.corridor.fct_kpi`.
        status: dbt's status of the node, such as `success`, `pass` or `fail`.
        seconds: How long it took.
        failures: The number of rows that a test returned; None if the node is no test or did not run.
        message: What dbt says of the status; None if it says nothing.
        compiled_sql: The query of the node; None if dbt compiled none.
    """

    unique_id: str
    status: str
    seconds: float
    failures: int | None
    message: str | None
    compiled_sql: str | None

    @property
    def name(self) -> str:
        """The name of the node."""
        return self.unique_id.split(".")[2]


def run_dbt(
    settings: Settings,
    command: list[str],
    project_dir: Path = DBT_PROJECT_DIR,
    on_node: Callable[[NodeFinished], None] = lambda node: None,
) -> list[NodeResult]:
    """Run one dbt command and return the results of its nodes, failed ones included, in the order of their end.

    Args:
        settings: The home.
        command: The command of dbt with its options, such as `["build", "--select", "dim_fuel"]`.
        project_dir: The dbt project.
        on_node: Receives each finished node.

    Raises:
        CorridorError: dbt could not run, or its process died.
    """
    dbt_dir = settings.warehouse_dir / "dbt"
    dbt_dir.mkdir(parents=True, exist_ok=True)
    digest = dbt_project_digest(project_dir)
    for path in (_digest_path(settings), run_results_path(settings), tested_tables_path(settings)):
        path.unlink(missing_ok=True)
    arguments = [
        *command,
        *("--project-dir", str(project_dir.resolve()), "--profiles-dir", str(project_dir.resolve())),
        *("--target-path", str(dbt_dir.resolve() / "target"), "--log-path", str(dbt_dir.resolve() / "logs")),
        *("--log-level", "none", "--log-level-file", "info", "--no-use-colors-file"),
    ]
    call_dbt(arguments, settings.home, on_node)
    # Written last: every command rewrites the manifest, and a killed one may leave half of it.
    _digest_path(settings).write_text(digest, encoding="utf-8")
    return _results(settings)


def _results(settings: Settings) -> list[NodeResult]:
    if not run_results_path(settings).exists():
        return []
    report = json.loads(run_results_path(settings).read_bytes())
    return [
        NodeResult(
            unique_id=result["unique_id"],
            status=result["status"],
            seconds=result["execution_time"],
            failures=result["failures"],
            message=result["message"],
            compiled_sql=result.get("compiled_code"),
        )
        for result in report["results"]
    ]


def dbt_manifest(settings: Settings) -> Path:
    """Return the path to which dbt writes the parsed project."""
    return settings.warehouse_dir / "dbt" / "target" / "manifest.json"


def run_results_path(settings: Settings) -> Path:
    """Return the path of the results of the last command; it exists if that command ran to its end."""
    return dbt_manifest(settings).with_name("run_results.json")


def tested_tables_path(settings: Settings) -> Path:
    """Return the path of the list of tables that the last build tested; the next dbt command deletes it."""
    return dbt_manifest(settings).with_name("tested.json")


def load_manifest(settings: Settings, project_dir: Path = DBT_PROJECT_DIR) -> Mapping[str, Any]:
    """Return the parsed dbt project. It is parsed again only when its content has changed."""
    stored = _digest_path(settings)
    if not stored.exists() or stored.read_text(encoding="utf-8") != dbt_project_digest(project_dir):
        run_dbt(settings, ["parse"], project_dir)
    parsed: Mapping[str, Any] = json.loads(dbt_manifest(settings).read_bytes())
    return parsed


def _digest_path(settings: Settings) -> Path:
    """Return the path of the digest of the project that the manifest describes."""
    return dbt_manifest(settings).with_name("manifest.digest")
