"""The release gate on a small candidate: what it lets through and what it refuses."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.core.check_result import Approval, CheckResult
from orchestration.core.clock import RunClock
from orchestration.core.settings import load_settings
from orchestration.gate.gate import GateWorker, verify
from orchestration.gate.reference_tables import Background, lay_out
from orchestration.gate.suites import load_suites
from orchestration.release.candidate import AUDIT, Candidate, audit_candidate, connect
from tests.integration.conftest import GATE, as_tested, named, spoil
from tests.integration.gate_faults import (
    BANDS,
    FAULTS,
    FAULTS_OF_MARTS,
    RESTS_ON_THREE,
    WORTH_A_LOOK,
    WORTH_A_LOOK_OF_MARTS,
)

TODAY = date(2026, 2, 28)
# The good candidate's figures are older than its day, and a partner is late: told, and no fault of it.
OUT_OF_DATE = {"port_throughput_is_recent": "failed", "partners_have_filed_what_was_due": "failed"}
CLOCK = RunClock(TODAY, datetime(2026, 2, 28, tzinfo=UTC))


def audited(candidate: Candidate, background: Background) -> CheckResult:
    return audit_candidate(candidate, load_settings(background.lake.parent), CLOCK, 10.0)


def suites_file(folder: Path, checks: str) -> Path:
    path = folder / "suites.toml"
    path.write_text(f'[[suite]]\ntable = "kpis.kpi.kpi_values"\n{checks}', encoding="utf-8")
    return path


def test_a_good_candidate_passes_every_check_and_is_proved(
    worker: GateWorker, background: Background, good: Candidate
) -> None:
    verdict = verify(worker.check(good, background), good, as_tested(good))
    assert {row.check_name: row.verdict for row in verdict.results if row.verdict != "passed"} == OUT_OF_DATE
    assert verdict.publishable


def test_public_figures_that_contradict_each_other_are_told_and_stop_nothing(
    worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    plant("sources that contradict each other", candidate)
    verdict = verify(worker.check(candidate, background), candidate, as_tested(candidate))
    row = named(verdict, "public_figures_agree")
    assert (row.verdict, row.severity, row.failing_count, verdict.publishable) == ("failed", "warn", 1, True)
    assert "check_name=sources_agree" in row.message and "period_start=2024-02-01" in row.message


@pytest.mark.parametrize("fault", [*FAULTS, *FAULTS_OF_MARTS])
def test_a_planted_fault_is_refused(
    fault: str, worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    check_name = plant(fault, candidate)
    verdict = verify(worker.check(candidate, background), candidate, as_tested(candidate))
    assert named(verdict, check_name).verdict == "failed"
    assert not verdict.publishable


@pytest.mark.parametrize("fault", [*WORTH_A_LOOK, *WORTH_A_LOOK_OF_MARTS])
def test_what_is_worth_a_look_is_told(
    fault: str, worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    check_name = plant(fault, candidate)
    row = named(worker.check(candidate, background), check_name)
    assert (row.verdict, row.severity, row.blocks) == ("failed", "warn", False)


def plant(fault: str, candidate: Candidate) -> str:
    """Spoil the candidate; returns the check that has to see it."""
    of_public = FAULTS | WORTH_A_LOOK
    if fault in of_public:
        spoil(candidate, of_public[fault][0])
        return of_public[fault][1]
    sql, check_name = (FAULTS_OF_MARTS | WORTH_A_LOOK_OF_MARTS)[fault]
    with duckdb.connect(candidate.warehouse) as con:
        con.execute(sql)
    return check_name


def test_every_check_has_been_seen_to_fail() -> None:
    """Of all that are in the suites, by a fault that is planted here or on the good candidate itself."""
    planted = FAULTS | FAULTS_OF_MARTS | WORTH_A_LOOK | WORTH_A_LOOK_OF_MARTS
    assert {check_name for _, check_name in planted.values()} | OUT_OF_DATE.keys() == set(load_suites().check_names)


def test_a_figure_that_gives_a_hidden_one_away_is_refused_and_the_hidden_one_is_named(
    worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    spoil(
        candidate,
        "update kpi.kpi_values set status = 'published', value = 9.5, n_contributors_band = '3-4' "
        "where dimension_value = 'USLAX' and period_start = '2025-01-01'",
    )
    verdict = worker.check(candidate, background).joined_by(audited(candidate, background))
    found = verify(verdict, candidate, as_tested(candidate), besides=[AUDIT])
    assert found.paragraph("2026-02-28.1").splitlines() == [
        f"The gate refused the candidate: 1 of {len(found.results)} checks block; the last release stays. "
        "What to mend:",
        "  suppressed_cells_cannot_be_narrowed failed on kpis.kpi.kpi_values: Everything published tells more of a "
        "suppressed cell than it may; see release/disclosure. "
        "Look at: terminal_kgco2e_per_teu glec_v3_2 year 2025-01-01 CNSHA.",
    ]


def test_an_audit_that_errored_and_one_that_is_missing_block_and_are_told_apart(
    worker: GateWorker, background: Background, good: Candidate, candidate: Candidate
) -> None:
    with duckdb.connect(candidate.warehouse) as con:
        con.execute("drop table seeds.kpi_definitions")
    verdict = worker.check(good, background)
    done, errored, missing = (
        verify(each, good, as_tested(good), besides=[AUDIT])
        for each in (
            verdict.joined_by(audited(good, background)),
            verdict.joined_by(audited(candidate, background)),
            verdict,
        )
    )
    assert [found.publishable for found in (done, errored, missing)] == [True, False, False]
    assert [(row.check_name, row.verdict) for row in errored.blocking] == [(AUDIT, "errored")]
    assert "The audit could not be carried out, so nothing is known: " in errored.paragraph("2026-02-28.1")
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
def test_two_holdings_are_enough_when_both_have_a_waiver_in_force(
    waivers: list[tuple[str, str, date]],
    band: str,
    failing: list[str],
    background: Background,
    candidate: Candidate,
    tmp_path: Path,
) -> None:
    spoil(candidate, f"update kpi.kpi_values set n_contributors_band = '{band}' where value = 0.66")
    with duckdb.connect(candidate.warehouse) as con:
        con.execute(
            "update marts.fct_kpi_contributions set numerator = 0 "
            "where holding_id = 'H3' and kpi_id = 'shore_power_use' and period_start = '2025-01-01'"
        )
        lake = shutil.copytree(background.lake, tmp_path / "lake")
        con.execute("create temp table waivers (holding_id varchar, kpi_id varchar, until date)")
        con.executemany("insert into waivers values (?, ?, ?)", waivers)
        con.execute(f"copy waivers to '{lake}/corridor/waivers.parquet'")
    queries = {check.check_name: check.failing_rows for suite in load_suites().suite for check in suite.check}
    with connect(candidate) as con:
        lay_out(con, replace(background, lake=lake), GATE.model_dump(mode="json"))
        assert [name for name in (BANDS, RESTS_ON_THREE) if con.execute(str(queries[name])).fetchall()] == failing


def test_a_refusal_names_the_rows_to_look_at(worker: GateWorker, background: Background, candidate: Candidate) -> None:
    spoil(candidate, "update kpi.kpi_values set value = 790 where value = 79.0")
    row = named(worker.check(candidate, background), "emissions_per_teu_km_are_physical")
    assert (row.failing_count, row.observed, row.expected) == (1, "1 failing row", "between 1 and 500 g/TEU-km")
    assert row.message.endswith(
        " Look at: kpi_id=corridor_wtw_g_per_teu_km, method_id=glec_v3_2, period_grain=year, period_start=2025-01-01, "
        "dimension=corridor, dimension_value=LA-SHA, value=790.0."
    )


def test_low_coverage_is_worth_a_look_and_does_not_block(
    worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    plant("few arrivals", candidate)
    verdict = verify(worker.check(candidate, background), candidate, as_tested(candidate))
    assert named(verdict, "yearly_coverage_is_above_the_floor").verdict == "failed"
    assert verdict.publishable
    assert "Worth a look" in verdict.paragraph("2026-02-28.1")


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        ('expectation = "expect_column_values_to_be_unique"\nkwargs = { column = "nowhere" }', "nowhere"),
        ('expectation = "expect_wonders"', "expect_wonders"),
        ('expectation = "expect_column_values_to_be_between"\nkwargs = { column = "value" }', "min_value"),
        ('failing_rows = "select nowhere from kpis.kpi.kpi_values"', "nowhere"),
        ('failing_rows = "select 1 as a where 1 < $least"\nkwargs = { most = 2 }', "least"),
    ],
)
def test_a_check_that_cannot_be_carried_out_is_errored_and_blocks(
    check: str, reason: str, worker: GateWorker, background: Background, good: Candidate, tmp_path: Path
) -> None:
    words = 'check_name = "odd"\nseverity = "warn"\nexpected = "x"\nmessage = "y"'
    suites = suites_file(tmp_path, f"[[suite.check]]\n{words}\n{check}")
    verdict = verify(worker.check(good, background, suites), good, as_tested(good), suites=suites)
    assert named(verdict, "odd").verdict == "errored"
    assert reason in named(verdict, "odd").message
    assert not verdict.publishable


def test_a_restated_value_names_its_submission_to_the_secretariat_alone_and_waits_for_a_decision(
    worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    spoil(candidate, "update kpi.kpi_values set value = 108.0, upper = 110 where value = 81.5")
    verdict = worker.check(candidate, background)
    row = named(verdict, "published_values_are_not_restated")
    assert "old_value=81.5, new_value=108.0" in row.message
    assert row.behind.startswith("no submission that is new")
    decision = Approval(row.check_name, str(row.digest), "2026-02-28.1", "", "So it is", "A person", TODAY, TODAY)
    approved = verify(verdict, candidate, as_tested(candidate), approvals=[decision])
    assert named(approved, row.check_name).verdict == "approved"
    assert approved.publishable
    spoil(candidate, "update kpi.kpi_values set value = 109.0 where value = 108.0")
    other = verify(worker.check(candidate, background), candidate, as_tested(candidate), approvals=[decision])
    assert named(other, row.check_name).verdict == "failed"
    assert not other.publishable


def test_a_late_partner_is_named_to_the_secretariat_alone(
    worker: GateWorker, background: Background, good: Candidate
) -> None:
    row = named(worker.check(good, background), "partners_have_filed_what_was_due")
    assert "partner_id=SMPL-ORCHID" in row.behind
    assert "orchid" not in row.message.lower()


def test_a_first_release_has_nothing_to_be_held_against(
    worker: GateWorker, background: Background, good: Candidate
) -> None:
    verdict = verify(worker.check(good, replace(background, previous=None)), good, as_tested(good))
    row = named(verdict, "published_values_are_not_restated")
    assert (row.verdict, row.observed) == ("passed", "no earlier release")
    assert verdict.publishable
