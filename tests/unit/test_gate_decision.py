"""The gate's decision: when a candidate is publishable, and the text, the page and the suites."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.core.check_result import CheckResult, Decision
from orchestration.core.corridor_file import Gate
from orchestration.core.errors import CorridorError
from orchestration.gate.report import write_report
from orchestration.gate.suites import load_suites
from orchestration.release.candidate import Candidate

PASSED = CheckResult(
    "keys_are_unique", "kpis.kpi.kpi_values", "block", "passed", "0 failing of 9 rows", "unique", 0, ""
)
FAILED = replace(PASSED, check_name="values_are_finite", verdict="failed", failing_count=2, message="Repair <it>.")
ERRORED = replace(PASSED, check_name="grid_is_complete", verdict="errored", observed=None, message="No table.")
WARNED = replace(FAILED, check_name="coverage_is_high", severity="warn", message="Ask for files.")


def decision(*rows: CheckResult, proved: bool = True) -> Decision:
    return Decision(rows, {}, proved)


@pytest.mark.parametrize(
    ("made", "publishable"),
    [
        (decision(PASSED), True),
        (decision(PASSED, WARNED), True),
        (decision(PASSED, replace(WARNED, verdict="errored")), False),
        (decision(PASSED, replace(FAILED, verdict="approved")), True),
        (decision(PASSED, FAILED), False),
        (decision(PASSED, ERRORED), False),
        (decision(PASSED, proved=False), False),
        (decision(), False),
    ],
)
def test_only_a_proved_decision_without_blocking_checks_is_publishable(made: Decision, publishable: bool) -> None:
    assert made.publishable is publishable


def test_paragraph_of_a_refusal_gives_check_table_and_action() -> None:
    assert decision(PASSED, FAILED, ERRORED, WARNED).paragraph("2026-02-28.1").splitlines() == [
        "The gate refused the candidate: 2 of 4 checks block. The last release stays current. To repair:",
        "  values_are_finite failed on kpis.kpi.kpi_values: Repair <it>.",
        "  grid_is_complete errored on kpis.kpi.kpi_values: No table.",
    ]


def test_paragraph_of_a_refusal_gives_cause_and_approve_command() -> None:
    restated = replace(FAILED, behind="SMPL-AURORA voyage_legs 2025-Q1", digest="d1")
    assert decision(restated).paragraph("2026-02-28.1").splitlines()[1:] == [
        "  values_are_finite failed on kpis.kpi.kpi_values: Repair <it>.",
        "    Cause: SMPL-AURORA voyage_legs 2025-Q1.",
        "    If the figures are right: corridor approve values_are_finite --release 2026-02-28.1 --reason WHY --by WHO",
    ]


def test_paragraph_of_a_publishable_candidate_gives_warnings() -> None:
    assert decision(PASSED, WARNED).paragraph("2026-02-28.1").splitlines() == [
        "The gate passed the candidate: 2 checks, none blocks. To review:",
        "  coverage_is_high failed on kpis.kpi.kpi_values: Ask for files.",
    ]


def test_paragraph_of_an_unverified_decision_does_not_say_passed() -> None:
    assert "has not verified" in decision(PASSED, proved=False).paragraph("2026-02-28.1")


def test_report_has_a_page_by_severity_and_a_json_file(tmp_path: Path) -> None:
    candidate = Candidate(tmp_path, "2026-02-28.1")
    page = write_report(decision(WARNED, PASSED, FAILED), candidate, sample=True).read_text(encoding="utf-8")
    page = page.replace("<wbr>", "")
    assert "SAMPLE" in page
    assert "1 of 3 checks block" in page
    assert page.index("values_are_finite") < page.index("keys_are_unique") < page.index("coverage_is_high")
    assert "Repair &lt;it&gt;." in page
    rows = json.loads((tmp_path / "checks" / "gate.json").read_text(encoding="utf-8"))
    assert (rows["publishable"], [row["verdict"] for row in rows["results"]]) == (False, ["failed", "passed", "failed"])


def test_report_gives_the_cause_and_is_not_world_readable(tmp_path: Path) -> None:
    restated = replace(FAILED, behind="SMPL-AURORA voyage_legs 2025-Q1", digest="d1")
    page = write_report(decision(restated), Candidate(tmp_path, "2026-02-28.1"), sample=True)
    assert "Cause: SMPL-AURORA voyage_legs 2025-Q1." in page.read_text(encoding="utf-8")
    assert "corridor approve values_are_finite --release 2026-02-28.1" in page.read_text(encoding="utf-8")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "checks").iterdir()} == {0o640}


def test_report_on_real_data_has_no_sample_banner(tmp_path: Path) -> None:
    page = write_report(decision(PASSED), Candidate(tmp_path, "2026-02-28.1"), sample=False)
    assert "SAMPLE" not in page.read_text(encoding="utf-8")


def test_threshold_of_the_corridor_replaces_its_placeholder() -> None:
    suites = load_suites().resolved(Gate(min_coverage_warn=0.7).model_dump(mode="json"))
    check = next(c for s in suites.suite for c in s.check if c.check_name == "yearly_coverage_is_above_the_floor")
    assert check.kwargs["min_value"] == 0.7
    assert check.expected == "0.7 or more ([gate] min_coverage_warn)"


CHECK = """
[[suite]]
table = "kpis.kpi.kpi_values"
[[suite.check]]
check_name = "odd"
severity = "block"
expected = "x"
message = "y"
"""


def test_failing_where_becomes_a_query_of_failing_rows(tmp_path: Path) -> None:
    path = tmp_path / "suites.toml"
    suite = CHECK.replace('kpi_values"', 'kpi_values"\nkey = ["kpi_id", "unit"]')
    path.write_text(suite + 'failing_where = "value < $least"\nshown = ["value"]\nkwargs = { least = 1 }')
    [check] = load_suites(path).suite[0].check
    assert check.failing_rows == "select kpi_id, unit, value from kpis.kpi.kpi_values where value < $least"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CHECK, "one of `expectation`"),
        (CHECK + 'failing_rows = "select 1"\nquery = "select 2"', "`query` belongs to `expectation`"),
        (CHECK + 'failing_rows = "select 1"\nfailing_where = "value < 1"', "failing_where"),
        (CHECK + 'failing_rows = "select 1"\nowner = "me"', "owner"),
        (CHECK + 'expectation = "expect_x"\napprovable = true', "need `failing_rows`"),
        (CHECK.replace("block", "warn") + 'failing_rows = "select 1"\napprovable = true', "needs severity `block`"),
        (f'{CHECK}failing_rows = "select 1"\n{CHECK}failing_rows = "select 2"', "used twice"),
        (CHECK.replace("kpis.kpi", "kpi") + 'failing_rows = "select 1"', "table"),
        ("suite = [", "suites.toml"),
    ],
)
def test_invalid_suite_is_refused_with_its_fault(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "suites.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorridorError, match=message):
        load_suites(path)


def test_unknown_threshold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "suites.toml"
    lines = 'expectation = "expect_table_row_count_to_be_between"\nkwargs = { min_value = { gate = "wishes" } }'
    path.write_text(CHECK + lines, encoding="utf-8")
    with pytest.raises(CorridorError, match=r"'wishes' in the gate's check odd.*\[gate\]"):
        load_suites(path).resolved(Gate().model_dump(mode="json"))
