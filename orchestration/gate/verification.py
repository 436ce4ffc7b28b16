"""Verification of the gate's decision: every required check ran, on exactly the tables and artefacts to be published.

Belongs here: verifying a decision against suites, tables and artefacts.
Does not belong here: running the checks (`expectations.py`), or the release that follows a decision.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.core.check_result import Approval, CheckResult, Decision
from orchestration.gate.approvals import with_approvals
from orchestration.gate.suites import SUITES, load_suites
from orchestration.gate.worker import NoAnswer, SearchResult
from orchestration.release.candidate import Candidate, attest, connect
from orchestration.release.manifest import sha256_of

SAME_TABLES = "published_tables_are_those_the_gate_saw"


def verify(
    decision: Decision,
    candidate: Candidate,
    tested: Mapping[str, str],
    *,
    approvals: Sequence[Approval] = (),
    suites: Path = SUITES,
    other_required: Sequence[str] = (),
) -> Decision:
    """Apply approvals and add the checks that prove a decision; only a proved decision can be `publishable`.

    An empty suite, a required check without a result, and a table that differs from the one that dbt tested each add a
    check that blocks.

    Args:
        decision: The results of the checks and the digests of the checked tables.
        candidate: The candidate.
        tested: The digest of each table that passed dbt's tests, by `schema.table`.
        approvals: The approvals in force.
        suites: The file of suites.
        other_required: Names of required checks that are in no suite.

    Raises:
        CorridorError: The suites cannot be read.
    """
    required = load_suites(suites)
    empty = [suite.table for suite in required.suite if not suite.check] or ([] if required.suite else ["all suites"])
    answered = {result.check_name for result in decision.results}
    unanswered = [name for name in (*required.check_names, *other_required) if name not in answered]
    attested = {name: digest for name, digest in decision.attested.items() if name.startswith("warehouse.")}
    tested_by_dbt = {f"warehouse.{name}": digest for name, digest in tested.items()}
    proof = (
        _proof(candidate, "every_suite_has_checks", empty, "A suite without checks accepts everything."),
        _proof(
            candidate, "every_required_check_ran", unanswered, "A check without a result has not passed. Run again."
        ),
        _same_tables(candidate, "marts_are_those_dbt_tested", tested_by_dbt, attested),
    )
    return replace(decision, results=(*with_approvals(decision.results, approvals), *proof), proved=True)


def verify_artefacts(decision: Decision, candidate: Candidate, searches: Iterable[SearchResult | NoAnswer]) -> Decision:
    """Add the checks that need finished artefacts to a verified decision; the last step before publication.

    A table that changed after the gate, an artefact that changed after its search, and an artefact with an identifier
    each add a check that blocks.

    Args:
        decision: A verified decision.
        candidate: The candidate with all its artefacts.
        searches: The worker's search of each artefact.
    """
    try:
        with connect(candidate) as con:
            digests = attest(con)
    except duckdb.Error as error:
        same_tables = errored(candidate, SAME_TABLES, "none", f"The candidate's tables cannot be read: {error}")
    else:
        same_tables = _same_tables(candidate, SAME_TABLES, decision.attested, digests)
    return replace(decision, results=(*decision.results, same_tables, *_search_checks(candidate, list(searches))))


def errored(candidate: Candidate, check_name: str, expected: str, message: str) -> CheckResult:
    """Return the result of a check on a whole candidate that could not run; it blocks."""
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


def _same_tables(
    candidate: Candidate, check_name: str, expected: Mapping[str, str], actual: Mapping[str, str]
) -> CheckResult:
    """Check that tables have the expected digests."""
    changed = sorted(name for name in actual.keys() | expected.keys() if actual.get(name) != expected.get(name))
    message = "A table changed after its checks; no process may write to it then. Run again."
    return _proof(candidate, check_name, changed, message)


def _search_checks(
    candidate: Candidate, searches: Sequence[SearchResult | NoAnswer]
) -> tuple[CheckResult, CheckResult]:
    """Check that every artefact was searched and has no identifier.

    The results give the place of an identifier and not the identifier, because check results are published.
    """
    public = candidate.public.resolve()
    searched = {search.artefact: search for search in searches if isinstance(search, SearchResult)}
    unsearched = [
        str(path.relative_to(public))
        for path in sorted(public.rglob("*"))
        if path.is_file() and (path not in searched or searched[path].sha256 != sha256_of(path))
    ]
    reasons = " ".join(search.reason for search in searches if isinstance(search, NoAnswer))
    places = sorted(
        f"{search.artefact.relative_to(public)} {place}" for search in searched.values() for place in search.places
    )
    return (
        _proof(
            candidate,
            "public_artefacts_were_looked_into",
            unsearched,
            f"An artefact was not searched for identifiers in its present state. Run again. {reasons}".strip(),
        ),
        _proof(
            candidate, "public_artefacts_name_nobody", places, "An identifier of the input is in a public artefact."
        ),
    )


def _proof(candidate: Candidate, check_name: str, failing: list[str], message: str) -> CheckResult:
    return CheckResult(
        check_name=check_name,
        target=candidate.release_id,
        severity="block",
        verdict="failed" if failing else "passed",
        observed=", ".join(failing) or "none",
        expected="none",
        failing_count=len(failing),
        message=f"{message} Affected: {', '.join(failing)}." if failing else "",
    )
