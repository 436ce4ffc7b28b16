"""The release gate as a run sees it: a worker started early and asked late, and the proof that it did its work.

Belongs here: the near side of the worker's process, and the verification of a verdict against suites and tables.
Does not belong here: Great Expectations, which only the worker imports, and the release that follows a verdict.
"""

import multiprocessing
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.context import ForkContext, SpawnContext
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import duckdb

from orchestration.core.check_result import Approval, CheckResult, Decision
from orchestration.core.corridor_file import Gate
from orchestration.gate.approvals import with_approvals
from orchestration.gate.reference_tables import Background
from orchestration.gate.suites import SUITES, load_suites
from orchestration.gate.worker import CheckCandidate, Look, LookInto, NoAnswer, serve
from orchestration.release.candidate import Candidate, attest, connect
from orchestration.release.manifest import sha256_of

ANSWER_WITHIN_S = 180.0
SAME_TABLES = "published_tables_are_those_the_gate_saw"
PROCESSES: SpawnContext | ForkContext = multiprocessing.get_context("spawn")


class GateWorker:
    """A process that has Great Expectations imported by the time a candidate is there to be checked.

    Start it at the beginning of a run and close it (or leave its `with`) at the end; it also ends when this process
    does. It is asked one thing at a time, any number of times; artefacts to look into may be put before it at once.
    """

    def __init__(self, gate: Gate, suites: Path = SUITES, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        self._gate = gate
        self._suites = suites
        self._answer_within_s = answer_within_s
        self._asked = 0
        self._complaints = tempfile.NamedTemporaryFile("r", encoding="utf-8")  # noqa: SIM115  closed in close()
        self._line, far = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=serve, args=(far, Path(self._complaints.name)), daemon=True)
        self._process.start()
        far.close()

    @property
    def pid(self) -> int:
        """The process id of the worker, 0 before it has started."""
        return self._process.pid or 0

    def check(self, candidate: Candidate, background: Background, suites: Path | None = None) -> Decision:
        """Have every suite carried out on a candidate; the verdict is not yet verified.

        A worker that died, hangs or cannot answer gives a verdict of one errored check, which blocks.
        """
        question = CheckCandidate(
            Candidate(candidate.path.resolve(), candidate.release_id),
            Background(**{name: path and path.resolve() for name, path in vars(background).items()}),
            (suites or self._suites).resolve(),
            self._gate.model_dump(mode="json"),
        )
        self._ask(question)
        (answer,) = self._answers()
        if not isinstance(answer, NoAnswer):
            return cast(Decision, answer)
        message = f"The gate's process gave no verdict, so nothing is known: {answer.reason} Run again."
        return Decision((_errored(candidate, "gate_answers", "a verdict on the candidate", message),), {})

    def search(self, artefacts: Iterable[Path], identifiers: frozenset[str]) -> Iterator[Look | NoAnswer]:
        """Have identifiers looked for in each artefact while the next one is made, and the last before it is asked for.

        A worker that died gives no look.
        """
        for number, artefact in enumerate(artefacts):
            # Once told, the worker keeps them; telling it again would fill the line.
            self._ask(LookInto(artefact.resolve(), None if number else identifiers))
        return cast(Iterator[Look | NoAnswer], self._answers())

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self._line.close()
        self._complaints.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, question: CheckCandidate | LookInto) -> None:
        self._asked += 1
        with suppress(OSError):  # a worker that has ended gives no answer either, which is when it is noticed
            self._line.send(question)

    def _answers(self) -> Iterator[Decision | Look | NoAnswer]:
        """The answers to all that was asked, each in time or none."""
        while self._asked:
            self._asked -= 1
            try:
                if not self._line.poll(self._answer_within_s):
                    self._process.kill()
                yield self._line.recv()
            except (OSError, EOFError):
                yield NoAnswer(self._last_words())

    def _last_words(self) -> str:
        """How the worker ended and the last line it wrote, once it has not answered."""
        self._process.kill()
        self._process.join()
        lines = Path(self._complaints.name).read_text(encoding="utf-8").strip().splitlines()
        ended = f"it ended with code {self._process.exitcode} within {self._answer_within_s:g} s."
        return f"{ended} {lines[-1] if lines else ''}".strip()


def verify(
    verdict: Decision,
    candidate: Candidate,
    tested: Mapping[str, str],
    *,
    approvals: Sequence[Approval] = (),
    suites: Path = SUITES,
    besides: Sequence[str] = (),
) -> Decision:
    """The verdict with its proof added: whether all the suites ask for was answered, for these very tables.

    tested: digest of each table that dbt's tests passed, by `schema.table`. approvals: those in force.
    Only what this returns can be `publishable`. An empty suite, a check without a result and a table that is not the
    one dbt tested each add a check that blocks. besides: checks that no suite asks for and that must have run as well.
    Raises CorridorError when the suites cannot be read.
    """
    required = load_suites(suites)
    empty = [suite.table for suite in required.suite if not suite.check] or ([] if required.suite else ["all suites"])
    answered = {row.check_name for row in verdict.results}
    unanswered = [name for name in (*required.check_names, *besides) if name not in answered]
    attested = {name: digest for name, digest in verdict.attested.items() if name.startswith("warehouse.")}
    of_dbt = {f"warehouse.{name}": digest for name, digest in tested.items()}
    proof = (
        _proof(candidate, "every_suite_has_checks", empty, "A suite without checks lets everything through."),
        _proof(
            candidate, "every_required_check_ran", unanswered, "A check without a result has not passed; run again."
        ),
        _same_tables(candidate, "marts_are_those_dbt_tested", of_dbt, attested),
    )
    return replace(verdict, results=(*with_approvals(verdict.results, approvals), *proof), proved=True)


def verify_artefacts(verdict: Decision, candidate: Candidate, looks: Iterable[Look | NoAnswer]) -> Decision:
    """A verified verdict with what is known only when every artefact is made, the last step before publishing.

    looks: of the worker into every artefact.
    Tables that changed since the gate saw them, an artefact that is not as it was looked into, and one that names
    anybody of the input, each add a check that blocks.
    """
    try:
        with connect(candidate) as con:
            found = attest(con)
    except duckdb.Error as error:
        same_tables = _errored(candidate, SAME_TABLES, "none", f"The candidate's tables cannot be read: {error}")
    else:
        same_tables = _same_tables(candidate, SAME_TABLES, verdict.attested, found)
    return replace(verdict, results=(*verdict.results, same_tables, *_names_nobody(candidate, list(looks))))


def _same_tables(
    candidate: Candidate, check_name: str, digests: Mapping[str, str], found: Mapping[str, str]
) -> CheckResult:
    """Whether the tables found are just those of the digests."""
    altered = sorted(name for name in found.keys() | digests.keys() if found.get(name) != digests.get(name))
    message = "A table is not the one that was checked; nothing may write to it after its checks; run again."
    return _proof(candidate, check_name, altered, message)


def _names_nobody(candidate: Candidate, looks: Sequence[Look | NoAnswer]) -> tuple[CheckResult, CheckResult]:
    """Where an identifier was found, never which: this row may be read by anybody."""
    public = candidate.public.resolve()
    seen = {look.artefact: look for look in looks if isinstance(look, Look)}
    unseen = [
        str(path.relative_to(public))
        for path in sorted(public.rglob("*"))
        if path.is_file() and (path not in seen or seen[path].sha256 != sha256_of(path))
    ]
    why = " ".join(look.reason for look in looks if isinstance(look, NoAnswer))
    places = sorted(f"{look.artefact.relative_to(public)} {place}" for look in seen.values() for place in look.places)
    return (
        _proof(
            candidate,
            "public_artefacts_were_looked_into",
            unseen,
            f"An artefact was not searched for names as it is now; run again. {why}".strip(),
        ),
        _proof(
            candidate, "public_artefacts_name_nobody", places, "An identifier of the input is in a public artefact."
        ),
    )


def _proof(candidate: Candidate, check_name: str, wrong: list[str], message: str) -> CheckResult:
    return CheckResult(
        check_name=check_name,
        target=candidate.release_id,
        severity="block",
        verdict="failed" if wrong else "passed",
        observed=", ".join(wrong) or "none",
        expected="none",
        failing_count=len(wrong),
        message=f"{message} Look at: {', '.join(wrong)}." if wrong else "",
    )


def _errored(candidate: Candidate, check_name: str, expected: str, message: str) -> CheckResult:
    return CheckResult(
        check_name=check_name,
        target=candidate.release_id,
        severity="block",
        verdict="errored",
        observed=None,
        expected=expected,
        failing_count=None,
        message=message,
    )
