"""What a verdict means, how it reads, and what its page shows."""

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
FAILED = replace(PASSED, check_name="values_are_finite", verdict="failed", failing_count=2, message="Mend <it>.")
ERRORED = replace(PASSED, check_name="grid_is_complete", verdict="errored", observed=None, message="No table.")
WARNED = replace(FAILED, check_name="coverage_is_high", severity="warn", message="Ask for files.")


def verdict(*rows: CheckResult, proved: bool = True) -> Decision:
    return Decision(rows, {}, proved)


@pytest.mark.parametrize(
    ("found", "publishable"),
    [
        (verdict(PASSED), True),
        (verdict(PASSED, WARNED), True),
        (verdict(PASSED, replace(WARNED, verdict="errored")), False),
        (verdict(PASSED, replace(FAILED, verdict="approved")), True),
        (verdict(PASSED, FAILED), False),
        (verdict(PASSED, ERRORED), False),
        (verdict(PASSED, proved=False), False),
        (verdict(), False),
    ],
)
def test_only_a_proved_verdict_without_blocking_checks_is_publishable(found: Decision, publishable: bool) -> None:
    assert found.publishable is publishable


def test_the_paragraph_of_a_refusal_says_what_blocked_where_and_what_to_do() -> None:
    assert verdict(PASSED, FAILED, ERRORED, WARNED).paragraph("2026-02-28.1").splitlines() == [
        "The gate refused the candidate: 2 of 4 checks block; the last release stays. What to mend:",
        "  values_are_finite failed on kpis.kpi.kpi_values: Mend <it>.",
        "  grid_is_complete errored on kpis.kpi.kpi_values: No table.",
    ]


def test_the_paragraph_names_what_is_behind_a_refusal_and_what_to_type_if_the_figures_are_right() -> None:
    restated = replace(FAILED, behind="SMPL-AURORA voyage_legs 2025-Q1", digest="d1")
    assert verdict(restated).paragraph("2026-02-28.1").splitlines()[1:] == [
        "  values_are_finite failed on kpis.kpi.kpi_values: Mend <it>.",
        "    Behind it: SMPL-AURORA voyage_legs 2025-Q1.",
        "    If the figures are right: corridor approve values_are_finite --release 2026-02-28.1 --reason WHY --by WHO",
    ]


def test_the_paragraph_of_a_passed_gate_names_what_is_worth_a_look() -> None:
    assert verdict(PASSED, WARNED).paragraph("2026-02-28.1").splitlines() == [
        "The gate passed the candidate: 2 checks, none blocks. Worth a look:",
        "  coverage_is_high failed on kpis.kpi.kpi_values: Ask for files.",
    ]


def test_the_paragraph_does_not_call_an_unverified_verdict_passed() -> None:
    assert "has not proved" in verdict(PASSED, proved=False).paragraph("2026-02-28.1")


def test_the_report_is_a_page_by_severity_and_rows_for_programs(tmp_path: Path) -> None:
    candidate = Candidate(tmp_path, "2026-02-28.1")
    page = write_report(verdict(WARNED, PASSED, FAILED), candidate, sample=True).read_text(encoding="utf-8")
    page = page.replace("<wbr>", "")
    assert "SAMPLE" in page
    assert "1 of 3 checks block" in page
    assert page.index("values_are_finite") < page.index("keys_are_unique") < page.index("coverage_is_high")
    assert "Mend &lt;it&gt;." in page
    rows = json.loads((tmp_path / "checks" / "gate.json").read_text(encoding="utf-8"))
    assert (rows["publishable"], [row["verdict"] for row in rows["results"]]) == (False, ["failed", "passed", "failed"])


def test_the_report_names_what_is_behind_a_refusal_and_is_not_for_everybody(tmp_path: Path) -> None:
    restated = replace(FAILED, behind="SMPL-AURORA voyage_legs 2025-Q1", digest="d1")
    page = write_report(verdict(restated), Candidate(tmp_path, "2026-02-28.1"), sample=True)
    assert "Behind it: SMPL-AURORA voyage_legs 2025-Q1." in page.read_text(encoding="utf-8")
    assert "corridor approve values_are_finite --release 2026-02-28.1" in page.read_text(encoding="utf-8")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "checks").iterdir()} == {0o640}


def test_a_report_on_real_data_has_no_sample_banner(tmp_path: Path) -> None:
    page = write_report(verdict(PASSED), Candidate(tmp_path, "2026-02-28.1"), sample=False)
    assert "SAMPLE" not in page.read_text(encoding="utf-8")


def test_a_threshold_of_the_corridor_is_put_into_its_check() -> None:
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


def test_a_condition_is_short_for_the_query_of_the_rows_that_meet_it(tmp_path: Path) -> None:
    path = tmp_path / "suites.toml"
    suite = CHECK.replace('kpi_values"', 'kpi_values"\nkey = ["kpi_id", "unit"]')
    path.write_text(suite + 'failing_where = "value < $least"\nshown = ["value"]\nkwargs = { least = 1 }')
    [check] = load_suites(path).suite[0].check
    assert check.failing_rows == "select kpi_id, unit, value from kpis.kpi.kpi_values where value < $least"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (CHECK, "one of `expectation`"),
        (CHECK + 'failing_rows = "select 1"\nquery = "select 2"', "takes no `query`"),
        (CHECK + 'failing_rows = "select 1"\nfailing_where = "value < 1"', "failing_where"),
        (CHECK + 'failing_rows = "select 1"\nowner = "me"', "owner"),
        (CHECK + 'expectation = "expect_x"\napprovable = true', "for `failing_rows` alone"),
        (CHECK.replace("block", "warn") + 'failing_rows = "select 1"\napprovable = true', "a check that blocks"),
        (f'{CHECK}failing_rows = "select 1"\n{CHECK}failing_rows = "select 2"', "used twice"),
        (CHECK.replace("kpis.kpi", "kpi") + 'failing_rows = "select 1"', "table"),
        ("suite = [", "suites.toml"),
    ],
)
def test_a_suite_that_cannot_be_meant_is_refused_by_name(text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "suites.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorridorError, match=complaint):
        load_suites(path)


def test_a_threshold_that_the_corridor_cannot_set_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "suites.toml"
    lines = 'expectation = "expect_table_row_count_to_be_between"\nkwargs = { min_value = { gate = "wishes" } }'
    path.write_text(CHECK + lines, encoding="utf-8")
    with pytest.raises(CorridorError, match=r"odd names 'wishes'.*\[gate\]"):
        load_suites(path).resolved(Gate().model_dump(mode="json"))
