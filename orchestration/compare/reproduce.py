"""The rebuild of a published release from its recorded inputs, and the comparison of every public value.

Belongs here: rebuilding the release, and comparing it. Does not belong here: how the result is printed (`text.py`).
It needs no lock, because every file that it reads is complete or absent, and it writes outside the home.
"""

from pathlib import Path

import duckdb

from orchestration.compare.recorded import Recorded, read_recorded, require_in_lake
from orchestration.compare.scratch import Scratch, scratch_home
from orchestration.core.code_version import code_version
from orchestration.core.lake import Lake
from orchestration.core.query import Record, quoted, records, sql_of
from orchestration.core.settings import DBT_PROJECT_DIR, Settings
from orchestration.core.terminal import ReportProgress
from orchestration.release.candidate import build_candidate
from orchestration.release.manifest import altered_artefacts
from orchestration.release.release_folder import ReleasesRoot
from orchestration.release.swap import make_current

# The key columns of each gated table.
KEYS = {
    "kpi_values": "kpi_id, method_id, period_grain, period_start, dimension, dimension_value",
    "kpi_latest": "period_grain, period_start",
    "kpi_definitions": "kpi_id",
    "kpi_progress": "kpi_id, authority, target_status, baseline_period, target_year, period_start",
    "kpi_milestones": "milestone",
    "port_throughput_monthly": "port_locode, month",
}


def reproduce(
    settings: Settings, release_id: str, report_progress: ReportProgress, project_dir: Path = DBT_PROJECT_DIR
) -> Record:
    """Rebuild a release with the present code and list every public value that differs.

    Args:
        settings: The settings of the home.
        release_id: The id of the release, or `current`.
        report_progress: Receives one line for each step.
        project_dir: The dbt project.

    Returns:
        A record. `equal` is whether everything is equal. `differences` lists table, key, column, published and
        rebuilt value as text. `reason` is `code` if the release was made by other code, else `unexplained`.
        `altered` lists the published files that were changed after publication.

    Raises:
        CorridorError: There is no such release, or the lake lacks one of its inputs.
    """
    recorded = read_recorded(settings, release_id)
    lake = Lake(settings.lake)
    require_in_lake(lake, recorded.inputs)
    present_code = code_version()
    with scratch_home(lake, project_dir) as scratch:
        report_progress(f"Rebuilding {recorded.release_id} from {_inputs_text(recorded)}")
        kpis = _rebuild(settings, recorded, scratch)
        report_progress("Comparing every public value")
        differences, compared = compare_public(recorded.kpis, kpis)
    altered = altered_artefacts(recorded)
    is_same_code = recorded.code_version == present_code
    return {
        "release_id": recorded.release_id,
        "corridor": recorded.inputs.file.corridor.name,
        "sample": recorded.inputs.file.corridor.sample,
        "equal": not differences and not altered,
        "reason": None if not differences else "unexplained" if is_same_code else "code",
        "release_code_version": recorded.code_version,
        "code_version": present_code,
        "inputs": _inputs_text(recorded),
        "values_compared": compared,
        "differences": differences,
        "altered": altered,
    }


def _rebuild(settings: Settings, recorded: Recorded, scratch: Scratch) -> Path:
    """Rebuild the release and return its public file.

    The releases before it are linked into the scratch home, because disclosure control reads what is already public.
    """
    scratch_settings = scratch.link_inputs(recorded.inputs)
    scratch_settings.releases.mkdir()
    for release_id in _releases_before(recorded):
        folder = ReleasesRoot(settings.releases).release(release_id).path
        if folder.is_dir():
            ReleasesRoot(scratch_settings.releases).release(release_id).path.symlink_to(folder.resolve())
            make_current(scratch_settings.releases, release_id)
    scratch.build(scratch_settings)
    return build_candidate(scratch_settings, recorded.inputs.clock, scratch_settings.disclosure_p).kpis


def _releases_before(recorded: Recorded) -> list[str]:
    """Return the ids of the releases that were published before this one, oldest first."""
    with duckdb.connect(recorded.kpis, read_only=True) as con:
        rows = con.execute("select release_id from kpi.releases order by rowid").fetchall()
    return [release_id for (release_id,) in rows if release_id != recorded.release_id]


def compare_public(published: Path, rebuilt: Path) -> tuple[list[Record], int]:
    """Return the differences between the gated tables of two public files, and the number of compared values."""
    query = sql_of("compare/sql/differences")
    differences: list[Record] = []
    compared = 0
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(published)} as published (read_only)")
        con.execute(f"attach {quoted(rebuilt)} as rebuilt (read_only)")
        for table, key in KEYS.items():
            differences += records(con, query.format(table=table, key=key))
            compared += _count_values(con, table)
    return differences, compared


def _count_values(con: duckdb.DuckDBPyConnection, table: str) -> int:
    [(rows,)] = con.execute(f"select count(*) from published.kpi.{table}").fetchall()
    return int(rows) * len(con.execute(f"describe published.kpi.{table}").fetchall())


def _inputs_text(recorded: Recorded) -> str:
    inputs = recorded.inputs
    return f"{len(inputs.submissions)} submissions and {len(inputs.vintages)} public pages, as of {inputs.clock.as_of}"
