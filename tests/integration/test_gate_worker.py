"""The gate's worker process: if it dies, the candidate is refused, and it never outlives its run."""

import os
import signal
import subprocess
import sys
import time

from orchestration.core.check_result import Decision
from orchestration.core.corridor_file import Gate
from orchestration.gate.gate_process import GateWorker
from orchestration.gate.reference_tables import References
from orchestration.gate.suites import SUITES
from orchestration.gate.verification import verify, verify_artefacts
from orchestration.release.candidate import Candidate


def test_killed_worker_gives_an_errored_check(good: Candidate, references: References) -> None:
    with GateWorker(Gate()) as worker:
        os.kill(worker.pid, signal.SIGKILL)
        decision = verify(worker.check(good, references), good, {})
    rows = {row.check_name: row for row in decision.results}
    assert rows["gate_answers"].verdict == "errored"
    required = SUITES.read_text(encoding="utf-8").count("check_name = ")
    assert rows["every_required_check_ran"].failing_count == required
    assert not decision.publishable


def test_artefacts_of_a_killed_worker_count_as_not_searched(good: Candidate) -> None:
    with GateWorker(Gate()) as worker:
        os.kill(worker.pid, signal.SIGKILL)
        searches = worker.search([good.kpis], frozenset({"smpl-orchid"}))
        rows = {row.check_name: row for row in verify_artefacts(Decision((), {}), good, searches).results}
    assert rows["public_artefacts_were_looked_into"].verdict == "failed"
    assert "kpis.duckdb" in rows["public_artefacts_were_looked_into"].message
    assert "it ended with code -9" in rows["public_artefacts_were_looked_into"].message


def test_worker_without_an_answer_in_time_is_killed_and_gives_an_errored_check(
    good: Candidate, references: References
) -> None:
    with GateWorker(Gate(), answer_within_s=0.2) as worker:
        decision = worker.check(good, references)
        assert has_ended(worker.pid)
    assert [(row.check_name, row.verdict) for row in decision.results] == [("gate_answers", "errored")]


def test_worker_ends_with_its_parent() -> None:
    parent = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os; from orchestration.core.corridor_file import Gate\n"
            "from orchestration.gate.gate_process import GateWorker\n"
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
    """Return whether a process has ended; a zombie counts as ended."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], stdout=subprocess.PIPE, text=True, check=False)
    return state.stdout.strip()[:1] in ("", "Z")
