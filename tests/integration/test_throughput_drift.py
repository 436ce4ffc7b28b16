"""Drift: which changes quarantine a page, what is reported, and how a person accepts the page."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.port_server import PortServer, Reply
from tests.support.public_pages import (
    COMMITTED,
    PAGE,
    STATISTICS,
    asks_of_2025,
    committed_pages,
    configure,
    fetch,
    served_pages,
    vintages_of,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return committed_pages(tmp_path)


@pytest.fixture
def port() -> Iterator[PortServer]:
    with served_pages() as server:
        yield server


def test_quarantined_page_is_reported_at_every_fetch_until_it_is_repaired(home: Path, port: PortServer) -> None:
    configure(home, los_angeles=port.url(STATISTICS))
    fetch(home)
    good = (COMMITTED / "los_angeles" / PAGE).read_text(encoding="utf-8")
    asks_of_2025(port, tripled(good))
    first = fetch(home, date(2026, 3, 1))
    unchanged = fetch(home, date(2026, 3, 2))
    port.answers[f"{STATISTICS}/historical-teu-statistics-1995"] = [Reply(403)]
    unasked = fetch(home, date(2026, 3, 3))
    errors = [row for row in first.check_results if row.severity == "error"]
    assert [row.check_name for row in errors] == ["figures_are_in_their_band"]
    assert (first.new_problems, len(first.problems)) == (first.problems, 1)
    assert (unchanged.problems, unchanged.new_problems) == (first.problems, [])
    assert [row for row in unchanged.check_results if row.severity == "error"] == errors
    assert [row for row in unasked.check_results if row.severity == "error"] == errors
    assert len(unasked.problems) == 2
    assert vintages_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]

    port.answers[f"{STATISTICS}/historical-teu-statistics-1995"] = [Reply(404)]
    asks_of_2025(port, good)
    mended = fetch(home, date(2026, 3, 4))
    assert (mended.written, len(mended.unchanged), mended.problems) == ([], 8, [])


def test_accepted_page_becomes_a_vintage_of_the_day_it_was_read(home: Path) -> None:
    fetch(home)
    page = home / "public" / "los_angeles" / PAGE
    page.write_text(tripled(page.read_text(encoding="utf-8")), encoding="utf-8")
    reported = fetch(home, date(2026, 3, 1)).problems
    digest = sha256(page.read_bytes()).hexdigest()
    accept = f'accept = ["{digest}"]'
    assert reported == [
        "los_angeles_1: historical-teu-statistics-2025: a figure is far from its own history: USLAX 2025-01 "
        "loaded_imports: 483831.25 before, 1451831.25 now, usual 170063 to 1062896. Its earlier figures stay in use. "
        f"The page is stored as lake/raw/{digest[:2]}/{digest}. To accept it as it is, add {accept} to [[sources]] "
        "los_angeles_1 for good.",
    ]
    corridor_toml = home / "corridor.toml"
    text = corridor_toml.read_text(encoding="utf-8")
    corridor_toml.write_text(text.replace('kind = "los_angeles"', f'kind = "los_angeles"\n{accept}'), encoding="utf-8")
    accepted = fetch(home, date(2026, 3, 5))
    assert accepted.written == ["los_angeles_1/historical-teu-statistics-2025"]
    assert accepted.problems == []
    assert {row.severity for row in accepted.check_results} == {"warning"}
    assert vintages_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28"), ("1892245.00", "2026-03-01")]


def tripled(content: str) -> str:
    """Triple January's loaded imports and the totals that include them, so that all sums still agree."""
    for said, says in (("483,831.25", "1,451,831.25"), ("483,975.25", "1,451,975.25"), ("924,245.00", "1,892,245.00")):
        assert f">{said}<" in content
        content = content.replace(f">{said}<", f">{says}<")
    return content


def scaled(content: str, factor: Decimal) -> str:
    return re.sub(
        r">([0-9,]+(\.[0-9]{2})?)<", lambda cell: f">{Decimal(cell[1].replace(',', '')) * factor:.2f}<", content
    )


def swapped(content: str) -> str:
    """Exchange the headings of two columns."""
    names = {"Loaded Imports": "Loaded Exports", "Loaded Exports": "Loaded Imports"}
    return re.sub(r"(?<=<th>)Loaded (Imports|Exports)", lambda heading: names[heading[0]], content)


DRIFTS: dict[str, tuple[Callable[[str], str], set[str]]] = {
    "every figure tenfold": (partial(scaled, factor=Decimal(10)), {"page_has_its_layout"}),
    "two columns swapped": (swapped, {"page_has_its_layout"}),
    "every figure half as much again": (partial(scaled, factor=Decimal("1.5")), {"most_figures_stand"}),
    "a figure tripled": (tripled, {"figures_are_in_their_band"}),
    "a total off its parts": (lambda content: content.replace("924,245.00", "925,245.00"), {"published_figures_stay"}),
    "a figure blank": (lambda content: content.replace("924,245.00", "&nbsp;"), {"published_figures_stay"}),
    "a figure zero": (lambda content: content.replace("924,245.00", "0.00"), {"page_has_its_layout"}),
    "a heading gone": (lambda content: content.replace("<th>Total TEUs</th>", ""), {"page_has_its_layout"}),
    "the table gone": (lambda content: content.replace("table", "section"), {"page_has_its_layout"}),
}


@pytest.mark.parametrize("drift", DRIFTS)
def test_page_that_drifts_changes_no_figure(home: Path, drift: str) -> None:
    broken, checks = DRIFTS[drift]
    fetch(home)
    page = home / "public" / "los_angeles" / PAGE
    page.write_text(broken(page.read_text(encoding="utf-8")), encoding="utf-8")
    again = fetch(home, date(2026, 3, 1))
    assert {row.check_name for row in again.check_results if row.severity == "error"} >= checks
    assert again.written == []
    assert vintages_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]


def test_press_file_with_a_broken_sum_is_quarantined(home: Path) -> None:
    fetch(home)
    press = home / "public" / "press" / "port_teu.csv"
    right = "USLGB,month,2025-11,loaded_exports,110122"
    text = press.read_text(encoding="utf-8")
    assert text.count(right) == 1
    press.write_text(text.replace(right, right.replace("110122", "110112")), encoding="utf-8")
    again = fetch(home, date(2026, 3, 1))
    assert "press_1/port_teu" not in again.written
    (error,) = [row for row in again.check_results if row.severity == "error"]
    assert error.check_name == "totals_stay_sums_of_their_parts"
    assert "USLGB 2025-11 total_teu: 817561.00 before, 817561.00 now, its parts add to 817551.00" in error.message
