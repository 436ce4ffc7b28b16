"""The comparison of two published releases: every KPI value that differs, and the causes of each difference.

Belongs here: the stages between the releases, the SQL run at each, and the part of each cause in a difference.
Does not belong here: the causes (`steps.py`), or how a comparison is printed (`text.py`).

A stage between the releases is computed with the present code in a scratch home. If there is only one cause, nothing
is computed. Only figures that both releases show are split into parts; the others only name their causes.
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
class Stage:
    """One stage from the inputs of the old release to those of the new one.

    Attributes:
        cause: What differs from the stage before; empty at the old release.
        source: The release that holds the stage's KPIs, or the state to compute them from.
    """

    cause: str
    source: State | Recorded


def compare(
    settings: Settings, old_id: str, new_id: str, report_progress: ReportProgress, project_dir: Path = DBT_PROJECT_DIR
) -> Record:
    """Compare two published releases and attribute every difference to its causes.

    Args:
        settings: The settings of the home.
        old_id: The id of the first release, or `current`.
        new_id: The id of the second release, or `current`.
        report_progress: Receives one line for each stage that is computed.
        project_dir: The dbt project.

    Returns:
        A record. Its `causes` give for each cause what differs, the number of figures that it changed, and its
        largest part. Its `changes` give for each figure the old and the new value, the difference, and the `parts` by
        cause, which add up to the difference at published rounding.

    Raises:
        CorridorError: A release does not exist, both are the same, or the lake lacks an input of one of them.
    """
    old, new = read_recorded(settings, old_id), read_recorded(settings, new_id)
    if old.release_id == new.release_id:
        raise CorridorError(f"A and B are both release {old.release_id}. Give two different releases to compare.")
    between = steps.steps_between(old, new, project_dir)
    stages = stages_between(old, new, between, code_version())
    with duckdb.connect() as con:
        _create_changes(con, old, new)
        _fill_states(con, settings, stages, report_progress, project_dir)
        con.execute(sql_of("compare/sql/attributed"))
        totals = {row["cause"]: row for row in records(con, sql_of("compare/sql/causes"))}
        changes = records(con, sql_of("compare/sql/changes"), {"order": list(steps.ORDER)})
    return {
        "from": old.release_id,
        "to": new.release_id,
        "corridor": new.inputs.file.corridor.name,
        "sample": old.inputs.file.corridor.sample or new.inputs.file.corridor.sample,
        "code_versions": {"from": old.code_version, "to": new.code_version, "today": code_version()},
        "computed_anew": sum(isinstance(stage.source, State) for stage in stages),
        "causes": [_cause(cause, old, new, between, totals) for cause in _in_order(between, totals)],
        "changes": [_change(row) for row in changes],
    }


def stages_between(old: Recorded, new: Recorded, between: list[Step], present_code: str) -> list[Stage]:
    """Return the stages from one release to the other, including both.

    Args:
        old: The first release.
        new: The second release.
        between: The steps between their inputs.
        present_code: The version of the code that computes; a stage that a release of this code holds is not computed.
    """
    start, end = Stage("", old), Stage(steps.CODE, new)
    is_one_code = old.code_version == new.code_version
    if not between:
        return [start, Stage(steps.UNEXPLAINED, new) if is_one_code else end]
    if is_one_code and len(between) == 1:
        return [start, Stage(between[0].cause, new)]
    stages = [start]
    if old.code_version != present_code:
        stages.append(Stage(steps.CODE, State(old.inputs, old.warehouse, old.warehouse)))
    stages += [Stage(step.cause, step.after) for step in between]
    return [*stages[:-1], Stage(stages[-1].cause, new)] if new.code_version == present_code else [*stages, end]


def _create_changes(con: duckdb.DuckDBPyConnection, old: Recorded, new: Recorded) -> None:
    """Create kpi.release_changes with the same SQL as a run."""
    con.execute("create schema kpi")
    con.execute(sql_of("release/sql/schema_after_verdict"))
    con.execute(f"attach {quoted(old.kpis)} as previous (read_only)")
    con.execute(f"attach {quoted(new.kpis)} as following (read_only)")
    con.execute(f"attach {quoted(new.warehouse)} as warehouse (read_only)")
    for table in ("kpi_values", "kpi_definitions"):
        con.execute(f"create view kpi.{table} as from following.kpi.{table}")
    changes = sql_of("release/sql/changes")
    con.execute(changes, {"release_id": new.release_id, "previous_release_id": old.release_id})


def _fill_states(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    stages: list[Stage],
    report_progress: ReportProgress,
    project_dir: Path,
) -> None:
    """Fill `steps` (step, cause) and `states` (every cell of fct_kpi at every step, with its value and status)."""
    con.execute("create temp table steps (step integer, cause varchar)")
    con.execute(f"create temp table states as {CELLS.format(step=0, database='warehouse')} limit 0")
    computed = sum(isinstance(stage.source, State) for stage in stages)
    lake = Lake(settings.lake)
    with scratch_home(lake, project_dir) as scratch:
        number = 0
        for step, stage in enumerate(stages):
            con.execute("insert into steps values (?, ?)", [step, stage.cause])
            if isinstance(stage.source, State):
                number += 1
                require_in_lake(lake, stage.source.inputs)
                report_progress(f"Computing the KPIs after the step: {stage.cause} ({number} of {computed})")
                warehouse = _compute(scratch, stage.source)
            else:
                warehouse = stage.source.warehouse
            _insert_state(con, step, warehouse)


def _compute(scratch: Scratch, state: State) -> Path:
    """Compute the KPIs of a state in the scratch home and return its warehouse file."""
    settings = scratch.link_inputs(state.inputs)
    if not settings.warehouse.exists():
        scratch.seed(settings)
    factors, corrections = steps.seed_names(scratch.project_dir)
    scratch.replace_seeds(settings, state.factors, factors)
    scratch.replace_seeds(settings, state.corrections, corrections)
    scratch.compute_kpis(settings)
    return settings.warehouse


def _insert_state(con: duckdb.DuckDBPyConnection, step: int, warehouse: Path) -> None:
    """Insert the cells of a warehouse file into `states`. DuckDB cannot attach one file twice."""
    attached = con.execute(
        "select database_name from duckdb_databases() where path = $path", {"path": str(warehouse)}
    ).fetchone()
    if attached is None:
        con.execute(f"attach {quoted(warehouse)} as stage (read_only)")
    con.execute(f"insert into states {CELLS.format(step=step, database=attached[0] if attached else 'stage')}")
    if attached is None:
        con.execute("detach stage")


def _in_order(between: list[Step], totals: dict[str, Record]) -> list[str]:
    differing = {step.cause for step in between} | set(totals)
    return [cause for cause in steps.ORDER if cause in differing]


def _cause(cause: str, old: Recorded, new: Recorded, between: list[Step], totals: dict[str, Record]) -> Record:
    what = [text for step in between if step.cause == cause for text in step.what]
    if cause == steps.CODE:
        what = [f"{old.code_version}, then {new.code_version}"]
    total = totals.get(cause, {"figures": 0, "figures_with_part": 0, "largest": None})
    return {"cause": cause, "what": what, **{key: value for key, value in total.items() if key != "cause"}}


def _change(row: Record) -> Record:
    parts = {cause: part for cause, part in zip(row["causes"], row["parts"], strict=True) if part is not None}
    return {**row, "parts": parts}
