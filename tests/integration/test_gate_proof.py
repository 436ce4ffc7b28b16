"""The gate publishes only if every check ran on exactly the tables and artefacts to be published."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.core.check_result import Decision
from orchestration.gate.gate_process import GateWorker
from orchestration.gate.reference_tables import References
from orchestration.gate.verification import verify, verify_artefacts
from orchestration.release.candidate import Candidate
from orchestration.release.identifiers import input_identifiers
from tests.integration.conftest import as_tested, named, spoil


def test_mart_that_differs_from_the_tested_one_is_refused(
    worker: GateWorker, references: References, good: Candidate
) -> None:
    unverified = worker.check(good, references)
    stale = {**as_tested(good), "marts.fct_kpi": "the digest of an earlier build"}
    decision = verify(unverified, good, stale)
    row = named(decision, "marts_are_those_dbt_tested")
    assert (row.verdict, row.observed) == ("failed", "warehouse.marts.fct_kpi")
    assert not decision.publishable
    assert not verify(unverified, good, {}).publishable


def with_artefacts(
    worker: GateWorker,
    references: References,
    candidate: Candidate,
    text: str = "81.5 g/TEU-km in 2024.",
    then: Callable[[], object] = lambda: None,
) -> Decision:
    """Return the final decision on a candidate with a scorecard of the given text.

    Args:
        worker: The gate's worker.
        references: Files that the candidate is compared with.
        candidate: The candidate.
        text: The text of the scorecard.
        then: An action after the search for identifiers.
    """
    decision = verify(worker.check(candidate, references), candidate, as_tested(candidate))
    (candidate.public / "scorecard.html").write_text(f"<p>{text}</p>", encoding="utf-8")
    artefacts = [path for path in candidate.public.iterdir() if path.is_file()]
    searches = list(worker.search(artefacts, input_identifiers(references.lake)))
    then()
    return verify_artefacts(decision, candidate, searches)


def test_check_without_a_result_blocks(worker: GateWorker, references: References, good: Candidate) -> None:
    decision = worker.check(good, references)
    shortened = replace(decision, results=decision.results[1:])
    row = named(verify(shortened, good, as_tested(good)), "every_required_check_ran")
    assert (row.verdict, row.observed) == ("failed", decision.results[0].check_name)


@pytest.mark.parametrize("content", ["suite = []", '[[suite]]\ntable = "kpis.kpi.kpi_values"\ncheck = []'])
def test_empty_suite_blocks(
    content: str, worker: GateWorker, references: References, good: Candidate, tmp_path: Path
) -> None:
    suites = tmp_path / "suites.toml"
    suites.write_text(content, encoding="utf-8")
    decision = verify(worker.check(good, references, suites), good, as_tested(good), suites=suites)
    assert named(decision, "every_suite_has_checks").verdict == "failed"
    assert not decision.publishable


def test_artefacts_without_identifiers_are_publishable(
    worker: GateWorker, references: References, candidate: Candidate
) -> None:
    assert with_artefacts(worker, references, candidate).publishable


def test_artefact_with_an_identifier_blocks_and_the_message_omits_it(
    worker: GateWorker, references: References, candidate: Candidate
) -> None:
    final = with_artefacts(worker, references, candidate, "With thanks to smpl-orchid.")
    row = named(final, "public_artefacts_name_nobody")
    assert "scorecard.html" in row.message
    assert "orchid" not in str(row).lower()
    assert not final.publishable


def test_table_that_changes_after_the_gate_is_refused(
    worker: GateWorker, references: References, candidate: Candidate
) -> None:
    change = "delete from kpi.kpi_definitions where kpi_id = 'shore_power_use'"
    final = with_artefacts(worker, references, candidate, then=lambda: spoil(candidate, change))
    row = named(final, "published_tables_are_those_the_gate_saw")
    assert (row.verdict, row.observed) == ("failed", "kpis.kpi.kpi_definitions")


def test_artefact_that_changes_after_its_search_is_refused(
    worker: GateWorker, references: References, candidate: Candidate
) -> None:
    page = candidate.public / "scorecard.html"
    final = with_artefacts(worker, references, candidate, then=lambda: page.write_text("SMPL-ORCHID was here."))
    row = named(final, "public_artefacts_were_looked_into")
    assert (row.verdict, row.observed) == ("failed", "scorecard.html")
    assert not final.publishable


def test_artefact_that_cannot_be_searched_is_refused(
    worker: GateWorker, references: References, candidate: Candidate
) -> None:
    (candidate.public / "notes.txt").write_text("anything")
    row = named(with_artefacts(worker, references, candidate), "public_artefacts_were_looked_into")
    assert (row.verdict, row.observed) == ("failed", "notes.txt")
    assert "its kind of file is not supported" in row.message


def test_candidate_without_a_database_is_errored_and_the_worker_survives(
    worker: GateWorker, references: References, good: Candidate, tmp_path: Path
) -> None:
    empty = Candidate(tmp_path, "2026-02-28.2")
    decision = verify(worker.check(empty, references), empty, {})
    assert named(decision, "gate_answers").verdict == "errored"
    assert not decision.publishable
    assert worker.check(good, references).blocking == ()
