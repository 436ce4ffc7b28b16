"""The gate's own process: imports Great Expectations while the run does other work, then answers what it is asked.

Belongs here: the far side of `gate.GateWorker`: its questions, one answer to each in their order, its end.
Does not belong here: what a check does, or what follows from it.
"""

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from orchestration.core.check_result import Decision
from orchestration.gate.reference_tables import Background, lay_out
from orchestration.gate.suites import load_suites
from orchestration.release.candidate import Candidate, attest, connect
from orchestration.release.identifiers import NameSearch
from orchestration.release.manifest import sha256_of


@dataclass(frozen=True)
class CheckCandidate:
    """Carry the suites out on a candidate; answered by a Decision that is not verified.

    gate: [gate] of corridor.toml. Paths are absolute.
    """

    candidate: Candidate
    background: Background
    suites: Path
    gate: Mapping[str, Any]


@dataclass(frozen=True)
class LookInto:
    """Look for names in an artefact; answered by a Look. identifiers: given with the first artefact, then kept."""

    artefact: Path
    identifiers: frozenset[str] | None = None


@dataclass(frozen=True)
class Look:
    """What was found in an artefact: where there are names, never which. sha256: of the bytes that were looked into."""

    artefact: Path
    sha256: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class NoAnswer:
    """Why there is no answer to a question."""

    reason: str


class Worker:
    """What the process does with each question; it keeps what a search has seen."""

    def __init__(self) -> None:
        self._search = NameSearch(frozenset())

    def answer(self, question: CheckCandidate | LookInto) -> Decision | Look | NoAnswer:
        """Carry out a request; a fault of any kind becomes an answer too."""
        try:
            return self.check(question) if isinstance(question, CheckCandidate) else self.look_into(question)
        except Exception as error:  # whatever it was, the parent has to hear of it
            return NoAnswer(f"{type(error).__name__}: {error}")

    def check(self, question: CheckCandidate) -> Decision:
        """Raises whatever keeps the suites from being carried out."""
        from orchestration.gate.expectations import Inspection

        suites = load_suites(question.suites).resolved(question.gate)
        with connect(question.candidate) as con:
            attested = attest(con)
            lay_out(con, question.background, question.gate)
            rows = Inspection(con, has_previous=question.background.previous is not None).run(suites)
        return Decision(tuple(rows), attested)

    def look_into(self, question: LookInto) -> Look:
        """Raises whatever keeps the artefact from being searched."""
        if question.identifiers is not None:
            self._search = NameSearch(question.identifiers)
        sha256 = sha256_of(question.artefact)
        found = self._search.look_into(question.artefact)
        return Look(question.artefact, sha256, tuple(sorted({each.place for each in found})))


def serve(line: Connection, complaints: Path) -> None:
    """Answer questions until the line closes. complaints: the file that takes what libraries print."""
    with complaints.open("a", encoding="utf-8") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    # The locks of libraries then have no name in the system, which a kill would leave behind; nothing is started here.
    multiprocessing.set_start_method("fork", force=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import orchestration.gate.expectations  # noqa: F401  the slow import, ahead of the first question

    gc.freeze()  # what was imported stays: the collector need not look through it
    worker = Worker()
    while True:
        try:
            question = line.recv()
        except EOFError:
            return
        line.send(worker.answer(question))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)  # whatever the main thread is at: without a parent nobody waits for it
