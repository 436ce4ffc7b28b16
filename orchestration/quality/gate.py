"""The release gate as a run sees it: a worker started early and asked late, and the proof that it did its work.

Belongs here: the near side of the worker's process, and the verification of a verdict against suites and tables.
Does not belong here: Great Expectations, which only the worker imports, and the release that follows a verdict.
"""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

import duckdb

from orchestration.corridor_file import Gate
from orchestration.quality.approvals import with_approvals
from orchestration.quality.background import Background
from orchestration.quality.checks import Approval, CheckRow, Verdict
from orchestration.quality.suites import SUITES, load_suites
from orchestration.release.candidate import Candidate, attest, connect
from orchestration.release.identifiers import identifiers_found, input_identifiers
from orchestration.settings import PROJECT_ROOT

ANSWER_WITHIN_S = 180.0


class GateWorker:
    """A process that has Great Expectations imported by the time a candidate is there to be checked.

    Start it at the beginning of a run and close it (or leave its `with`) at the end; it also ends when this process
    does. It is asked one candidate at a time, any number of times.
    """

    def __init__(self, gate: Gate, suites: Path = SUITES, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        self._gate = gate
        self._suites = suites
        self._answer_within_s = answer_within_s
        self._complaints = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  closed in close()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "orchestration.quality.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            encoding="utf-8",
            cwd=PROJECT_ROOT,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def check(self, candidate: Candidate, background: Background, suites: Path | None = None) -> Verdict:
        """Have every suite carried out on a candidate; the verdict is not yet verified.

        A worker that died, hangs or answers nonsense gives a verdict of one errored check, which blocks.
        """
        question = {
            "path": str(candidate.path.resolve()),
            "release_id": candidate.release_id,
            "background": {name: path and str(path.resolve()) for name, path in vars(background).items()},
            "suites": str((suites or self._suites).resolve()),
            "gate": self._gate.model_dump(mode="json"),
        }
        try:
            answer = self._ask(json.dumps(question))
        except (OSError, ValueError):
            answer = {"error": self._last_words()}
        if "error" in answer:
            message = f"The gate's process gave no verdict, so nothing is known: {answer['error']} Run again."
            return Verdict((_errored(candidate, "gate_answers", "a verdict on the candidate", message),), {})
        return Verdict(tuple(CheckRow(**row) for row in answer["results"]), answer["attested"])

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.communicate()
        self._complaints.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, question: str) -> dict[str, Any]:
        # Killing a worker that takes too long ends its answer, so that reading it can never wait for ever.
        limit = threading.Timer(self._answer_within_s, self._process.kill)
        limit.start()
        try:
            print(question, file=self._process.stdin, flush=True)
            answer: dict[str, Any] = json.loads(cast(IO[str], self._process.stdout).readline())
            return answer
        finally:
            limit.cancel()

    def _last_words(self) -> str:
        """How the worker ended and the last line it wrote, once it has not answered."""
        self._process.kill()
        code = self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().strip().splitlines()
        return f"it ended with code {code} within {self._answer_within_s:g} s. {lines[-1] if lines else ''}".strip()


def verify(
    verdict: Verdict,
    candidate: Candidate,
    tested: Mapping[str, str],
    *,
    approvals: Sequence[Approval] = (),
    suites: Path = SUITES,
    besides: Sequence[str] = (),
) -> Verdict:
    """The verdict with its proof added: whether all the suites ask for was answered, for these very tables.

    tested: digest of each table that dbt's tests passed, by `schema.table`. approvals: those in force.
    Only what this returns can be `publishable`. An empty suite, a check without a result, a table that is not the one
    attested or not the one dbt tested each add a check that blocks. besides: checks that no suite asks for and that
    must have run as well.
    Raises CorridorError when the suites cannot be read.
    """
    required = load_suites(suites)
    empty = [suite.table for suite in required.suite if not suite.check] or ([] if required.suite else ["all suites"])
    answered = {row.check_name for row in verdict.results}
    unanswered = [name for name in (*required.check_names, *besides) if name not in answered]
    of_dbt = {f"warehouse.{name}": digest for name, digest in tested.items()}
    found = _digests(candidate)
    proof = (
        _proof(candidate, "every_suite_has_checks", empty, "A suite without checks lets everything through."),
        _proof(
            candidate, "every_required_check_ran", unanswered, "A check without a result has not passed; run again."
        ),
        _same_tables(verdict.attested, candidate, found, "tables_are_those_the_gate_saw"),
        _same_tables(of_dbt, candidate, found, "marts_are_those_dbt_tested", "warehouse."),
    )
    return replace(verdict, results=(*with_approvals(verdict.results, approvals), *proof), proved=True)


def verify_artefacts(verdict: Verdict, candidate: Candidate, lake: Path) -> Verdict:
    """A verified verdict with what is known only when every artefact is made, the last step before publishing.

    Tables that changed while the artefacts were made, and an artefact that names anybody in the lake, each add a
    check that blocks.
    """
    found = _digests(candidate)
    same_tables = _same_tables(verdict.attested, candidate, found, "published_tables_are_those_the_gate_saw")
    return replace(verdict, results=(*verdict.results, same_tables, _names_nobody(candidate, lake)))


def _digests(candidate: Candidate) -> dict[str, str] | duckdb.Error:
    """The digest of each table as it is now, or why there is none."""
    try:
        with connect(candidate) as con:
            return attest(con)
    except duckdb.Error as error:
        return error


def _same_tables(
    digests: Mapping[str, str],
    candidate: Candidate,
    found: Mapping[str, str] | duckdb.Error,
    check_name: str,
    within: str = "",
) -> CheckRow:
    """Whether the candidate's tables, as found, whose names begin with `within` are just those of the digests."""
    if isinstance(found, duckdb.Error):
        return _errored(candidate, check_name, "none", f"The candidate's tables cannot be read: {found}")
    found = {name: digest for name, digest in found.items() if name.startswith(within)}
    altered = sorted(name for name in found.keys() | digests.keys() if found.get(name) != digests.get(name))
    message = "A table is not the one that was checked; nothing may write to it after its checks; run again."
    return _proof(candidate, check_name, altered, message)


def _names_nobody(candidate: Candidate, lake: Path) -> CheckRow:
    """Where an identifier was found, never which: this row may be read by anybody."""
    check_name = "public_artefacts_name_nobody"
    artefacts = sorted(path for path in candidate.public.rglob("*") if path.is_file())
    try:
        found = identifiers_found(artefacts, input_identifiers(lake))
    except (duckdb.Error, OSError, ValueError) as error:
        return _errored(candidate, check_name, "none", f"An artefact or the lake cannot be read: {error}")
    places = sorted({f"{one.path.relative_to(candidate.public)} {one.place}" for one in found})
    return _proof(candidate, check_name, places, "An identifier of the input is in a public artefact.")


def _proof(candidate: Candidate, check_name: str, wrong: list[str], message: str) -> CheckRow:
    return CheckRow(
        check_name=check_name,
        target=candidate.release_id,
        severity="block",
        verdict="failed" if wrong else "passed",
        observed=", ".join(wrong) or "none",
        expected="none",
        failing_count=len(wrong),
        message=f"{message} Look at: {', '.join(wrong)}." if wrong else "",
    )


def _errored(candidate: Candidate, check_name: str, expected: str, message: str) -> CheckRow:
    return CheckRow(
        check_name=check_name,
        target=candidate.release_id,
        severity="block",
        verdict="errored",
        observed=None,
        expected=expected,
        failing_count=None,
        message=message,
    )
