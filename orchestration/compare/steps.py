"""From the inputs of one release to those of another, one class of causes at a time, in a fixed order.

Belongs here: the classes, their order, what of each differs. Does not belong here: computing anything from it (diff).

Code comes first, then the order of ORDER. The clock moves before inputs do, because a submission is not known before
the day it was received on: of a release as of an earlier day, all that came later counts as clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.compare.recorded import Inputs, Recorded, Submission, Vintage
from orchestration.compare.scratch import seed_columns
from orchestration.core.corridor_tables import corridor_rows
from orchestration.core.query import quoted
from orchestration.core.settings import Settings

CODE = "code"
FACTORS = "factor edition"
CORRECTION = "correction"
CONFIGURATION = "configuration"
CLOCK = "clock"
PUBLIC = "public figure"
RESUBMISSION = "resubmission"
NEW = "new submission"
# Causes that are no step: the figure is there, and whether it may be shown has changed; nothing recorded explains it.
DISCLOSURE = "disclosure"
UNEXPLAINED = "unexplained"

ORDER = (CODE, FACTORS, CORRECTION, CONFIGURATION, CLOCK, PUBLIC, RESUBMISSION, NEW, DISCLOSURE, UNEXPLAINED)

# KPI definitions, methods and classes are the formulas' own: they are part of the code.
CODE_SEEDS = "method"


@dataclass(frozen=True)
class State:
    """What a step arrives at: the inputs, and of which release the seeds that are factors or corrections are taken."""

    inputs: Inputs
    factors: Path
    corrections: Path


@dataclass(frozen=True)
class Step:
    """cause: its class. what: what differs, one text each. after: the state it arrives at."""

    cause: str
    what: tuple[str, ...]
    after: State


def steps_between(old: Recorded, new: Recorded, project_dir: Path) -> list[Step]:
    """Every class in which the inputs differ, code aside; the last step arrives at the inputs of the new release."""
    state = State(old.inputs, old.warehouse, old.warehouse)
    factors, corrections = seed_names(project_dir)
    changes: dict[str, tuple[list[str], dict[str, Any]]] = {
        FACTORS: (differing_seeds(old, new, factors), {"factors": new.warehouse}),
        CORRECTION: (differing_seeds(old, new, corrections), {"corrections": new.warehouse}),
        CONFIGURATION: (_configuration(old.inputs, new.inputs), {"file": new.inputs.file}),
        CLOCK: (_clock(old.inputs, new.inputs), {"clock": new.inputs.clock}),
        PUBLIC: (_texts(old.inputs.vintages, new.inputs.vintages), {"vintages": new.inputs.vintages}),
        RESUBMISSION: _resubmissions(old.inputs, new.inputs),
        NEW: _new_submissions(old.inputs, new.inputs),
    }
    steps = []
    for cause, (what, change) in changes.items():
        if what:
            seeds = {key: value for key, value in change.items() if key in ("factors", "corrections")}
            inputs = {key: value for key, value in change.items() if key not in seeds}
            state = replace(state, inputs=replace(state.inputs, **inputs), **seeds)
            steps.append(Step(cause, tuple(what), state))
    return steps


def seed_names(project_dir: Path) -> tuple[list[str], list[str]]:
    """The project's seeds that are factors or other facts of the world, and those that are corrections."""
    files = sorted((project_dir / "seeds").glob("*/*.csv"), key=lambda path: path.stem)
    names = [path.stem for path in files if path.parent.name != CODE_SEEDS]
    corrections = [name for name in names if name.endswith("corrections")]
    return [name for name in names if name not in corrections], corrections


def differing_seeds(old: Recorded, new: Recorded, names: Iterable[str]) -> list[str]:
    """Of these seeds the ones of which the releases hold other rows in the same columns.

    A seed that only one of them has, or that has other columns, changed with the code that reads it.
    """
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(old.warehouse)} as old (read_only)")
        con.execute(f"attach {quoted(new.warehouse)} as new (read_only)")
        columns = seed_columns(con, "old"), seed_columns(con, "new")
        comparable = [name for name in names if name in columns[0] and columns[0][name] == columns[1].get(name)]
        return [name for name in comparable if con.execute(_other_rows(name)).fetchone()]


def _other_rows(name: str) -> str:
    old, new = f'from old.seeds."{name}"', f'from new.seeds."{name}"'
    return f"(({old}) except all ({new})) union all (({new}) except all ({old})) limit 1"


def _configuration(old: Inputs, new: Inputs) -> list[str]:
    """The tables of corridor.toml that SQL reads and that differ; who is told of failures changes no figure."""
    before, after = (corridor_rows(Settings(home=Path(), file=inputs.file)) for inputs in (old, new))
    return [f"corridor.toml: {table}" for table, rows in after.items() if rows != before[table]]


def _clock(old: Inputs, new: Inputs) -> list[str]:
    before, after = old.clock.as_of, new.clock.as_of
    return [] if before == after else [f"as of {before}, then {after}"]


def _resubmissions(old: Inputs, new: Inputs) -> tuple[list[str], dict[str, frozenset[Submission]]]:
    """Submissions of what both releases have: each slot that is in both moves to what the new release knew of it."""
    common = _slots(old) & _slots(new)
    stay = {submission for submission in old.submissions if submission.slot not in common}
    move = {submission for submission in new.submissions if submission.slot in common}
    before = {submission for submission in old.submissions if submission.slot in common}
    return _texts(_accepted(before), _accepted(move)), {"submissions": frozenset(stay | move)}


def _new_submissions(old: Inputs, new: Inputs) -> tuple[list[str], dict[str, frozenset[Submission]]]:
    """Submissions of what only one of the releases has."""
    common = _slots(old) & _slots(new)
    before, after = ({s for s in _accepted(i.submissions) if s.slot not in common} for i in (old, new))
    return _texts(before, after), {"submissions": new.submissions}


def _slots(inputs: Inputs) -> set[tuple[str, str | None, str | None]]:
    return {submission.slot for submission in _accepted(inputs.submissions)}


def _accepted(submissions: Iterable[Submission]) -> set[Submission]:
    return {submission for submission in submissions if submission.is_accepted}


def _texts(old: Iterable[Submission | Vintage], new: Iterable[Submission | Vintage]) -> list[str]:
    """What only one has; what only the older one has is marked as gone."""
    before, after = set(old), set(new)
    return [*sorted(found.text for found in after - before), *sorted(f"gone: {f.text}" for f in before - after)]
