"""The candidate asset refuses a candidate without a complete proof; the last release stays current."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.core.clock import run_clock
from orchestration.core.corridor_file import Gate
from orchestration.core.settings import Settings
from orchestration.defs.candidate import build_candidate_asset, release
from orchestration.defs.run import Run
from orchestration.defs.run_inputs import RunInputs
from orchestration.gate.gate_process import GateWorker
from orchestration.release import swap
from orchestration.release.disclosure import suppress
from orchestration.submissions.inboxes.partner_folders import PartnerFolders
from orchestration.throughput.fetch import Fetched
from tests.support.release_home import TERMINALS, add_ports, make_home

pytestmark = pytest.mark.usefixtures("unprepared_worker")
TESTED = Path("dbt") / "target"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with a warehouse and the record of a dbt run that built and tested it."""
    home = make_home(tmp_path / "home")
    with duckdb.connect(home.warehouse) as con:
        add_ports(con)
    target = home.warehouse_dir / TESTED
    target.mkdir(parents=True)
    (target / "manifest.json").write_text(json.dumps({"nodes": {}}), encoding="utf-8")
    (target / "run_results.json").write_text(
        json.dumps({"metadata": {"invocation_id": "i1"}, "results": []}), encoding="utf-8"
    )
    record = {"invocation_id": "i1", "inputs_digest": "d1", "tables": {}}
    (target / "tested.json").write_text(json.dumps(record), encoding="utf-8")
    return home


def kill(worker: GateWorker, settings: Settings) -> None:
    os.kill(worker.run(os.getpid, 60), signal.SIGKILL)


def build_from_other_inputs(worker: GateWorker, settings: Settings) -> None:
    record = settings.warehouse_dir / TESTED / "tested.json"
    record.write_text(record.read_text(encoding="utf-8").replace("d1", "d0"), encoding="utf-8")


def lose_the_results(worker: GateWorker, settings: Settings) -> None:
    (settings.warehouse_dir / TESTED / "run_results.json").unlink()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (kill, "The gate's process gave no decision"),
        (build_from_other_inputs, "built and tested by an earlier run"),
        (lose_the_results, "built and tested by an earlier run"),
    ],
)
def test_candidate_without_proof_is_refused(
    spoil: Callable[[GateWorker, Settings], None], message: str, settings: Settings
) -> None:
    assert message in refusal(spoil, settings)
    assert swap.current_id(settings.releases) is None


def test_suppressed_cell_that_can_be_derived_is_refused_by_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = "suppressed_cells_cannot_be_narrowed failed on kpis.kpi.kpi_values"
    assert failure not in refusal(kill, settings)
    monkeypatch.setattr(suppress, "secondary_groups", lambda tables, primary: set())
    refused = refusal(kill, settings)
    assert f"{failure}: From everything published, a reader can estimate suppressed cells" in refused
    assert f"Cells: {TERMINALS} glec_v3_2 year 2025-01-01 CNSHA." in refused
    assert swap.current_id(settings.releases) is None


def refusal(spoil: Callable[[GateWorker, Settings], None], settings: Settings) -> str:
    """Return the failure message of a run in which the candidate asset fails."""
    inputs = RunInputs(run_clock(settings), Fetched(), PartnerFolders(settings), "d1", is_published=False)
    with GateWorker(Gate()) as worker:
        spoil(worker, settings)
        run = dg.ResourceDefinition.hardcoded_resource(Run(settings, inputs, worker))
        result = dg.materialize([build_candidate_asset(), release], resources={"run": run}, raise_on_error=False)
    assert not result.success
    failure = next(event for event in result.all_events if event.is_step_failure)
    return str(failure.event_specific_data)
