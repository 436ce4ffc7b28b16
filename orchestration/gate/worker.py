"""What the gate's worker process does: import Great Expectations ahead of time, then carry out tasks.

Belongs here: the preparation and the tasks. Does not belong here: the checks (`expectations.py`), or starting the
process (`gate_process.py`).
"""

import gc
import multiprocessing
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from orchestration.core.check_result import Decision
from orchestration.gate.reference_tables import References, create_reference_tables
from orchestration.gate.suites import load_suites
from orchestration.release.candidate import Candidate, attest, connect
from orchestration.release.identifiers import NameSearch
from orchestration.release.manifest import sha256_of

T = TypeVar("T")


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
    """The reason why a task has no result."""

    reason: str


def prepare() -> None:
    """Import Great Expectations, which is slow."""
    # With "fork", locks of libraries are not named semaphores, which a kill would leak. This process starts no other.
    multiprocessing.set_start_method("fork", force=True)
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import orchestration.gate.expectations  # noqa: F401

    gc.freeze()  # imported objects live until the end, so the garbage collector can skip them


def answer(task: Callable[[], T]) -> T | NoAnswer:
    """Carry out a task; an exception of any kind becomes NoAnswer."""
    try:
        return task()
    except Exception as error:  # the parent process needs an answer to every task
        return NoAnswer(f"{type(error).__name__}: {error}")


def check(candidate: Candidate, references: References, suites: Path, gate: Mapping[str, Any]) -> Decision:
    """Run the suites on a candidate; the decision is not verified.

    Args:
        candidate: The candidate. All paths are absolute.
        references: Files that it is compared with.
        suites: The file of suites.
        gate: [gate] of corridor.toml.

    Raises:
        Exception: Any error of the files, of the suites or of a library.
    """
    # Imported here because Great Expectations is slow to import.
    from orchestration.gate.expectations import SuiteRun

    resolved = load_suites(suites).resolved(gate)
    with connect(candidate) as con:
        attested = attest(con)
        create_reference_tables(con, references, gate)
        results = SuiteRun(con, has_previous=references.previous is not None).run(resolved)
    return Decision(tuple(results), attested)


def search(artefact: Path, identifiers: frozenset[str]) -> SearchResult:
    """Search an artefact for identifiers.

    Raises:
        Exception: Any error of the file or of a library.
    """
    sha256 = sha256_of(artefact)
    matches = _name_search(identifiers).search(artefact)
    return SearchResult(artefact, sha256, tuple(sorted({match.place for match in matches})))


@lru_cache(1)
def _name_search(identifiers: frozenset[str]) -> NameSearch:
    """Return the same search for every artefact, because it remembers what it has read."""
    return NameSearch(identifiers)
