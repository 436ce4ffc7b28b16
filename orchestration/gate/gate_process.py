"""The run's side of the gate's worker process, which loads Great Expectations ahead of time.

Belongs here: sending tasks to the process, and what a lost task means for the decision.
Does not belong here: the tasks (`worker.py`), or the verification of a decision (`verification.py`).
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from orchestration.core.check_result import Decision
from orchestration.core.corridor_file import Gate
from orchestration.core.worker_process import LostTaskError, WorkerProcess
from orchestration.gate.reference_tables import References
from orchestration.gate.suites import SUITES
from orchestration.gate.verification import errored
from orchestration.gate.worker import NoAnswer, SearchResult, answer, check, prepare, search
from orchestration.release.candidate import Candidate

T = TypeVar("T")

ANSWER_WITHIN_S = 180.0


class GateWorker(WorkerProcess):
    """A process that has imported Great Expectations by the time a candidate is built.

    Start it at the beginning of a run and close it at the end (or use `with`).
    """

    def __init__(self, gate: Gate, suites: Path = SUITES, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        self._gate = gate
        self._suites = suites
        self._answer_within_s = answer_within_s
        self._error_log = tempfile.NamedTemporaryFile("r", encoding="utf-8")  # noqa: SIM115  closed in close()
        super().__init__(prepare, error_log=Path(self._error_log.name))

    def close(self) -> None:
        """End the process, whatever it does."""
        super().close()
        self._error_log.close()

    def check(self, candidate: Candidate, references: References, suites: Path | None = None) -> Decision:
        """Run every suite on a candidate; the decision is not yet verified.

        If the worker died, hangs or cannot answer, the decision has one errored check, which blocks.

        Args:
            candidate: The candidate.
            references: What it is compared with.
            suites: Another file of suites.
        """
        task = partial(
            check,
            candidate.resolved(),
            References(
                references.lake.resolve(),
                references.manifest.resolve(),
                references.previous.resolved() if references.previous else None,
            ),
            (suites or self._suites).resolve(),
            self._gate.model_dump(mode="json"),
        )
        decision = self._answer(self._ask(task))
        if not isinstance(decision, NoAnswer):
            return decision
        message = f"The gate's process gave no decision, so the candidate is refused: {decision.reason} Run again."
        return Decision((errored(candidate, "gate_answers", "a decision on the candidate", message),), {})

    def search(self, artefacts: Iterable[Path], identifiers: frozenset[str]) -> Iterator[SearchResult | NoAnswer]:
        """Search each artefact for identifiers while the next one is made.

        An artefact at which the worker died has no result.
        """
        searches = [self._ask(partial(search, artefact.resolve(), identifiers)) for artefact in artefacts]
        return map(self._answer, searches)

    def _ask(self, task: Callable[[], T]) -> Callable[[], T | NoAnswer]:
        return self.submit(partial(answer, task), self._answer_within_s)

    def _answer(self, result: Callable[[], T | NoAnswer]) -> T | NoAnswer:
        """Return a result, or how the worker ended and the last line of its error log."""
        try:
            return result()
        except LostTaskError as lost:
            lines = Path(self._error_log.name).read_text(encoding="utf-8").strip().splitlines()
            return NoAnswer(f"{lost} {lines[-1] if lines else ''}".strip())
