"""The gate's worker process: if it dies, the candidate is refused, and it never outlives its run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.core.check_result import Decision
from orchestration.core.corridor_file import Gate
from orchestration.gate.gate_process import GateWorker
from orchestration.gate.reference_tables import References
from orchestration.gate.suites import SUITES
from orchestration.gate.verification import verify, verify_artefacts
from orchestration.gate.worker import NoAnswer, SearchResult
from orchestration.release.candidate import Candidate
from orchestration.release.manifest import sha256_of
from tests.integration.test_worker_process import has_ended

pytestmark = pytest.mark.usefixtures("unprepared_worker")


def test_killed_worker_gives_an_errored_check(good: Candidate, references: References) -> None:
    with GateWorker(Gate()) as worker:
        os.kill(worker.run(os.getpid, 60), signal.SIGKILL)
        decision = verify(worker.check(good, references), good, {})
    rows = {row.check_name: row for row in decision.results}
    assert rows["gate_answers"].verdict == "errored"
    required = SUITES.read_text(encoding="utf-8").count("check_name = ")
    assert rows["every_required_check_ran"].failing_count == required
    assert not decision.publishable


def test_artefact_at_which_the_worker_is_killed_counts_as_not_searched(good: Candidate, tmp_path: Path) -> None:
    with GateWorker(Gate()) as worker:
        pid, artefact = worker.run(os.getpid, 60), endless(tmp_path)
        searches = worker.search([artefact], frozenset({"smpl-orchid"}))
        kill_in_search(pid, artefact)
        rows = {row.check_name: row for row in verify_artefacts(Decision((), {}), good, searches).results}
    assert rows["public_artefacts_were_looked_into"].verdict == "failed"
    assert "kpis.duckdb" in rows["public_artefacts_were_looked_into"].message
    assert "it ended with code -9" in rows["public_artefacts_were_looked_into"].message


def test_artefacts_after_a_killed_worker_are_searched_by_a_fresh_one(good: Candidate, tmp_path: Path) -> None:
    with GateWorker(Gate()) as worker:
        pid, artefact = worker.run(os.getpid, 60), endless(tmp_path)
        searches = worker.search([artefact, good.kpis], frozenset({"smpl-orchid"}))
        kill_in_search(pid, artefact)
        lost, searched = searches
    assert isinstance(lost, NoAnswer)
    assert isinstance(searched, SearchResult)
    assert searched.sha256 == sha256_of(good.kpis)


def test_worker_without_an_answer_in_time_is_killed_and_gives_an_errored_check(
    good: Candidate, references: References
) -> None:
    with GateWorker(Gate(), answer_within_s=0.2) as worker:
        pid = worker.run(os.getpid, 60)
        decision = worker.check(good, references)
        assert has_ended(pid)
    assert [(row.check_name, row.verdict) for row in decision.results] == [("gate_answers", "errored")]


def test_worker_ends_with_its_parent() -> None:
    parent = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os; from orchestration.core.corridor_file import Gate\n"
            "from orchestration.gate.gate_process import GateWorker\n"
            "print(GateWorker(Gate()).run(os.getpid, 60), flush=True); os._exit(1)",
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


def endless(folder: Path) -> Path:
    """Return an artefact that nobody finishes writing."""
    os.mkfifo(folder / "kpis.csv")
    return folder / "kpis.csv"


def kill_in_search(pid: int, artefact: Path) -> None:
    """Kill a worker as soon as it has opened the endless artefact."""
    with artefact.open("w"):
        os.kill(pid, signal.SIGKILL)
