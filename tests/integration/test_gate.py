"""The release gate on a small candidate: what it lets through, what it refuses, and what it takes as proof."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from orchestration.quality.checks import CheckRow, Verdict
from orchestration.quality.gate import GateWorker, verify, verify_artefacts
from orchestration.quality.suites import SUITES
from orchestration.release.candidate import Candidate, connect
from orchestration.release.disclose import SQL
from orchestration.settings import Gate, MonthlyTeu

GATE = Gate(min_coverage_warn=0.5, monthly_teu=[MonthlyTeu(port="CNSHA", min_teu=2.5e6, max_teu=6e6)])

FILL_PUBLIC_TABLES = """
insert into kpi.kpi_definitions by name
select 'LA-SHA' as corridor_id, * from (values
    ('corridor_wtw_g_per_teu_km', 'Corridor emissions intensity', 'g/TEU-km', 'lower', 'glec_v3_2', 'controlled'),
    ('shore_power_use', 'Use of shore power', '1', 'higher', 'glec_v3_2', 'controlled'),
    ('port_throughput_teu', 'Port throughput', 'TEU', 'none', 'none', 'public')
) as t (kpi_id, name, unit, better, method_ids, disclosure);

insert into kpi.kpi_values by name
select
    'LA-SHA' as corridor_id, *, 'glec_v3_2' as method_id, '3-4' as n_contributors_band,
    'two_sources' as factor_evidence, 0.9 as primary_data_share, 0.0 as energy_without_factor_share,
    'corridor' as dimension, 'LA-SHA' as dimension_value, 1 as formula_version
from (values
    ('corridor_wtw_g_per_teu_km', 'year', date '2024-01-01', date '2024-12-31', 81.5, 78.0, 85.0, 0.96, 'g/TEU-km',
        'published'),
    ('corridor_wtw_g_per_teu_km', 'year', '2025-01-01', '2025-12-31', 79.0, 76.0, 82.0, 0.97, 'g/TEU-km', 'published'),
    ('shore_power_use', 'year', '2024-01-01', '2024-12-31', 0.61, null, null, 0.96, '1', 'published'),
    ('shore_power_use', 'year', '2025-01-01', '2025-12-31', 0.66, null, null, 0.97, '1', 'published')
) as t (kpi_id, period_grain, period_start, period_end, value, lower, upper, coverage, unit, status);

insert into kpi.kpi_values by name
select
    'LA-SHA' as corridor_id, 'shore_power_use' as kpi_id, 'glec_v3_2' as method_id, 'month' as period_grain,
    date '2025-06-01' as period_start, date '2025-06-30' as period_end, 'port' as dimension,
    'USLGB' as dimension_value, '1' as unit, 'suppressed' as status, 1 as formula_version;

insert into kpi.kpi_values by name
select
    'LA-SHA' as corridor_id, 'port_throughput_teu' as kpi_id, 'none' as method_id, 'year' as period_grain,
    date '2024-01-01' as period_start, date '2024-12-31' as period_end, 'port' as dimension,
    'CNSHA' as dimension_value, 51.5e6 as value, 'TEU' as unit, 'published' as status, 1 as formula_version;

create table kpi.kpi_latest as select distinct period_grain, period_start from kpi.kpi_values;

insert into kpi.port_throughput_monthly by name
select 'LA-SHA' as corridor_id, month, 'CNSHA' as port_locode, 'Shanghai' as port_name, 4.1e6 as total_teu
from (values (date '2024-01-01'), (date '2024-02-01')) as t (month);
"""

# A fault in the public file, and the check that has to see it.
FAULTS = {
    "NaN": ("update kpi.kpi_values set value = 'nan' where value = 79.0", "kpi_figures_are_finite"),
    "infinite interval": ("update kpi.kpi_values set upper = 'inf' where value = 79.0", "kpi_figures_are_finite"),
    "infinite value": (
        "update kpi.kpi_values set value = 'inf' where value = 79.0",
        "emissions_per_teu_km_are_physical",
    ),
    "grams as kilograms": (
        "update kpi.kpi_values set value = 0.079 where value = 79.0",
        "emissions_per_teu_km_are_physical",
    ),
    "share in percent": ("update kpi.kpi_values set value = 66 where value = 0.66", "shares_are_between_0_and_1"),
    "cell twice": ("insert into kpi.kpi_values from kpi.kpi_values where value = 79.0", "kpi_values_keys_are_unique"),
    "KPI vanished": ("delete from kpi.kpi_values where kpi_id = 'shore_power_use'", "kpi_grid_is_complete"),
    "year of a KPI vanished": ("delete from kpi.kpi_values where value = 0.61", "kpi_grid_is_complete"),
    "cell lost": ("delete from kpi.kpi_values where status = 'suppressed'", "kpi_values_are_the_cells_of_fct_kpi"),
    "suppressed value shown": (
        "update kpi.kpi_values set value = 0.5 where status = 'suppressed'",
        "unpublished_rows_have_no_figures",
    ),
    "suppressed coverage shown": (
        "update kpi.kpi_values set coverage = 0.5 where status = 'suppressed'",
        "unpublished_rows_have_no_figures",
    ),
    "published without value": (
        "update kpi.kpi_values set value = null where value = 0.66",
        "published_rows_have_a_value",
    ),
    "two contributors": (
        "update kpi.kpi_values set n_contributors_band = null where value = 0.66",
        "published_cells_have_three_contributors",
    ),
    "interval beside its value": (
        "update kpi.kpi_values set lower = 80 where value = 79.0",
        "values_are_not_below_their_interval",
    ),
    "unknown unit": ("update kpi.kpi_values set unit = 'kg/TEU-mile' where value = 79.0", "kpi_units_are_known"),
    "half a year": (
        "update kpi.kpi_values set period_end = '2025-06-30' where value = 79.0",
        "kpi_periods_are_months_quarters_or_years",
    ),
    "column missing": (
        "alter table kpi.kpi_values drop column coverage",
        "kpi_values_has_the_columns_of_its_contract",
    ),
    "no headline": (
        "update kpi.kpi_values set status = 'no_data', value = null, lower = null, upper = null where lower > 1",
        "headline_is_published_for_a_year",
    ),
    "Shanghai misread": (
        "update kpi.port_throughput_monthly set total_teu = 410000 where month = '2024-02-01'",
        "port_throughput_is_within_the_ports_range",
    ),
    "negative boxes": (
        "update kpi.port_throughput_monthly set empty_exports_teu = -1 where month = '2024-02-01'",
        "port_throughput_is_not_negative",
    ),
    "table nobody checks": ("create table kpi.partners as select 1 as a", "public_file_holds_only_known_tables"),
}


@pytest.fixture(scope="module")
def worker() -> Iterator[GateWorker]:
    with GateWorker(GATE) as worker:
        yield worker


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("lake")
    (lake / "corridor").mkdir()
    with duckdb.connect() as con:
        con.execute(f"copy (select 'SMPL-ORCHID' as partner_id) to '{lake}/corridor/partners.parquet'")
        con.execute(f"copy (select 'SMPL-PIER-7' as terminal_code) to '{lake}/corridor/terminals.parquet'")
    return lake


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """Two controlled KPIs over two years, one suppressed month, and public throughput."""
    candidate = Candidate(tmp_path_factory.mktemp("candidate") / "2026-02-28.1", "2026-02-28.1")
    candidate.warehouse.parent.mkdir(parents=True)
    candidate.public.mkdir()
    duckdb.connect(str(candidate.warehouse)).close()
    with connect(candidate, writable=True) as con:
        con.execute((SQL / "schema.sql").read_text(encoding="utf-8"))
        con.execute(FILL_PUBLIC_TABLES)
    with duckdb.connect(str(candidate.warehouse)) as con:
        con.execute(f"attach '{candidate.kpis}' as kpis (read_only)")
        con.execute("create schema marts")
        con.execute("create table marts.fct_kpi as select *, 'measured' as variant from kpis.kpi.kpi_values")
        con.execute("create table marts.fct_voyages as select 1 as voyage_key")
    return candidate


@pytest.fixture
def candidate(good: Candidate, tmp_path: Path) -> Candidate:
    """A copy of the good candidate, for a test to spoil."""
    shutil.copytree(good.path, tmp_path / "candidate")
    return replace(good, path=tmp_path / "candidate")


def spoil(candidate: Candidate, sql: str) -> None:
    with connect(candidate, writable=True) as con:
        con.execute(sql)


def named(verdict: Verdict, check_name: str) -> CheckRow:
    return next(row for row in verdict.results if row.check_name == check_name)


def suites_file(folder: Path, checks: str) -> Path:
    path = folder / "suites.toml"
    path.write_text(f'[[suite]]\ntable = "kpis.kpi.kpi_values"\n{checks}', encoding="utf-8")
    return path


def test_a_good_candidate_passes_every_check_and_is_proved(worker: GateWorker, good: Candidate) -> None:
    verdict = verify(worker.check(good), good)
    assert [row for row in verdict.results if row.verdict != "passed"] == []
    assert verdict.publishable


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_refused(fault: str, worker: GateWorker, candidate: Candidate) -> None:
    sql, check_name = FAULTS[fault]
    spoil(candidate, sql)
    verdict = verify(worker.check(candidate), candidate)
    assert named(verdict, check_name).verdict == "failed"
    assert not verdict.publishable


def test_a_refusal_names_the_rows_to_look_at(worker: GateWorker, candidate: Candidate) -> None:
    spoil(candidate, "update kpi.kpi_values set value = 790 where value = 79.0")
    row = named(worker.check(candidate), "emissions_per_teu_km_are_physical")
    assert (row.failing_count, row.observed, row.expected) == (1, "1 of 2 rows", "between 1 and 500 g/TEU-km")
    assert "value=790.0, kpi_id=corridor_wtw_g_per_teu_km" in row.message
    assert "period_start=2025-01-01" in row.message


def test_low_coverage_is_worth_a_look_and_does_not_block(worker: GateWorker, candidate: Candidate) -> None:
    spoil(candidate, "update kpi.kpi_values set coverage = 0.4 where value = 79.0")
    verdict = verify(worker.check(candidate), candidate)
    assert named(verdict, "yearly_coverage_is_above_the_floor").verdict == "failed"
    assert verdict.publishable
    assert "Worth a look" in verdict.paragraph()


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        ('expectation = "expect_column_values_to_be_unique"\nkwargs = { column = "nowhere" }', "nowhere"),
        ('expectation = "expect_wonders"', "expect_wonders"),
        ('expectation = "expect_column_values_to_be_between"\nkwargs = { column = "value" }', "min_value"),
        ('failing_rows = "select nowhere from kpis.kpi.kpi_values"', "nowhere"),
    ],
)
def test_a_check_that_cannot_be_carried_out_is_errored_and_blocks(
    check: str, reason: str, worker: GateWorker, good: Candidate, tmp_path: Path
) -> None:
    words = 'check_name = "odd"\nseverity = "block"\nexpected = "x"\nmessage = "y"'
    suites = suites_file(tmp_path, f"[[suite.check]]\n{words}\n{check}")
    verdict = verify(worker.check(good, suites), good, suites)
    assert named(verdict, "odd").verdict == "errored"
    assert reason in named(verdict, "odd").message
    assert not verdict.publishable


def test_a_table_changed_after_the_check_is_not_published(worker: GateWorker, candidate: Candidate) -> None:
    verdict = worker.check(candidate)
    spoil(candidate, "update kpi.kpi_values set value = 78.9 where value = 79.0")
    row = named(verify(verdict, candidate), "tables_are_those_the_gate_saw")
    assert (row.verdict, row.observed) == ("failed", "kpis.kpi.kpi_values")


def test_a_check_without_a_result_is_not_taken_as_passed(worker: GateWorker, good: Candidate) -> None:
    verdict = worker.check(good)
    shortened = replace(verdict, results=verdict.results[1:])
    row = named(verify(shortened, good), "every_required_check_ran")
    assert (row.verdict, row.observed) == ("failed", verdict.results[0].check_name)


@pytest.mark.parametrize("content", ["suite = []", '[[suite]]\ntable = "kpis.kpi.kpi_values"\ncheck = []'])
def test_an_empty_suite_blocks(content: str, worker: GateWorker, good: Candidate, tmp_path: Path) -> None:
    suites = tmp_path / "suites.toml"
    suites.write_text(content, encoding="utf-8")
    verdict = verify(worker.check(good, suites), good, suites)
    assert named(verdict, "every_suite_has_checks").verdict == "failed"
    assert not verdict.publishable


def test_a_candidate_whose_artefacts_name_nobody_stays_publishable(
    worker: GateWorker, candidate: Candidate, lake: Path
) -> None:
    verdict = verify(worker.check(candidate), candidate)
    (candidate.public / "scorecard.html").write_text("<p>81.5 g/TEU-km in 2024.</p>", encoding="utf-8")
    assert verify_artefacts(verdict, candidate, lake).publishable


def test_an_artefact_that_names_somebody_blocks_without_repeating_the_name(
    worker: GateWorker, candidate: Candidate, lake: Path
) -> None:
    verdict = verify(worker.check(candidate), candidate)
    (candidate.public / "scorecard.html").write_text("<p>With thanks to smpl-orchid.</p>", encoding="utf-8")
    final = verify_artefacts(verdict, candidate, lake)
    row = named(final, "public_artefacts_name_nobody")
    assert "scorecard.html" in row.message
    assert "orchid" not in str(row).lower()
    assert not final.publishable


def test_a_table_changed_while_artefacts_are_made_is_not_published(
    worker: GateWorker, candidate: Candidate, lake: Path
) -> None:
    verdict = verify(worker.check(candidate), candidate)
    spoil(candidate, "delete from kpi.kpi_definitions where kpi_id = 'shore_power_use'")
    row = named(verify_artefacts(verdict, candidate, lake), "published_tables_are_those_the_gate_saw")
    assert (row.verdict, row.observed) == ("failed", "kpis.kpi.kpi_definitions")


def test_a_candidate_without_a_database_is_errored_and_the_worker_lives_on(
    worker: GateWorker, good: Candidate, tmp_path: Path
) -> None:
    nothing = Candidate(tmp_path, "2026-02-28.2")
    verdict = verify(worker.check(nothing), nothing)
    assert named(verdict, "gate_answers").verdict == "errored"
    assert not verdict.publishable
    assert worker.check(good).blocking == ()


def test_a_killed_worker_is_an_errored_gate(good: Candidate) -> None:
    with GateWorker(GATE) as worker:
        os.kill(worker.pid, signal.SIGKILL)
        verdict = verify(worker.check(good), good)
    assert named(verdict, "gate_answers").verdict == "errored"
    assert (
        len(SUITES.read_text(encoding="utf-8").split("check_name = ")) - 1
        == named(verdict, "every_required_check_ran").failing_count
    )
    assert not verdict.publishable


def test_a_worker_that_does_not_answer_in_time_is_ended_and_is_an_errored_gate(good: Candidate) -> None:
    with GateWorker(GATE, answer_within_s=0.2) as worker:
        verdict = worker.check(good)
        assert has_ended(worker.pid)
    assert named(verdict, "gate_answers").verdict == "errored"


def test_a_worker_does_not_outlive_its_parent() -> None:
    parent = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os; from orchestration.quality.gate import GateWorker; from orchestration.settings import Gate;"
            "print(GateWorker(Gate()).pid, flush=True); os._exit(1)",
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    pid = int(parent.stdout)
    deadline = time.monotonic() + 30
    while not has_ended(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert has_ended(pid)


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or waits only for somebody to take note of its end."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], stdout=subprocess.PIPE, text=True, check=False)
    return state.stdout.strip()[:1] in ("", "Z")
