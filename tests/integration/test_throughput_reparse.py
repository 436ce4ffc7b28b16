"""Every stored public page, parsed again by today's parsers."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from orchestration.core.errors import CorridorError
from orchestration.core.settings import load_settings
from orchestration.throughput.reparse import reparse_pages
from orchestration.throughput.sources import los_angeles
from orchestration.throughput.sources.source import Page, ParsedPage
from tests.support.public_pages import PAGE, committed_pages, fetch, revise, vintages_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return committed_pages(tmp_path)


def test_reparsing_gives_the_same_vintages(home: Path) -> None:
    fetch(home)
    revise(home, "</body>", "<!-- served by another machine --></body>")
    fetch(home, date(2026, 3, 1))
    before = vintages(home)
    lines = list(reparse_pages(load_settings(home)))
    assert lines == [
        "Parsed 10 public pages again",
        "los_angeles_1: 0 figures differ",
        "press_1: 0 figures differ",
    ]
    assert vintages(home) == before


def test_repaired_parser_makes_each_vintage_anew_as_of_its_day(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that confused laden and empty exports is repaired, and each vintage is corrected."""
    measures = {"loaded_exports": "empty_exports", "empty_exports": "loaded_exports"}

    parse = los_angeles.parse

    def mistaken(page: Page) -> ParsedPage:
        reading = parse(page)
        taken = [replace(cell, measure=measures.get(cell.measure, cell.measure)) for cell in reading.observations]
        return ParsedPage(taken, reading.check_results)

    with monkeypatch.context() as patch:
        patch.setattr("orchestration.throughput.fetch.los_angeles.parse", mistaken)
        fetch(home)
    again = fetch(home, date(2026, 3, 1))
    assert again.written == []
    assert {row.check_name for row in again.check_results} == {"vintage_is_as_read_today"}
    assert vintages_of(home, "2025-01", "loaded_exports") == [("326999.00", "2026-02-28")]

    lines = list(reparse_pages(load_settings(home)))
    assert (
        "los_angeles_1: historical-teu-statistics-2025 as read at 2026-02-28 12:00: USLAX month 2025-01 "
        "loaded_exports: 326999.00 final, now 113270.75 final"
    ) in lines
    assert vintages_of(home, "2025-01", "loaded_exports") == [("113270.75", "2026-02-28")]
    assert fetch(home, date(2026, 3, 2)).check_results == []


def test_reparsing_changes_nothing_if_a_page_is_missing(home: Path) -> None:
    fetch(home)
    before = vintages(home)
    digest = sha256((home / "public" / "los_angeles" / PAGE).read_bytes()).hexdigest()
    (home / "lake" / "raw" / digest[:2] / digest).unlink()
    with pytest.raises(CorridorError, match=f"{digest} is missing or damaged: it is the page .*2025 as read at"):
        list(reparse_pages(load_settings(home)))
    assert vintages(home) == before
    assert [path.name for path in (home / "lake").iterdir() if path.name.startswith(".")] == []


def vintages(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (home / "lake" / "throughput").rglob("*.parquet")}
