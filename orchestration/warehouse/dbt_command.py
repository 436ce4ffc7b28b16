"""dbt called in this process, with its files under the home's warehouse/dbt.

Belongs here: one command and its results, what is parsed when, where dbt's files are.
Does not belong here: what follows from the results (warehouse).
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner
from dbt.constants import PARTIAL_PARSE_FILE_NAME
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder

from orchestration.core.code_version import dbt_project_digest
from orchestration.core.errors import CorridorError
from orchestration.core.settings import DBT_PROJECT_DIR, Settings


def run_dbt(
    settings: Settings,
    command: list[str],
    project_dir: Path = DBT_PROJECT_DIR,
    on_result: Callable[[str], None] = lambda message: None,
) -> Any:
    """One dbt command in this process, its files under the home's warehouse/dbt; on_result hears each finished node.

    Returns what dbt makes of the command: of a build its results, failed nodes among them.
    Raises CorridorError when dbt could not run at all.
    """
    dbt_dir = settings.warehouse_dir / "dbt"
    dbt_dir.mkdir(parents=True, exist_ok=True)
    run_results_path(settings).unlink(missing_ok=True)
    tested_tables_path(settings).unlink(missing_ok=True)

    def hear(event: Any) -> None:
        if event.info.name in ("LogModelResult", "LogSeedResult", "LogTestResult"):
            on_result(event.info.msg)

    arguments = [
        *command,
        *("--project-dir", str(project_dir), "--profiles-dir", str(project_dir)),
        *("--target-path", str(dbt_dir / "target"), "--log-path", str(dbt_dir / "logs")),
        *("--log-level", "none", "--log-level-file", "info", "--no-use-colors-file"),
        # dbt would write the manifest twice more in every build; the results are written below.
        *(() if command[0] == "parse" else ("--no-write-json",)),
    ]
    with corridor_home(settings.home):
        try:
            result = dbtRunner(_parsed(settings, project_dir), callbacks=[hear]).invoke(arguments)
        finally:
            # Held open from node to node, the file would shut every reader out until this process ends.
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if result.exception:
        raise CorridorError(f"dbt {command[0]} could not run: {result.exception}") from result.exception
    if isinstance(result.result, RunExecutionResult):
        result.result.write(str(run_results_path(settings)))
    return result.result


@contextmanager
def corridor_home(home: Path) -> Iterator[None]:
    """CORRIDOR_HOME for the time of one dbt call: profiles.yml knows the home by no other way."""
    before = os.environ.get("CORRIDOR_HOME")
    os.environ["CORRIDOR_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["CORRIDOR_HOME"]
        else:
            os.environ["CORRIDOR_HOME"] = before


def dbt_manifest(settings: Settings) -> Path:
    """Where dbt writes what it parsed of the project."""
    return settings.warehouse_dir / "dbt" / "target" / "manifest.json"


def run_results_path(settings: Settings) -> Path:
    """Where the results of the last command are, if it ran to its end."""
    return dbt_manifest(settings).with_name("run_results.json")


def tested_tables_path(settings: Settings) -> Path:
    """Where it is said which tables the last build tested; gone as soon as dbt is called again."""
    return dbt_manifest(settings).with_name("tested.json")


def load_manifest(settings: Settings, project_dir: Path = DBT_PROJECT_DIR) -> Mapping[str, Any]:
    """The parsed dbt project; parsed anew only when its content has changed."""
    if not _is_parsed(settings, project_dir):
        run_dbt(settings, ["parse"], project_dir)
        _parse_stamp(settings).write_text(dbt_project_digest(project_dir), encoding="utf-8")
    parsed: Mapping[str, Any] = json.loads(dbt_manifest(settings).read_bytes())
    return parsed


def _parse_stamp(settings: Settings) -> Path:
    return dbt_manifest(settings).with_name("manifest.digest")


def _is_parsed(settings: Settings, project_dir: Path) -> bool:
    stamp = _parse_stamp(settings)
    has_both = dbt_manifest(settings).exists() and stamp.exists()
    return has_both and stamp.read_text(encoding="utf-8") == dbt_project_digest(project_dir)


def _parsed(settings: Settings, project_dir: Path) -> Manifest | None:
    """The project as last parsed, if it is still that one; dbt itself would parse it anew in a home that moved."""
    kept = dbt_manifest(settings).with_name(PARTIAL_PARSE_FILE_NAME)
    if not (kept.exists() and _is_parsed(settings, project_dir)):
        return None
    manifest = Manifest.from_msgpack(kept.read_bytes(), decoder=extended_mashumuro_decoder)
    manifest.build_parent_and_child_maps()  # type: ignore[no-untyped-call]
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest
