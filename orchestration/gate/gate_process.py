"""The run's side of the gate's worker process, which loads Great Expectations ahead of time.

Belongs here: starting the process, sending questions to it, and ending it.
Does not belong here: the answers (`worker.py`), or the verification of a decision (`verification.py`).
"""

import multiprocessing
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.context import ForkContext, SpawnContext
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from orchestration.core.check_result import Decision
from orchestration.core.corridor_file import Gate
from orchestration.gate.reference_tables import References
from orchestration.gate.suites import SUITES
from orchestration.gate.verification import errored
from orchestration.gate.worker import ArtefactSearch, CandidateCheck, NoAnswer, SearchResult, serve
from orchestration.release.candidate import Candidate

ANSWER_WITHIN_S = 180.0
PROCESSES: SpawnContext | ForkContext = multiprocessing.get_context("spawn")


class GateWorker:
    """A process that has imported Great Expectations by the time a candidate is built.

    Start it at the beginning of a run and close it at the end (or use `with`). It also ends when this process does. It
    answers one question at a time; several artefacts may be queued for the search.
    """

    def __init__(self, gate: Gate, suites: Path = SUITES, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        self._gate = gate
        self._suites = suites
        self._answer_within_s = answer_within_s
        self._asked = 0
        self._error_log = tempfile.NamedTemporaryFile("r", encoding="utf-8")  # noqa: SIM115  closed in close()
        self._pipe, far = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=serve, args=(far, Path(self._error_log.name)), daemon=True)
        self._process.start()
        far.close()

    @property
    def pid(self) -> int:
        """The process id of the worker, 0 before it has started."""
        return self._process.pid or 0

    def check(self, candidate: Candidate, references: References, suites: Path | None = None) -> Decision:
        """Run every suite on a candidate; the decision is not yet verified.

        If the worker died, hangs or cannot answer, the decision has one errored check, which blocks.

        Args:
            candidate: The candidate.
            references: What it is compared with.
            suites: Another file of suites.
        """
        question = CandidateCheck(
            Candidate(candidate.path.resolve(), candidate.release_id),
            References(**{name: path and path.resolve() for name, path in vars(references).items()}),
            (suites or self._suites).resolve(),
            self._gate.model_dump(mode="json"),
        )
        self._ask(question)
        (answer,) = self._answers()
        if not isinstance(answer, NoAnswer):
            return cast(Decision, answer)
        message = f"The gate's process gave no decision, so the candidate is refused: {answer.reason} Run again."
        return Decision((errored(candidate, "gate_answers", "a decision on the candidate", message),), {})

    def search(self, artefacts: Iterable[Path], identifiers: frozenset[str]) -> Iterator[SearchResult | NoAnswer]:
        """Search each artefact for identifiers while the next one is made.

        If the worker died, the remaining artefacts have no result.
        """
        for number, artefact in enumerate(artefacts):
            # The worker remembers the identifiers; sending them again would fill the pipe.
            self._ask(ArtefactSearch(artefact.resolve(), None if number else identifiers))
        return cast(Iterator[SearchResult | NoAnswer], self._answers())

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self._pipe.close()
        self._error_log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, question: CandidateCheck | ArtefactSearch) -> None:
        self._asked += 1
        with suppress(OSError):  # a worker that has ended is noticed when its answer is missing
            self._pipe.send(question)

    def _answers(self) -> Iterator[Decision | SearchResult | NoAnswer]:
        """Yield the answer to each question, or NoAnswer if it does not come in time."""
        while self._asked:
            self._asked -= 1
            try:
                if not self._pipe.poll(self._answer_within_s):
                    self._process.kill()
                yield self._pipe.recv()
            except (OSError, EOFError):
                yield NoAnswer(self._end_of_worker())

    def _end_of_worker(self) -> str:
        """Return how the worker ended, and the last line of its error log."""
        self._process.kill()
        self._process.join()
        lines = Path(self._error_log.name).read_text(encoding="utf-8").strip().splitlines()
        ended = f"it ended with code {self._process.exitcode} within {self._answer_within_s:g} s."
        return f"{ended} {lines[-1] if lines else ''}".strip()
