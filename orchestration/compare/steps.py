"""The causes that a difference between releases can have, and the steps from one release's inputs to another's.

Belongs here: the causes, their order, and what differs under each.
Does not belong here: computing the KPIs after a step (`diff.py`).

Each step changes the inputs of one cause, in the order of ORDER. The clock comes before submissions and pages, because
a run ignores what arrived after its as-of day: everything that a later as-of day adds counts as clock.
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
# Causes without a step. Disclosure: the same figure has become publishable or unpublishable.
# Unexplained: same code, same inputs, other figures.
DISCLOSURE = "disclosure"
UNEXPLAINED = "unexplained"

ORDER = (CODE, FACTORS, CORRECTION, CONFIGURATION, CLOCK, PUBLIC, RESUBMISSION, NEW, DISCLOSURE, UNEXPLAINED)

# The folder of seeds that belong to the formulas and therefore count as code.
CODE_SEEDS = "method"


@dataclass(frozen=True)
class State:
    """The inputs after a step.

    Attributes:
        inputs: Submissions, vintages, configuration and clock.
        factors: The warehouse file that the factor seeds are taken from.
        corrections: The warehouse file that the seeds of corrections are taken from.
    """

    inputs: Inputs
    factors: Path
    corrections: Path


@dataclass(frozen=True)
class Step:
    """The change of all inputs that belong to one cause.

    Attributes:
        cause: The cause.
        what: What differs, one text for each input.
        after: The state after the step.
    """

    cause: str
    what: tuple[str, ...]
    after: State


def steps_between(old: Recorded, new: Recorded, project_dir: Path) -> list[Step]:
    """Return a step for each cause, except code, whose inputs differ. The last one ends at the new release's inputs."""
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
    """Return the names of the project's seeds of factors and other facts, and of its seeds of corrections."""
    files = sorted((project_dir / "seeds").glob("*/*.csv"), key=lambda path: path.stem)
    names = [path.stem for path in files if path.parent.name != CODE_SEEDS]
    corrections = [name for name in names if name.endswith("corrections")]
    return [name for name in names if name not in corrections], corrections


def differing_seeds(old: Recorded, new: Recorded, names: Iterable[str]) -> list[str]:
    """Return the seeds whose rows differ between the releases.

    A seed that only one release has, or whose columns differ, is left out: it changed with the code that reads it.
    """
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(old.warehouse)} as old (read_only)")
        con.execute(f"attach {quoted(new.warehouse)} as new (read_only)")
        columns = seed_columns(con, "old"), seed_columns(con, "new")
        comparable = [name for name in names if name in columns[0] and columns[0][name] == columns[1].get(name)]
        return [name for name in comparable if con.execute(_differing_rows(name)).fetchone()]


def _differing_rows(name: str) -> str:
    old, new = f'from old.seeds."{name}"', f'from new.seeds."{name}"'
    return f"(({old}) except all ({new})) union all (({new}) except all ({old})) limit 1"


def _configuration(old: Inputs, new: Inputs) -> list[str]:
    """Return the tables of corridor.toml that differ and that SQL reads, because only they change figures."""
    before, after = (corridor_rows(Settings(home=Path(), file=inputs.file)) for inputs in (old, new))
    return [f"corridor.toml: {table}" for table, rows in after.items() if rows != before[table]]


def _clock(old: Inputs, new: Inputs) -> list[str]:
    before, after = old.clock.as_of, new.clock.as_of
    return [] if before == after else [f"as-of day {before}, then {after}"]


def _resubmissions(old: Inputs, new: Inputs) -> tuple[list[str], dict[str, frozenset[Submission]]]:
    """Return what differs where both releases have a submission, and the submissions after the step."""
    common = _filed(old) & _filed(new)
    unchanged = {submission for submission in old.submissions if submission.replaces not in common}
    before = {submission for submission in old.submissions if submission.replaces in common}
    after = {submission for submission in new.submissions if submission.replaces in common}
    return _texts(_accepted(before), _accepted(after)), {"submissions": frozenset(unchanged | after)}


def _new_submissions(old: Inputs, new: Inputs) -> tuple[list[str], dict[str, frozenset[Submission]]]:
    """Return what differs where only one release has a submission, and the submissions after the step."""
    common = _filed(old) & _filed(new)
    before, after = ({s for s in _accepted(i.submissions) if s.replaces not in common} for i in (old, new))
    return _texts(before, after), {"submissions": new.submissions}


def _filed(inputs: Inputs) -> set[tuple[str, str | None, str | None]]:
    """Return partner, dataset and period of every accepted submission."""
    return {submission.replaces for submission in _accepted(inputs.submissions)}


def _accepted(submissions: Iterable[Submission]) -> set[Submission]:
    return {submission for submission in submissions if submission.is_accepted}


def _texts(old: Iterable[Submission | Vintage], new: Iterable[Submission | Vintage]) -> list[str]:
    """Return the inputs that only one release has; those that only the old one has are marked as gone."""
    before, after = set(old), set(new)
    return [*sorted(added.text for added in after - before), *sorted(f"gone: {gone.text}" for gone in before - after)]
