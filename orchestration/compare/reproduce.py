"""A published release made again from the lake and its recorded inputs, and every public value compared.

Belongs here: the rebuilt release, the comparison. Does not belong here: how the record looks (text).
It needs no lock: what it reads of a home is whole or absent, and it writes outside of it.
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

# The columns that tell the rows of each gated table apart.
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
    """Rebuild a release by today's code, which the release's may not be, and list what is not equal.

    The record: `equal`; `differences` as (table_name, row_key, column_name, published, rebuilt), texts; `reason` of
    the differences, `code` where the release was made by other code; `altered`, files that are not as they were made.
    Raises CorridorError when there is no such release, or the lake lacks an input it recorded.
    """
    recorded = read_recorded(settings, release_id)
    lake = Lake(settings.lake)
    require_in_lake(lake, recorded.inputs)
    today = code_version()
    with scratch_home(lake, project_dir) as scratch:
        report_progress(f"Rebuilding {recorded.release_id} from {_counted(recorded)}")
        kpis = _rebuilt(settings, recorded, scratch)
        report_progress("Comparing every public value")
        differences, compared = compare_public(recorded.kpis, kpis)
    altered = altered_artefacts(recorded.path)
    is_same_code = recorded.code_version == today
    return {
        "release_id": recorded.release_id,
        "corridor": recorded.inputs.file.corridor.name,
        "sample": recorded.inputs.file.corridor.sample,
        "equal": not differences and not altered,
        "reason": None if not differences else "unexplained" if is_same_code else "code",
        "release_code_version": recorded.code_version,
        "code_version": today,
        "inputs": _counted(recorded),
        "values_compared": compared,
        "differences": differences,
        "altered": altered,
    }


def _rebuilt(settings: Settings, recorded: Recorded, scratch: Scratch) -> Path:
    """The public file of the release made again, in the company of the releases that were there before it."""
    within = scratch.lay_out(recorded.inputs)
    within.releases.mkdir()
    for release_id in _releases_before(recorded):
        kept = settings.releases / release_id
        if kept.is_dir():
            (within.releases / release_id).symlink_to(kept.resolve())
            current = within.releases / "current"
            current.unlink(missing_ok=True)
            current.symlink_to(release_id)
    scratch.build(within)
    return build_candidate(within, recorded.inputs.clock, within.disclosure_p).kpis


def _releases_before(recorded: Recorded) -> list[str]:
    """Those that were published when this one was made, oldest first: what was public then may bear on disclosure."""
    with duckdb.connect(recorded.kpis, read_only=True) as con:
        rows = con.execute("select release_id from kpi.releases order by rowid").fetchall()
    return [release_id for (release_id,) in rows if release_id != recorded.release_id]


def compare_public(published: Path, rebuilt: Path) -> tuple[list[Record], int]:
    """Every difference between the gated tables of two public files, and how many values the first has."""
    query = sql_of("compare/sql/differences")
    differences: list[Record] = []
    compared = 0
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(published)} as published (read_only)")
        con.execute(f"attach {quoted(rebuilt)} as rebuilt (read_only)")
        for table, key in KEYS.items():
            differences += records(con, query.format(table=table, key=key))
            compared += _cells(con, table)
    return differences, compared


def _cells(con: duckdb.DuckDBPyConnection, table: str) -> int:
    [(rows,)] = con.execute(f"select count(*) from published.kpi.{table}").fetchall()
    return int(rows) * len(con.execute(f"describe published.kpi.{table}").fetchall())


def _counted(recorded: Recorded) -> str:
    inputs = recorded.inputs
    return f"{len(inputs.submissions)} submissions and {len(inputs.vintages)} public pages, as of {inputs.clock.as_of}"
