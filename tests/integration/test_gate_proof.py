"""What the gate takes as proof that its checks were carried out on the very tables and artefacts that are published."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.core.check_result import Decision
from orchestration.gate.gate import GateWorker, verify, verify_artefacts
from orchestration.gate.reference_tables import Background
from orchestration.release.candidate import Candidate
from orchestration.release.identifiers import input_identifiers
from tests.integration.conftest import as_tested, named, spoil


def test_a_mart_that_is_not_the_one_dbt_tested_is_not_published(
    worker: GateWorker, background: Background, good: Candidate
) -> None:
    verdict = worker.check(good, background)
    stale = {**as_tested(good), "marts.fct_kpi": "as an earlier build left it"}
    found = verify(verdict, good, stale)
    row = named(found, "marts_are_those_dbt_tested")
    assert (row.verdict, row.observed) == ("failed", "warehouse.marts.fct_kpi")
    assert not found.publishable
    assert not verify(verdict, good, {}).publishable


def with_artefacts(
    worker: GateWorker,
    background: Background,
    candidate: Candidate,
    words: str = "81.5 g/TEU-km in 2024.",
    then: Callable[[], object] = lambda: None,
) -> Decision:
    """The last verdict on a candidate with a page of those words. then: what happens after the search for names."""
    verdict = verify(worker.check(candidate, background), candidate, as_tested(candidate))
    (candidate.public / "scorecard.html").write_text(f"<p>{words}</p>", encoding="utf-8")
    artefacts = [path for path in candidate.public.iterdir() if path.is_file()]
    looks = list(worker.search(artefacts, input_identifiers(background.lake)))
    then()
    return verify_artefacts(verdict, candidate, looks)


def test_a_check_without_a_result_is_not_taken_as_passed(
    worker: GateWorker, background: Background, good: Candidate
) -> None:
    verdict = worker.check(good, background)
    shortened = replace(verdict, results=verdict.results[1:])
    row = named(verify(shortened, good, as_tested(good)), "every_required_check_ran")
    assert (row.verdict, row.observed) == ("failed", verdict.results[0].check_name)


@pytest.mark.parametrize("content", ["suite = []", '[[suite]]\ntable = "kpis.kpi.kpi_values"\ncheck = []'])
def test_an_empty_suite_blocks(
    content: str, worker: GateWorker, background: Background, good: Candidate, tmp_path: Path
) -> None:
    suites = tmp_path / "suites.toml"
    suites.write_text(content, encoding="utf-8")
    verdict = verify(worker.check(good, background, suites), good, as_tested(good), suites=suites)
    assert named(verdict, "every_suite_has_checks").verdict == "failed"
    assert not verdict.publishable


def test_a_candidate_whose_artefacts_name_nobody_stays_publishable(
    worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    assert with_artefacts(worker, background, candidate).publishable


def test_an_artefact_that_names_somebody_blocks_without_repeating_the_name(
    worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    final = with_artefacts(worker, background, candidate, "With thanks to smpl-orchid.")
    row = named(final, "public_artefacts_name_nobody")
    assert "scorecard.html" in row.message
    assert "orchid" not in str(row).lower()
    assert not final.publishable


def test_a_table_changed_while_artefacts_are_made_is_not_published(
    worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    change = "delete from kpi.kpi_definitions where kpi_id = 'shore_power_use'"
    final = with_artefacts(worker, background, candidate, then=lambda: spoil(candidate, change))
    row = named(final, "published_tables_are_those_the_gate_saw")
    assert (row.verdict, row.observed) == ("failed", "kpis.kpi.kpi_definitions")


def test_an_artefact_that_is_not_as_it_was_searched_is_not_published(
    worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    page = candidate.public / "scorecard.html"
    final = with_artefacts(worker, background, candidate, then=lambda: page.write_text("SMPL-ORCHID was here."))
    row = named(final, "public_artefacts_were_looked_into")
    assert (row.verdict, row.observed) == ("failed", "scorecard.html")
    assert not final.publishable


def test_an_artefact_that_cannot_be_searched_is_not_published(
    worker: GateWorker, background: Background, candidate: Candidate
) -> None:
    (candidate.public / "notes.txt").write_text("anything")
    row = named(with_artefacts(worker, background, candidate), "public_artefacts_were_looked_into")
    assert (row.verdict, row.observed) == ("failed", "notes.txt")
    assert "no kind of file that can be searched" in row.message


def test_a_candidate_without_a_database_is_errored_and_the_worker_lives_on(
    worker: GateWorker, background: Background, good: Candidate, tmp_path: Path
) -> None:
    nothing = Candidate(tmp_path, "2026-02-28.2")
    verdict = verify(worker.check(nothing, background), nothing, {})
    assert named(verdict, "gate_answers").verdict == "errored"
    assert not verdict.publishable
    assert worker.check(good, background).blocking == ()
