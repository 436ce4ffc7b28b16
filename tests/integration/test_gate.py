"""The release gate on a small candidate: planted faults are refused, everything else is publishable."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.core.check_result import Approval, CheckResult
from orchestration.core.clock import RunClock
from orchestration.core.settings import load_settings
from orchestration.gate.gate_process import GateWorker
from orchestration.gate.reference_tables import References, create_reference_tables
from orchestration.gate.suites import load_suites
from orchestration.gate.verification import verify
from orchestration.release.candidate import AUDIT, Candidate, audit_candidate, connect
from tests.integration.conftest import GATE, as_tested, named, spoil
from tests.integration.gate_faults import (
    BANDS,
    FAULTS,
    FAULTS_OF_MARTS,
    RESTS_ON_THREE,
    WARNINGS,
    WARNINGS_OF_MARTS,
)

TODAY = date(2026, 2, 28)
# The good candidate has old figures and a late partner; both are warnings.
WARNINGS_OF_GOOD = {"port_throughput_is_recent": "failed", "partners_have_filed_what_was_due": "failed"}
CLOCK = RunClock(TODAY, datetime(2026, 2, 28, tzinfo=UTC))


def audit(candidate: Candidate, references: References) -> CheckResult:
    return audit_candidate(candidate, load_settings(references.lake.parent), CLOCK, 10.0)


def suites_file(folder: Path, checks: str) -> Path:
    path = folder / "suites.toml"
    path.write_text(f'[[suite]]\ntable = "kpis.kpi.kpi_values"\n{checks}', encoding="utf-8")
    return path


def test_good_candidate_passes_every_check_and_is_publishable(
    worker: GateWorker, references: References, good: Candidate
) -> None:
    decision = verify(worker.check(good, references), good, as_tested(good))
    assert {row.check_name: row.verdict for row in decision.results if row.verdict != "passed"} == WARNINGS_OF_GOOD
    assert decision.publishable


def test_contradicting_public_figures_are_a_warning(
    worker: GateWorker, references: References, candidate: Candidate
) -> None:
    plant("sources that contradict each other", candidate)
    decision = verify(worker.check(candidate, references), candidate, as_tested(candidate))
    row = named(decision, "public_figures_agree")
    assert (row.verdict, row.severity, row.failing_count, decision.publishable) == ("failed", "warn", 1, True)
    assert "check_name=sources_agree" in row.message and "period_start=2024-02-01" in row.message


@pytest.mark.parametrize("fault", [*FAULTS, *FAULTS_OF_MARTS])
def test_planted_fault_is_refused(fault: str, worker: GateWorker, references: References, candidate: Candidate) -> None:
    check_name = plant(fault, candidate)
    decision = verify(worker.check(candidate, references), candidate, as_tested(candidate))
    assert named(decision, check_name).verdict == "failed"
    assert not decision.publishable


@pytest.mark.parametrize("fault", [*WARNINGS, *WARNINGS_OF_MARTS])
def test_planted_warning_does_not_block(
    fault: str, worker: GateWorker, references: References, candidate: Candidate
) -> None:
    check_name = plant(fault, candidate)
    row = named(worker.check(candidate, references), check_name)
    assert (row.verdict, row.severity, row.blocks) == ("failed", "warn", False)


def plant(fault: str, candidate: Candidate) -> str:
    """Plant a fault in the candidate; return the check that must fail."""
    public_faults = FAULTS | WARNINGS
    if fault in public_faults:
        spoil(candidate, public_faults[fault][0])
        return public_faults[fault][1]
    sql, check_name = (FAULTS_OF_MARTS | WARNINGS_OF_MARTS)[fault]
    with duckdb.connect(candidate.warehouse) as con:
        con.execute(sql)
    return check_name


def test_every_check_of_the_suites_has_a_fault_that_fails_it() -> None:
    """The fault is planted by a test, or the good candidate has it."""
    planted = FAULTS | FAULTS_OF_MARTS | WARNINGS | WARNINGS_OF_MARTS
    assert {check_name for _, check_name in planted.values()} | WARNINGS_OF_GOOD.keys() == set(
        load_suites().check_names
    )


def test_figure_that_reveals_a_suppressed_cell_is_refused(
    worker: GateWorker, references: References, candidate: Candidate
) -> None:
    spoil(
        candidate,
        "update kpi.kpi_values set status = 'published', value = 9.5, n_contributors_band = '3-4' "
        "where dimension_value = 'USLAX' and period_start = '2025-01-01'",
    )
    decision = worker.check(candidate, references).joined_by(audit(candidate, references))
    decision = verify(decision, candidate, as_tested(candidate), other_required=[AUDIT])
    assert decision.paragraph("2026-02-28.1").splitlines() == [
        f"The gate refused the candidate: 1 of {len(decision.results)} checks block. The last release stays current. "
        "To repair:",
        "  suppressed_cells_cannot_be_narrowed failed on kpis.kpi.kpi_values: From everything published, a reader can "
        "estimate suppressed cells more closely than their protection level allows. Correct the suppression in "
        "release/disclosure. Cells: terminal_kgco2e_per_teu glec_v3_2 year 2025-01-01 CNSHA.",
    ]


def test_errored_audit_and_missing_audit_both_block(
    worker: GateWorker, references: References, good: Candidate, candidate: Candidate
) -> None:
    with duckdb.connect(candidate.warehouse) as con:
        con.execute("drop table seeds.kpi_definitions")
    decision = worker.check(good, references)
    done, errored, missing = (
        verify(each, good, as_tested(good), other_required=[AUDIT])
        for each in (
            decision.joined_by(audit(good, references)),
            decision.joined_by(audit(candidate, references)),
            decision,
        )
    )
    assert [each.publishable for each in (done, errored, missing)] == [True, False, False]
    assert [(row.check_name, row.verdict) for row in errored.blocking] == [(AUDIT, "errored")]
    assert "The audit could not be carried out, so it proves nothing: " in errored.paragraph("2026-02-28.1")
    assert [(row.check_name, row.verdict, row.observed) for row in missing.blocking] == [
        ("every_required_check_ran", "failed", AUDIT)
    ]


ONE_OF_TWO, BOTH = [("H1", "*", TODAY)], [("H1", "*", TODAY), ("H2", "shore_power_use", TODAY)]


@pytest.mark.parametrize(
    ("waivers", "band", "failing"),
    [
        (BOTH, "waived", []),
        (BOTH, "3-4", [BANDS]),
        (ONE_OF_TWO, "waived", [RESTS_ON_THREE]),
        ([*ONE_OF_TWO, ("H2", "*", TODAY - timedelta(days=1))], "waived", [RESTS_ON_THREE]),
        ([*ONE_OF_TWO, ("H2", "shore_power_coverage", TODAY)], "waived", [RESTS_ON_THREE]),
    ],
)
def test_two_holdings_suffice_only_if_both_have_a_waiver_in_force(
    waivers: list[tuple[str, str, date]],
    band: str,
    failing: list[str],
    references: References,
    candidate: Candidate,
    tmp_path: Path,
) -> None:
    spoil(candidate, f"update kpi.kpi_values set n_contributors_band = '{band}' where value = 0.66")
    with duckdb.connect(candidate.warehouse) as con:
        con.execute(
            "update marts.fct_kpi_contributions set numerator = 0 "
            "where holding_id = 'H3' and kpi_id = 'shore_power_use' and period_start = '2025-01-01'"
        )
        lake = shutil.copytree(references.lake, tmp_path / "lake")
        con.execute("create temp table waivers (holding_id varchar, kpi_id varchar, until date)")
        con.executemany("insert into waivers values (?, ?, ?)", waivers)
        con.execute(f"copy waivers to '{lake}/corridor/waivers.parquet'")
    queries = {check.check_name: check.failing_rows for suite in load_suites().suite for check in suite.check}
    with connect(candidate) as con:
        create_reference_tables(con, replace(references, lake=lake), GATE.model_dump(mode="json"))
        assert [name for name in (BANDS, RESTS_ON_THREE) if con.execute(str(queries[name])).fetchall()] == failing


def test_message_gives_the_failing_rows(worker: GateWorker, references: References, candidate: Candidate) -> None:
    spoil(candidate, "update kpi.kpi_values set value = 790 where value = 79.0")
    row = named(worker.check(candidate, references), "emissions_per_teu_km_are_physical")
    assert (row.failing_count, row.observed, row.expected) == (1, "1 failing row", "between 1 and 500 g/TEU-km")
    assert row.message.endswith(
        " Failing rows: kpi_id=corridor_wtw_g_per_teu_km, method_id=glec_v3_2, period_grain=year, "
        "period_start=2025-01-01, dimension=corridor, dimension_value=LA-SHA, value=790.0."
    )


def test_low_coverage_is_a_warning(worker: GateWorker, references: References, candidate: Candidate) -> None:
    plant("few arrivals", candidate)
    decision = verify(worker.check(candidate, references), candidate, as_tested(candidate))
    assert named(decision, "yearly_coverage_is_above_the_floor").verdict == "failed"
    assert decision.publishable
    assert "To review" in decision.paragraph("2026-02-28.1")


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        ('expectation = "expect_column_values_to_be_unique"\nkwargs = { column = "nowhere" }', "nowhere"),
        ('expectation = "expect_wonders"', "expect_wonders"),
        ('expectation = "expect_column_values_to_be_between"\nkwargs = { column = "value" }', "min_value"),
        ('failing_rows = "select nowhere from kpis.kpi.kpi_values"', "nowhere"),
        ('failing_rows = "select cast(kpi_id as integer) as a from kpis.kpi.kpi_values"', "Conversion Error"),
        ('failing_rows = "select 1 as a where 1 < $least"\nkwargs = { most = 2 }', "least"),
    ],
)
def test_check_that_cannot_run_is_errored_and_blocks(
    check: str, reason: str, worker: GateWorker, references: References, good: Candidate, tmp_path: Path
) -> None:
    fields = 'check_name = "odd"\nseverity = "warn"\nexpected = "x"\nmessage = "y"'
    suites = suites_file(tmp_path, f"[[suite.check]]\n{fields}\n{check}")
    decision = verify(worker.check(good, references, suites), good, as_tested(good), suites=suites)
    assert named(decision, "odd").verdict == "errored"
    assert reason in named(decision, "odd").message
    assert not decision.publishable


def test_check_that_cannot_run_leaves_the_next_check_its_outcome(
    worker: GateWorker, references: References, good: Candidate, tmp_path: Path
) -> None:
    checks = {
        "odd": "select cast(kpi_id as integer) as a from kpis.kpi.kpi_values",
        "even": "select 1 as a where false",
    }
    fields = 'severity = "block"\nexpected = "x"\nmessage = "y"'
    suites = suites_file(
        tmp_path,
        "".join(
            f'[[suite.check]]\ncheck_name = "{name}"\n{fields}\nfailing_rows = "{query}"\n'
            for name, query in checks.items()
        ),
    )
    decision = worker.check(good, references, suites)
    assert {row.check_name: row.verdict for row in decision.results} == {"odd": "errored", "even": "passed"}


def test_restated_value_needs_an_approval_of_exactly_its_rows(
    worker: GateWorker, references: References, candidate: Candidate
) -> None:
    spoil(candidate, "update kpi.kpi_values set value = 108.0, upper = 110 where value = 81.5")
    decision = worker.check(candidate, references)
    row = named(decision, "published_values_are_not_restated")
    assert "old_value=81.5, new_value=108.0" in row.message
    assert row.behind.startswith("no submission is new")
    approval = Approval(row.check_name, str(row.digest), "2026-02-28.1", "", "So it is", "A person", TODAY, TODAY)
    approved = verify(decision, candidate, as_tested(candidate), approvals=[approval])
    assert named(approved, row.check_name).verdict == "approved"
    assert approved.publishable
    spoil(candidate, "update kpi.kpi_values set value = 109.0 where value = 108.0")
    other = verify(worker.check(candidate, references), candidate, as_tested(candidate), approvals=[approval])
    assert named(other, row.check_name).verdict == "failed"
    assert not other.publishable


def test_late_partner_is_named_only_in_the_unpublished_cause(
    worker: GateWorker, references: References, good: Candidate
) -> None:
    row = named(worker.check(good, references), "partners_have_filed_what_was_due")
    assert "partner_id=SMPL-ORCHID" in row.behind
    assert "orchid" not in row.message.lower()


def test_first_release_passes_comparisons_with_the_previous_release(
    worker: GateWorker, references: References, good: Candidate
) -> None:
    decision = verify(worker.check(good, replace(references, previous=None)), good, as_tested(good))
    row = named(decision, "published_values_are_not_restated")
    assert (row.verdict, row.observed) == ("passed", "no earlier release")
    assert decision.publishable
