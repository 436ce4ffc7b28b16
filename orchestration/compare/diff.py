"""Two published releases compared: every KPI value that differs, and by which class of causes.

Belongs here: which states lie between the releases, the SQL run for each, the parts of every difference.
Does not belong here: the classes (steps), how the record looks (text, page).

A state between the releases is computed anew by today's code in a scratch home; nothing is computed where only one
class differs. Parts are given for figures that both releases show; of all others only the classes are told.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.compare import steps
from orchestration.compare.recorded import Recorded, read_recorded, require_in_lake
from orchestration.compare.scratch import Scratch, scratch_home
from orchestration.compare.steps import State, Step
from orchestration.core.code_version import code_version
from orchestration.core.errors import CorridorError
from orchestration.core.lake import Lake
from orchestration.core.query import Record, quoted, records, sql_of
from orchestration.core.settings import DBT_PROJECT_DIR, Settings
from orchestration.core.terminal import ReportProgress

CELLS = """
    select cast({step} as integer) as step, kpi_id, method_id, variant, period_grain, period_start, dimension,
        dimension_value, value, status
    from {database}.marts.fct_kpi
"""


@dataclass(frozen=True)
class Stop:
    """A state on the way from one release to the other. cause: of the step that leads here. at: computed, or held."""

    cause: str
    at: State | Recorded


def compare(
    settings: Settings, old_id: str, new_id: str, report_progress: ReportProgress, project_dir: Path = DBT_PROJECT_DIR
) -> Record:
    """What differs between two published releases, and why; ids, or `current`.

    The record: `causes`, of each class what differs, how many figures it touched and the largest; `changes`, of each
    figure old, new, difference and `parts` by cause, which add up to the difference at published rounding.
    Raises CorridorError when there is no such release, both are one, or the lake lacks an input that either recorded.
    """
    old, new = read_recorded(settings, old_id), read_recorded(settings, new_id)
    if old.release_id == new.release_id:
        raise CorridorError(f"Release {old.release_id} was asked for twice: expected two releases to compare.")
    between = steps.steps_between(old, new, project_dir)
    stops = way(old, new, between, code_version())
    with duckdb.connect() as con:
        _changes(con, old, new)
        _states(con, settings, stops, report_progress, project_dir)
        con.execute(sql_of("compare/sql/attributed"))
        caused = {row["cause"]: row for row in records(con, sql_of("compare/sql/caused"))}
        changes = records(con, sql_of("compare/sql/changed"), {"order": list(steps.ORDER)})
    return {
        "from": old.release_id,
        "to": new.release_id,
        "corridor": new.inputs.file.corridor.name,
        "sample": old.inputs.file.corridor.sample or new.inputs.file.corridor.sample,
        "code_versions": {"from": old.code_version, "to": new.code_version, "today": code_version()},
        "computed_anew": sum(isinstance(stop.at, State) for stop in stops),
        "causes": [_cause(cause, old, new, between, caused) for cause in _in_order(between, caused)],
        "changes": [_change(row) for row in changes],
    }


def way(old: Recorded, new: Recorded, between: list[Step], today: str) -> list[Stop]:
    """The states from one release to the other, both among them. What a release holds is not computed again."""
    start, end = Stop("", old), Stop(steps.CODE, new)
    is_one_code = old.code_version == new.code_version
    if not between:
        return [start, Stop(steps.UNEXPLAINED, new) if is_one_code else end]
    if is_one_code and len(between) == 1:
        return [start, Stop(between[0].cause, new)]
    stops = [start]
    if old.code_version != today:
        stops.append(Stop(steps.CODE, State(old.inputs, old.warehouse, old.warehouse)))
    stops += [Stop(step.cause, step.after) for step in between]
    return [*stops[:-1], Stop(stops[-1].cause, new)] if new.code_version == today else [*stops, end]


def _changes(con: duckdb.DuckDBPyConnection, old: Recorded, new: Recorded) -> None:
    """kpi.release_changes, by the rule that releases are made by."""
    con.execute("create schema kpi")
    con.execute(sql_of("release/sql/schema_after_verdict"))
    con.execute(f"attach {quoted(old.kpis)} as previous (read_only)")
    con.execute(f"attach {quoted(new.kpis)} as following (read_only)")
    con.execute(f"attach {quoted(new.warehouse)} as warehouse (read_only)")
    for table in ("kpi_values", "kpi_definitions"):
        con.execute(f"create view kpi.{table} as from following.kpi.{table}")
    changes = sql_of("release/sql/changes")
    con.execute(changes, {"release_id": new.release_id, "previous_release_id": old.release_id})


def _states(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    stops: list[Stop],
    report_progress: ReportProgress,
    project_dir: Path,
) -> None:
    """Fill `steps` (step, cause) and `states` (step, every cell of fct_kpi with its value and status)."""
    con.execute("create temp table steps (step integer, cause varchar)")
    con.execute(f"create temp table states as {CELLS.format(step=0, database='warehouse')} limit 0")
    computed = sum(isinstance(stop.at, State) for stop in stops)
    lake = Lake(settings.lake)
    with scratch_home(lake, project_dir) as scratch:
        for step, stop in enumerate(stops):
            con.execute("insert into steps values (?, ?)", [step, stop.cause])
            if isinstance(stop.at, State):
                require_in_lake(lake, stop.at.inputs)
                report_progress(f"Computing the KPIs after: {stop.cause} ({computed} states to compute)")
                warehouse = _computed(scratch, stop.at)
            else:
                warehouse = stop.at.warehouse
            _keep_state(con, step, warehouse)


def _computed(scratch: Scratch, state: State) -> Path:
    settings = scratch.lay_out(state.inputs)
    if not settings.warehouse.exists():
        scratch.seed(settings)
    factors, corrections = steps.seed_names(scratch.project_dir)
    scratch.take_seeds(settings, state.factors, factors)
    scratch.take_seeds(settings, state.corrections, corrections)
    scratch.compute_kpis(settings)
    return settings.warehouse


def _keep_state(con: duckdb.DuckDBPyConnection, step: int, warehouse: Path) -> None:
    """The cells of a warehouse file; the new release's is attached already, and one cannot be twice."""
    held = con.execute(
        "select database_name from duckdb_databases() where path = $path", {"path": str(warehouse)}
    ).fetchone()
    if held is None:
        con.execute(f"attach {quoted(warehouse)} as reached (read_only)")
    con.execute(f"insert into states {CELLS.format(step=step, database=held[0] if held else 'reached')}")
    if held is None:
        con.execute("detach reached")


def _in_order(between: list[Step], caused: dict[str, Record]) -> list[str]:
    differing = {step.cause for step in between} | set(caused)
    return [cause for cause in steps.ORDER if cause in differing]


def _cause(cause: str, old: Recorded, new: Recorded, between: list[Step], caused: dict[str, Record]) -> Record:
    what = [text for step in between if step.cause == cause for text in step.what]
    if cause == steps.CODE:
        what = [f"{old.code_version}, then {new.code_version}"]
    found = caused.get(cause, {"figures": 0, "figures_with_part": 0, "largest": None})
    return {"cause": cause, "what": what, **{key: value for key, value in found.items() if key != "cause"}}


def _change(row: Record) -> Record:
    parts = {cause: part for cause, part in zip(row["causes"], row["parts"], strict=True) if part is not None}
    return {**row, "parts": parts}
