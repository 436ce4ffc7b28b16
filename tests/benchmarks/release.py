"""What the release adds to a run: disclosure, audit, gate, exports and the search for names, imports aside.

Belongs here: those steps one after another, all in this process so that their CPU can be seen; and, as a run does
them, several at once. Printed by `make bench`.
"""

import json
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from orchestration.core.clock import run_clock
from orchestration.core.settings import Settings, load_settings
from orchestration.defs.candidate import build_candidate_asset
from orchestration.defs.run import Run
from orchestration.defs.run_inputs import RunInputs
from orchestration.gate.gate_process import GateWorker
from orchestration.gate.reference_tables import References
from orchestration.gate.suites import SUITES
from orchestration.gate.verification import verify, verify_artefacts
from orchestration.gate.worker import check, search
from orchestration.release.candidate import (
    COPIED_SCHEMAS,
    Candidate,
    Origin,
    audit_candidate,
    build_candidate,
    complete_candidate,
    connect,
)
from orchestration.release.identifiers import input_identifiers
from orchestration.release.release_folder import ReleasesRoot
from orchestration.release.swap import BUILDING
from orchestration.release.table_digest import digests_of
from orchestration.submissions.inboxes.partner_folders import PartnerFolders
from orchestration.throughput.fetch import Fetched
from orchestration.warehouse.dbt_command import dbt_manifest

Cost = dict[str, tuple[float, float]]


def main(home: Path) -> None:
    """Print CPU and wall seconds of each step; the first candidate warms up, and nothing is published."""
    # Dagster and Great Expectations would write between the figures, and take time for it.
    logging.disable(logging.INFO)
    settings = load_settings(home)
    for _ in range(2):
        cost: Cost = {}
        shutil.rmtree(_release(settings, cost).path)
    cost["one after another"] = (sum(c for c, _ in cost.values()), sum(w for _, w in cost.values()))
    for step, (cpu, wall) in cost.items():
        print(f"{step:40s} {wall:6.2f} s  (CPU {cpu:.2f} s)", flush=True)
    seconds = _dry_runs(settings)
    print(
        f"{'as a run does it':40s} {min(seconds):6.2f} s  ({', '.join(f'{each:.2f}' for each in seconds)})", flush=True
    )


def _dry_runs(settings: Settings, times: int = 3) -> list[float]:
    """Return the wall seconds of the candidate's step in dry runs, after one that warms up."""
    manifest = json.loads(ReleasesRoot(settings.releases).current.manifest.read_text(encoding="utf-8"))
    inputs = RunInputs(
        run_clock(settings), Fetched(), PartnerFolders(settings), manifest["inputs_digest"], is_published=False
    )
    seconds = []
    with GateWorker(settings.file.gate) as worker, dg.DagsterInstance.ephemeral() as instance:
        run = dg.ResourceDefinition.hardcoded_resource(Run(settings, inputs, worker, dry_run=True))
        for _ in range(1 + times):
            started = time.perf_counter()
            assert dg.materialize([build_candidate_asset()], resources={"run": run}, instance=instance).success
            seconds.append(time.perf_counter() - started)
    for left in settings.releases.glob(f"{BUILDING}*"):
        shutil.rmtree(left)
    return seconds[1:]


def _release(settings: Settings, cost: Cost) -> Candidate:
    clock, p = run_clock(settings), settings.disclosure_p
    with _measured("  candidate, disclosed", cost):
        candidate = build_candidate(settings, clock, p)
    with _measured("  audit", cost):
        audited = audit_candidate(candidate, settings, clock, p)
    references = References(settings.lake, dbt_manifest(settings), ReleasesRoot(settings.releases).current)
    gate = settings.file.gate.model_dump(mode="json")
    with _measured("  gate", cost):
        verdict = check(candidate, references, SUITES, gate).joined_by(audited)
    with connect(candidate) as con:
        tested = digests_of(con, "warehouse", COPIED_SCHEMAS)
    identifiers = input_identifiers(settings.lake)
    with _measured("  exports", cost):
        verdict = verify(verdict, candidate, tested)
        artefacts = complete_candidate(
            candidate,
            settings,
            clock,
            checks=verdict.results,
            identifiers=identifiers,
            origin=Origin(inputs_digest="bench", code_version="bench"),
        )
        written = list(artefacts)
    with _measured("  search for names", cost):
        looks = [search(artefact.resolve(), identifiers) for artefact in written]
    with _measured("  proof", cost):
        assert verify_artefacts(verdict, candidate, looks).publishable
    return candidate


@contextmanager
def _measured(what: str, cost: Cost) -> Iterator[None]:
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    cost[what] = time.process_time() - cpu, time.perf_counter() - wall
