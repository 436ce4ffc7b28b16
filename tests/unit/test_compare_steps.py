"""The causes of differences between releases, and the stages between releases that must be computed."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.compare import steps
from orchestration.compare.diff import stages_between
from orchestration.compare.recorded import Inputs, Recorded, Submission, Vintage, require_in_lake
from orchestration.core.clock import RunClock
from orchestration.core.corridor_file import CorridorFile
from orchestration.core.errors import CorridorError
from orchestration.core.lake import Lake
from tests.support.release_home import CONFIG

NOON = datetime(2026, 2, 28, 12, tzinfo=UTC)
PAGE = Vintage("los_angeles", "2025", NOON, "aa")


def submission(number: int, period: str, dataset: str = "voyage_legs", verdict: str = "accepted") -> Submission:
    return Submission(f"{number:016x}", "SMPL-AURORA", dataset, period, f"{number:064x}", verdict)


JANUARY, JANUARY_AGAIN, FEBRUARY = submission(1, "2025-01"), submission(2, "2025-01"), submission(3, "2025-02")
FLEET, FLEET_OF_2025 = submission(4, "2024", "vessels"), submission(5, "2025", "vessels")
REFUSED = submission(6, "2025-03", verdict="refused")


def inputs(*submissions: Submission) -> Inputs:
    file = CorridorFile.model_validate(tomllib.loads(CONFIG))
    return Inputs(file, RunClock(date(2026, 2, 28), NOON), frozenset(submissions), frozenset({PAGE}))


def release(folder: Path, release_id: str, recorded: Inputs, code: str = "a", factor: float = 3.1) -> Recorded:
    """Make a release whose warehouse has a seed of factors, one of corrections and one of methods."""
    made = Recorded(folder / release_id, release_id, code, recorded)
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


def test_submission_for_a_filed_period_or_register_is_a_resubmission(project: Path) -> None:
    old, new = inputs(JANUARY, FLEET), inputs(JANUARY, FLEET, JANUARY_AGAIN, FEBRUARY, FLEET_OF_2025, REFUSED)
    resubmitted, new_submission = between(project, old, new)
    assert (resubmitted.cause, resubmitted.what) == (steps.RESUBMISSION, (FLEET_OF_2025.text, JANUARY_AGAIN.text))
    assert resubmitted.after.inputs.submissions == {JANUARY, JANUARY_AGAIN, FLEET, FLEET_OF_2025}
    assert (new_submission.cause, new_submission.what) == (steps.NEW, (FEBRUARY.text,))
    assert new_submission.after.inputs == new


def test_comparison_with_an_older_release_lists_submissions_that_are_gone(project: Path) -> None:
    back, gone = between(project, inputs(JANUARY, JANUARY_AGAIN, FEBRUARY), inputs(JANUARY))
    assert (back.cause, back.what) == (steps.RESUBMISSION, (f"gone: {JANUARY_AGAIN.text}",))
    assert (gone.cause, gone.what) == (steps.NEW, (f"gone: {FEBRUARY.text}",))


def test_refused_submission_and_gate_configuration_are_no_cause(project: Path) -> None:
    new = inputs(JANUARY, REFUSED)
    file = new.file.model_copy(update={"gate": new.file.gate.model_copy(update={"min_coverage_warn": 0.9})})
    assert between(project, inputs(JANUARY), replace(new, file=file)) == []


def test_each_cause_is_one_step_in_the_fixed_order(project: Path) -> None:
    old = inputs(JANUARY)
    corridor = old.file.corridor.model_copy(update={"name": "Another name"})
    new = Inputs(
        old.file.model_copy(update={"corridor": corridor}),
        RunClock(date(2026, 3, 1), NOON),
        frozenset({JANUARY, JANUARY_AGAIN, FEBRUARY}),
        frozenset({PAGE, replace(PAGE, vintage_at=NOON.replace(microsecond=1))}),
    )
    result = between(project, old, new, factor=3.2)
    assert [step.cause for step in result] == [*steps.ORDER[1:8]]
    assert [step.what for step in result[:4]] == [
        ("imo_cf",),
        ("page_corrections",),
        ("corridor.toml: corridor",),
        ("as-of day 2026-02-28, then 2026-03-01",),
    ]
    assert result[-1].after.inputs == new
    assert [step.after.factors.parts[-3] for step in result[:2]] == ["2", "2"]
    assert [step.after.corrections.parts[-3] for step in result[:2]] == ["1", "2"]


def test_only_stages_that_no_release_holds_are_computed(project: Path) -> None:
    folder, old, new = project.parent, inputs(JANUARY), inputs(JANUARY, JANUARY_AGAIN, FEBRUARY)
    a, b, c = release(folder, "1", old), release(folder, "2", new), release(folder, "3", new, code="b")
    two, none = (steps.steps_between(*pair, project) for pair in ((a, b), (b, c)))
    one = two[:1]
    assert stages(a, b, two, "a") == [("", "1"), ("resubmission", "computed"), ("new submission", "2")]
    assert stages(a, b, one, "z") == [("", "1"), ("resubmission", "2")]
    assert stages(b, c, none, "z") == [("", "2"), ("code", "3")]
    assert stages(b, b, none, "z") == [("", "2"), ("unexplained", "2")]
    assert stages(a, c, one, "b") == [("", "1"), ("code", "computed"), ("resubmission", "3")]
    assert stages(a, c, one, "a") == [("", "1"), ("resubmission", "computed"), ("code", "3")]
    assert stages(a, b, two, "z") == [
        ("", "1"),
        ("code", "computed"),
        ("resubmission", "computed"),
        ("new submission", "computed"),
        ("code", "2"),
    ]


def stages(old: Recorded, new: Recorded, between: list[steps.Step], present_code: str) -> list[tuple[str, str]]:
    """Return the cause of each stage, and the release that holds it."""
    return [
        (stage.cause, stage.source.release_id if isinstance(stage.source, Recorded) else "computed")
        for stage in stages_between(old, new, between, present_code)
    ]


def test_error_names_each_recorded_input_that_the_lake_lacks_and_its_place(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    lake.write_receipt(JANUARY.submission_id, b"{}")
    with pytest.raises(CorridorError) as raised:
        require_in_lake(lake, inputs(JANUARY))
    text = str(raised.value)
    assert "lacks 4 recorded inputs" in text
    assert f"submission {JANUARY.text}: expected {lake.accepted_path('voyage_legs', JANUARY.submission_id)}" in text
    assert f"page {PAGE.text}: expected {lake.vintage_path(PAGE.source_id, PAGE.page, NOON)}" in text
