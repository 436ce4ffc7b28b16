"""Which class a difference of inputs belongs to, and which states between two releases must be computed."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.compare import steps
from orchestration.compare.diff import way
from orchestration.compare.recorded import Inputs, Recorded, Submission, Vintage, require_in_lake
from orchestration.core.clock import RunClock
from orchestration.core.corridor_file import CorridorFile
from orchestration.core.errors import CorridorError
from orchestration.core.lake import Lake
from tests.support.release_home import CONFIG

NOON = datetime(2026, 2, 28, 12, tzinfo=UTC)
PAGE = Vintage("los_angeles", "2025", NOON, "aa")


def filed(number: int, period: str, dataset: str = "voyage_legs", verdict: str = "accepted") -> Submission:
    return Submission(f"{number:016x}", "SMPL-AURORA", dataset, period, f"{number:064x}", verdict)


JANUARY, AGAIN, FEBRUARY = filed(1, "2025-01"), filed(2, "2025-01"), filed(3, "2025-02")
FLEET, FLEET_OF_2025 = filed(4, "2024", "vessels"), filed(5, "2025", "vessels")
REFUSED = filed(6, "2025-03", verdict="refused")


def inputs(*submissions: Submission) -> Inputs:
    file = CorridorFile.model_validate(tomllib.loads(CONFIG))
    return Inputs(file, RunClock(date(2026, 2, 28), NOON), frozenset(submissions), frozenset({PAGE}))


def release(folder: Path, release_id: str, known: Inputs, code: str = "a", factor: float = 3.1) -> Recorded:
    """A release whose warehouse has one factor, one correction and one table of the code."""
    made = Recorded(release_id, folder / release_id, code, known)
    made.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(made.warehouse) as con:
        con.execute("create schema seeds")
        for name in ("imo_cf", "page_corrections", "methods"):
            con.execute(f"create table seeds.{name} as select {factor} as value")
    return made


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for seed in ("factors/imo_cf", "world/page_corrections", "method/methods"):
        path = tmp_path / "project" / "seeds" / f"{seed}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("value\n")
    return tmp_path / "project"


def between(project: Path, old: Inputs, new: Inputs, factor: float = 3.1) -> list[steps.Step]:
    folder = project.parent
    return steps.steps_between(release(folder, "1", old), release(folder, "2", new, factor=factor), project)


def test_what_replaces_a_submission_that_counted_is_a_resubmission_and_a_register_is_one_whole(project: Path) -> None:
    old, new = inputs(JANUARY, FLEET), inputs(JANUARY, FLEET, AGAIN, FEBRUARY, FLEET_OF_2025, REFUSED)
    resubmitted, filed_anew = between(project, old, new)
    assert (resubmitted.cause, resubmitted.what) == (steps.RESUBMISSION, (FLEET_OF_2025.text, AGAIN.text))
    assert resubmitted.after.inputs.submissions == {JANUARY, AGAIN, FLEET, FLEET_OF_2025}
    assert (filed_anew.cause, filed_anew.what) == (steps.NEW, (FEBRUARY.text,))
    assert filed_anew.after.inputs == new


def test_an_older_release_is_reached_the_same_way(project: Path) -> None:
    back, gone = between(project, inputs(JANUARY, AGAIN, FEBRUARY), inputs(JANUARY))
    assert (back.cause, back.what) == (steps.RESUBMISSION, (f"gone: {AGAIN.text}",))
    assert (gone.cause, gone.what) == (steps.NEW, (f"gone: {FEBRUARY.text}",))


def test_a_refused_file_and_what_no_sql_reads_are_no_cause(project: Path) -> None:
    new = inputs(JANUARY, REFUSED)
    file = new.file.model_copy(update={"gate": new.file.gate.model_copy(update={"min_coverage_warn": 0.9})})
    assert between(project, inputs(JANUARY), replace(new, file=file)) == []


def test_every_class_is_a_step_of_its_own_in_the_fixed_order(project: Path) -> None:
    old = inputs(JANUARY)
    corridor = old.file.corridor.model_copy(update={"name": "Another name"})
    new = Inputs(
        old.file.model_copy(update={"corridor": corridor}),
        RunClock(date(2026, 3, 1), NOON),
        frozenset({JANUARY, AGAIN, FEBRUARY}),
        frozenset({PAGE, replace(PAGE, vintage_at=NOON.replace(microsecond=1))}),
    )
    found = between(project, old, new, factor=3.2)
    assert [step.cause for step in found] == [*steps.ORDER[1:8]]
    assert [step.what for step in found[:4]] == [
        ("imo_cf",),
        ("page_corrections",),
        ("corridor.toml: corridor",),
        ("as of 2026-02-28, then 2026-03-01",),
    ]
    assert found[-1].after.inputs == new
    assert [step.after.factors.parts[-3] for step in found[:2]] == ["2", "2"]
    assert [step.after.corrections.parts[-3] for step in found[:2]] == ["1", "2"]


def test_only_states_that_no_release_holds_are_computed(project: Path) -> None:
    folder, old, new = project.parent, inputs(JANUARY), inputs(JANUARY, AGAIN, FEBRUARY)
    a, b, c = release(folder, "1", old), release(folder, "2", new), release(folder, "3", new, code="b")
    two, none = (steps.steps_between(*pair, project) for pair in ((a, b), (b, c)))
    one = two[:1]
    assert ways(a, b, two, "a") == [("", "1"), ("resubmission", "computed"), ("new submission", "2")]
    assert ways(a, b, one, "z") == [("", "1"), ("resubmission", "2")]
    assert ways(b, c, none, "z") == [("", "2"), ("code", "3")]
    assert ways(b, b, none, "z") == [("", "2"), ("unexplained", "2")]
    assert ways(a, c, one, "b") == [("", "1"), ("code", "computed"), ("resubmission", "3")]
    assert ways(a, c, one, "a") == [("", "1"), ("resubmission", "computed"), ("code", "3")]
    assert ways(a, b, two, "z") == [
        ("", "1"),
        ("code", "computed"),
        ("resubmission", "computed"),
        ("new submission", "computed"),
        ("code", "2"),
    ]


def ways(old: Recorded, new: Recorded, found: list[steps.Step], today: str) -> list[tuple[str, str]]:
    stops = way(old, new, found, today)
    return [(stop.cause, stop.at.release_id if isinstance(stop.at, Recorded) else "computed") for stop in stops]


def test_a_lake_that_lacks_a_recorded_input_is_told_which_and_where(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    lake.write_receipt(JANUARY.submission_id, b"{}")
    with pytest.raises(CorridorError) as told:
        require_in_lake(lake, inputs(JANUARY))
    text = str(told.value)
    assert "lacks 4 recorded inputs" in text
    assert f"submission {JANUARY.text}: expected {lake.accepted_path('voyage_legs', JANUARY.submission_id)}" in text
    assert f"page {PAGE.text}: expected {lake.vintage_path(PAGE.source_id, PAGE.page, NOON)}" in text
