"""Fixtures of the integration tests: an empty home with its warehouse, and a small candidate for the gate."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.core.check_result import CheckResult, Decision
from orchestration.core.clock import RunClock, run_clock
from orchestration.core.corridor_file import Gate, MonthlyTeu
from orchestration.core.lake import Lake
from orchestration.core.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.gate import gate_process
from orchestration.gate.gate_process import GateWorker
from orchestration.gate.reference_tables import References
from orchestration.release.candidate import COPIED_SCHEMAS, Candidate, connect
from orchestration.release.disclosure.disclose import create_public_tables
from orchestration.release.table_digest import digests_of
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.warehouse import dbt_process
from orchestration.warehouse.dbt_command import load_manifest, run_dbt
from tests.conftest import MadeOnce
from tests.support.release_home import KPI_TERMS
from tests.support.warm import FORKED

dbt_process.PROCESSES = FORKED
GATE_CANDIDATE = Path(__file__).parent / "gate_candidate.sql"
GATE_MARTS = Path(__file__).parent / "gate_marts.sql"
GATE = Gate(min_coverage_warn=0.5, monthly_teu=[MonthlyTeu(port="CNSHA", min_teu=2.5e6, max_teu=6e6)])


@pytest.fixture(scope="session")
def empty_home(made_once: MadeOnce, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The home of a corridor without submissions, with its warehouse built and tested."""
    made = made_once("empty_home", build_empty_home)
    return load_settings(shutil.copytree(made, tmp_path_factory.mktemp("empty") / "home"))


def build_empty_home(home: Path) -> None:
    shutil.copy(PROJECT_ROOT / "orchestration" / "cli" / "starter.toml", home / "corridor.toml")
    settings = load_settings(home)
    lake = Lake(settings.lake)
    lake.write_schemas(CONTRACTS.values(), [])
    lake.write_submissions([])
    lake.write_corridor(settings, run_clock(settings), "test")
    load_manifest(settings)
    results = run_dbt(settings, ["build", "--exclude-resource-type", "unit_test"])
    assert {r.status for r in results} <= {"success", "pass", "no-op"}


@pytest.fixture(scope="session")
def manifest(empty_home: Settings) -> Mapping[str, Any]:
    """Dbt's manifest of the project."""
    return load_manifest(empty_home)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """A candidate with two controlled KPIs over two years, one suppressed month, and public throughput."""
    candidate = Candidate(tmp_path_factory.mktemp("candidate") / "2026-02-28.1", "2026-02-28.1")
    candidate.warehouse.parent.mkdir(parents=True)
    candidate.public.mkdir()
    duckdb.connect(str(candidate.warehouse)).close()
    with connect(candidate, writable=True) as con:
        create_public_tables(con)
        con.execute(GATE_CANDIDATE.read_text(encoding="utf-8"))
    with duckdb.connect(str(candidate.warehouse)) as con:
        con.execute(f"attach '{candidate.kpis}' as kpis (read_only)")
        con.execute("create schema marts")
        con.execute("create table marts.fct_kpi as select *, 'measured' as variant from kpis.kpi.kpi_values")
        con.execute(GATE_MARTS.read_text(encoding="utf-8"))
        con.execute(f"create table seeds.kpi_terms as from read_csv('{KPI_TERMS}', header = true, all_varchar = true)")
    return candidate


@pytest.fixture(scope="module")
def references(good: Candidate, tmp_path_factory: pytest.TempPathFactory) -> References:
    """References of the small candidate: a lake with a late partner, a contract, and an equal previous release."""
    home = tmp_path_factory.mktemp("references")
    config = (PROJECT_ROOT / "orchestration" / "cli" / "starter.toml").read_text(encoding="utf-8")
    (home / "corridor.toml").write_text(config.replace("carrier-1", "SMPL-ORCHID"), encoding="utf-8")
    settings = load_settings(home)
    lake = Lake(settings.lake)
    filed = {
        "submission_id": "s2025", "partner_id": "SMPL-ORCHID", "dataset": "voyage_legs", "period": "2025-01",
        "period_start": "2025-01-01", "period_end": "2025-01-31", "received_at": "2025-02-10 12:00:00",
        "verdict": "accepted",
    }  # fmt: skip
    lake.write_submissions([filed])
    lake.write_corridor(settings, RunClock(date(2026, 2, 28), datetime(2026, 2, 28, tzinfo=UTC)), "test")
    column = {"config": {"contract": {"enforced": True}}, "columns": {"voyage_id": {}}}
    node = {"resource_type": "model", "schema": "marts", "alias": "fct_voyages", **column}
    (home / "manifest.json").write_text(json.dumps({"nodes": {"fct_voyages": node}}), encoding="utf-8")
    return References(settings.lake, home / "manifest.json", previous_release(good, home))


def previous_release(good: Candidate, folder: Path) -> Candidate:
    """Return the good candidate as a release of the month before."""
    previous = replace(good, path=Path(shutil.copytree(good.path, folder / "2026-01-31.1")))
    with connect(previous, writable=True) as con:
        con.execute(
            "insert into kpi.releases values ('LA-SHA', '2026-01-31.1', 'Corridor', null, false, '2026-01-31', "
            "'2026-01-31', 'test', null, null)"
        )
    return previous


@pytest.fixture(scope="session")
def worker() -> Iterator[GateWorker]:
    with GateWorker(GATE) as worker:
        yield worker


@pytest.fixture
def unprepared_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gate workers of the test do not import Great Expectations ahead of time, which it does not need."""
    monkeypatch.setattr(gate_process, "prepare", int)


@pytest.fixture
def candidate(good: Candidate, tmp_path: Path) -> Candidate:
    """A copy of the good candidate, in which a test may plant faults."""
    shutil.copytree(good.path, tmp_path / "candidate")
    return replace(good, path=tmp_path / "candidate")


def spoil(candidate: Candidate, sql: str) -> None:
    with connect(candidate, writable=True) as con:
        con.execute(sql)


def as_tested(candidate: Candidate) -> dict[str, str]:
    """Return the digests of the present marts, as if dbt had tested them."""
    with connect(candidate) as con:
        return digests_of(con, "warehouse", COPIED_SCHEMAS)


def named(decision: Decision, check_name: str) -> CheckResult:
    return next(row for row in decision.results if row.check_name == check_name)
