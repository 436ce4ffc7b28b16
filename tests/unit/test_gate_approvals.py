"""An approval publishes the failing rows of one check for a limited time, and nothing else."""

import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest

from orchestration.core.check_result import Approval, CheckResult
from orchestration.core.clock import run_clock
from orchestration.core.errors import CorridorError
from orchestration.core.lake import Lake
from orchestration.core.settings import Settings, load_settings
from orchestration.gate.approvals import ApprovalRequest, approvals_in_force, approve, with_approvals
from tests.support.release_home import CONFIG

CANDIDATE = "2026-02-28.2"
TODAY = date(2026, 2, 28)
RESTATED = CheckResult(
    "published_values_are_not_restated", "kpis.kpi.kpi_values", "block", "failed", "1 failing row", "within 0.1", 1,
    "A figure changes.", digest="d1",
)  # fmt: skip
NAMELESS = replace(RESTATED, check_name="contributor_bands_are_as_counted", digest=None)
ERRORED = replace(RESTATED, check_name="tables_have_not_lost_rows", verdict="errored", digest=None)
WARNED = replace(RESTATED, check_name="port_throughput_is_recent", severity="warn", digest=None)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with one refused candidate."""
    (tmp_path / "corridor.toml").write_text(CONFIG, encoding="utf-8")
    settings = load_settings(tmp_path)
    checks = settings.releases / "refused" / CANDIDATE / "checks"
    checks.mkdir(parents=True)
    rows = [asdict(row) for row in (RESTATED, NAMELESS, ERRORED, WARNED)]
    (checks / "gate.json").write_text(json.dumps({"results": rows}), encoding="utf-8")
    Lake(settings.lake).write_corridor(settings, run_clock(settings), "test")
    return settings


def decide(settings: Settings, check_name: str = RESTATED.check_name, **changes: object) -> Approval:
    request = ApprovalRequest(check_name, CANDIDATE, reason="A meter was read twice.", by="The secretary")
    approval, path = approve(settings, replace(request, **changes), TODAY)  # type: ignore[arg-type]
    assert path.parent == settings.approvals
    return approval


def test_approval_accepts_the_same_failing_rows_and_gives_person_and_reason(settings: Settings) -> None:
    decide(settings)
    [row] = with_approvals([RESTATED], approvals_in_force(settings, TODAY))
    assert (row.verdict, row.blocks) == ("approved", False)
    assert row.message == "A figure changes. Approved by The secretary until 2026-03-30: A meter was read twice."


@pytest.mark.parametrize(
    "row",
    [
        replace(RESTATED, digest="d2"),
        replace(RESTATED, check_name="port_throughput_is_not_restated"),
        replace(RESTATED, verdict="errored", digest=None),
        replace(RESTATED, digest=None),
    ],
    ids=["other values", "another check", "errored", "not approvable"],
)
def test_approval_accepts_no_other_rows_or_checks(settings: Settings, row: CheckResult) -> None:
    decide(settings)
    assert with_approvals([row], approvals_in_force(settings, TODAY)) == (row,)


@pytest.mark.parametrize(("day", "in_force"), [(27, False), (28, True), (31, True), (32, False)])
def test_approval_is_in_force_from_its_first_to_its_last_day(settings: Settings, day: int, in_force: bool) -> None:
    decide(settings, until=date(2026, 3, 3))
    today = date.fromordinal(date(2026, 1, 31).toordinal() + day)
    assert bool(approvals_in_force(settings, today)) is in_force


@pytest.mark.parametrize(
    ("check_name", "changes", "message"),
    [
        (NAMELESS.check_name, {}, "cannot be approved, because its failing rows are always wrong"),
        (ERRORED.check_name, {}, "errored, so it has no failing rows"),
        (WARNED.check_name, {}, "did not refuse 2026-02-28.2. Checks that did: published_values"),
        (
            RESTATED.check_name,
            {"release_id": "2026-02-28.1"},
            r"no refused candidate 2026-02-28\.1\. .*: 2026-02-28\.2",
        ),
        (RESTATED.check_name, {"until": date(2026, 2, 27)}, "is in the past. Give 2026-02-28 or a later day"),
        (RESTATED.check_name, {"reason": " "}, "--reason is empty"),
        (RESTATED.check_name, {"reason": "smpl-partner filed twice"}, "contains smpl-partner"),
    ],
)
def test_request_that_cannot_be_approved_is_refused_with_its_reason(
    settings: Settings, check_name: str, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(CorridorError, match=message):
        decide(settings, check_name, **changes)
    assert approvals_in_force(settings, TODAY) == []


def test_invalid_approval_file_is_named(settings: Settings) -> None:
    decide(settings)
    [path] = settings.approvals.iterdir()
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(CorridorError, match=r"published_values.*is not an approval.*Remove the file"):
        approvals_in_force(settings, TODAY)
