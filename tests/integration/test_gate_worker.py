"""The process the release gate runs in: whatever ends it, nothing is published, and it never stays behind."""

import os
import signal
import subprocess
import sys
import time

from orchestration.core.check_result import Decision
from orchestration.core.corridor_file import Gate
from orchestration.gate.gate import GateWorker, verify, verify_artefacts
from orchestration.gate.reference_tables import Background
from orchestration.gate.suites import SUITES
from orchestration.release.candidate import Candidate


def test_a_killed_worker_is_an_errored_gate(good: Candidate, background: Background) -> None:
    with GateWorker(Gate()) as worker:
        os.kill(worker.pid, signal.SIGKILL)
        verdict = verify(worker.check(good, background), good, {})
    rows = {row.check_name: row for row in verdict.results}
    assert rows["gate_answers"].verdict == "errored"
    required = SUITES.read_text(encoding="utf-8").count("check_name = ")
    assert rows["every_required_check_ran"].failing_count == required
    assert not verdict.publishable


def test_a_worker_that_is_killed_while_it_searches_has_looked_into_nothing(good: Candidate) -> None:
    with GateWorker(Gate()) as worker:
        os.kill(worker.pid, signal.SIGKILL)
        looks = worker.search([good.kpis], frozenset({"smpl-orchid"}))
        rows = {row.check_name: row for row in verify_artefacts(Decision((), {}), good, looks).results}
    assert rows["public_artefacts_were_looked_into"].verdict == "failed"
    assert "kpis.duckdb" in rows["public_artefacts_were_looked_into"].message
    assert "it ended with code -9" in rows["public_artefacts_were_looked_into"].message


def test_a_worker_that_does_not_answer_in_time_is_ended_and_is_an_errored_gate(
    good: Candidate, background: Background
) -> None:
    with GateWorker(Gate(), answer_within_s=0.2) as worker:
        verdict = worker.check(good, background)
        assert has_ended(worker.pid)
    assert [(row.check_name, row.verdict) for row in verdict.results] == [("gate_answers", "errored")]


def test_a_worker_does_not_outlive_its_parent() -> None:
    parent = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os; from orchestration.core.corridor_file import Gate\n"
            "from orchestration.gate.gate import GateWorker\n"
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
