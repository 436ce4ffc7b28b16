"""What the release adds to a run: disclosure, audit, gate and exports, each on a home that has run, imports aside.

Belongs here: those steps in the order of a run, the gate in this process so that its CPU can be seen.
In a run the audit goes on beside the gate. Printed by `make bench`.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.clock import run_clock
from orchestration.quality.background import Background, lay_out
from orchestration.quality.checks import Verdict
from orchestration.quality.gate import verify, verify_artefacts
from orchestration.quality.suites import load_suites
from orchestration.release.candidate import (
    COPIED_SCHEMAS,
    Candidate,
    attest,
    audit_candidate,
    build_candidate,
    complete_candidate,
    connect,
)
from orchestration.release.digest import digests_of
from orchestration.settings import Settings, load_settings
from orchestration.warehouse import dbt_manifest

Cost = dict[str, tuple[float, float]]


def main(home: Path) -> None:
    """Print CPU and wall seconds of each step; the first candidate warms up, and nothing is published."""
    import orchestration.release.disclosure.audit
    import orchestration.release.disclosure.suppress
    import orchestration.release.scorecard.page  # noqa: F401  these bring SciPy and Vega

    settings = load_settings(home)
    for _ in range(2):
        cost: Cost = {}
        shutil.rmtree(_release(settings, cost).path)
    cost["disclosure, audit, gate and exports"] = (sum(c for c, _ in cost.values()), sum(w for _, w in cost.values()))
    for what, (cpu, wall) in cost.items():
        print(f"{what:40s} {wall:6.2f} s  (CPU {cpu:.2f} s)", flush=True)


def _release(settings: Settings, cost: Cost) -> Candidate:
    clock, p = run_clock(settings), settings.disclosure_p
    with _measured("  candidate, disclosed", cost):
        candidate = build_candidate(settings, clock, p)
    with _measured("  audit", cost):
        audited = audit_candidate(candidate, settings, clock, p)
    with _measured("  gate", cost):
        verdict = _gate(candidate, settings).joined_by(audited)
    with connect(candidate) as con:
        tested = digests_of(con, "warehouse", COPIED_SCHEMAS)
    with _measured("  proof", cost):
        verdict = verify(verdict, candidate, tested)
    with _measured("  exports", cost):
        complete_candidate(
            candidate, settings, clock, checks=verdict.results, inputs_digest="bench", code_version="bench"
        )
    with _measured("  search for names", cost):
        assert verify_artefacts(verdict, candidate, settings.lake).publishable
    return candidate


def _gate(candidate: Candidate, settings: Settings) -> Verdict:
    """What the gate's worker does with one question."""
    from orchestration.quality.expectations import Inspection

    gate = settings.file.gate.model_dump(mode="json")
    background = Background(settings.lake, dbt_manifest(settings), settings.current.resolve())
    with connect(candidate) as con:
        attested = attest(con)
        lay_out(con, background, gate)
        return Verdict(tuple(Inspection(con, has_previous=True).run(load_suites().resolved(gate))), attested)


@contextmanager
def _measured(what: str, cost: Cost) -> Iterator[None]:
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    cost[what] = time.process_time() - cpu, time.perf_counter() - wall
