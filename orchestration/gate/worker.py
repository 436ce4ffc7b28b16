"""The gate's worker process: imports Great Expectations while the run does other work, then answers questions.

Belongs here: the questions, one answer to each in their order, and the end of the process.
Does not belong here: the checks (`expectations.py`), or starting the process (`gate_process.py`).
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
from orchestration.gate.reference_tables import References, create_reference_tables
from orchestration.gate.suites import load_suites
from orchestration.release.candidate import Candidate, attest, connect
from orchestration.release.identifiers import NameSearch
from orchestration.release.manifest import sha256_of


@dataclass(frozen=True)
class CandidateCheck:
    """The question to run the suites on a candidate; the answer is a Decision that is not verified.

    Attributes:
        candidate: The candidate. All paths are absolute.
        references: Files that it is compared with.
        suites: The file of suites.
        gate: [gate] of corridor.toml.
    """

    candidate: Candidate
    references: References
    suites: Path
    gate: Mapping[str, Any]


@dataclass(frozen=True)
class ArtefactSearch:
    """The question to search an artefact for identifiers; the answer is a SearchResult.

    Attributes:
        artefact: The absolute path of the artefact.
        identifiers: Sent with the first artefact; the worker remembers them for the next ones.
    """

    artefact: Path
    identifiers: frozenset[str] | None = None


@dataclass(frozen=True)
class SearchResult:
    """The places in an artefact that have identifiers.

    Attributes:
        artefact: The path of the artefact.
        sha256: The digest of the bytes that were searched.
        places: Where identifiers are; the identifiers themselves are left out, because places are published.
    """

    artefact: Path
    sha256: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class NoAnswer:
    """The reason why a question has no answer."""

    reason: str


class Worker:
    """The answers of the process; it remembers the identifiers and what a search has already read."""

    def __init__(self) -> None:
        self._search = NameSearch(frozenset())

    def answer(self, question: CandidateCheck | ArtefactSearch) -> Decision | SearchResult | NoAnswer:
        """Answer a question; an exception of any kind becomes NoAnswer."""
        try:
            return self.check(question) if isinstance(question, CandidateCheck) else self.search(question)
        except Exception as error:  # the parent process needs an answer to every question
            return NoAnswer(f"{type(error).__name__}: {error}")

    def check(self, question: CandidateCheck) -> Decision:
        """Run the suites on a candidate.

        Raises:
            Exception: Any error of the files, of the suites or of a library.
        """
        # Imported here because Great Expectations is slow to import.
        from orchestration.gate.expectations import SuiteRun

        suites = load_suites(question.suites).resolved(question.gate)
        with connect(question.candidate) as con:
            attested = attest(con)
            create_reference_tables(con, question.references, question.gate)
            results = SuiteRun(con, has_previous=question.references.previous is not None).run(suites)
        return Decision(tuple(results), attested)

    def search(self, question: ArtefactSearch) -> SearchResult:
        """Search an artefact for identifiers.

        Raises:
            Exception: Any error of the file or of a library.
        """
        if question.identifiers is not None:
            self._search = NameSearch(question.identifiers)
        sha256 = sha256_of(question.artefact)
        matches = self._search.look_into(question.artefact)
        return SearchResult(question.artefact, sha256, tuple(sorted({match.place for match in matches})))


def serve(pipe: Connection, error_log: Path) -> None:
    """Answer questions until the pipe closes.

    Args:
        pipe: The connection to the parent process.
        error_log: The file that receives what libraries print.
    """
    with error_log.open("a", encoding="utf-8") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    # With "fork", locks of libraries are not named semaphores, which a kill would leak. This process starts no other.
    multiprocessing.set_start_method("fork", force=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import orchestration.gate.expectations  # noqa: F401  the slow import, ahead of the first question

    gc.freeze()  # imported objects live until the end, so the garbage collector can skip them
    worker = Worker()
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        pipe.send(worker.answer(question))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)  # ends the main thread at once: without a parent there is no reader of its answer
