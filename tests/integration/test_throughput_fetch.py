"""Public statistics from page to lake: what is kept, what counts as news, what a failing page leaves alone."""

import csv
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import get_args

import duckdb
import pytest

from orchestration.clock import RunClock
from orchestration.corridor_file import Source
from orchestration.errors import CorridorError
from orchestration.lake import Lake
from orchestration.settings import PROJECT_ROOT, load_settings
from orchestration.throughput import los_angeles
from orchestration.throughput.fetch import READERS, Fetched, fetch_sources
from orchestration.throughput.reparse import reparse_pages
from orchestration.throughput.source import Manners, Page, Reading
from orchestration.throughput.status import source_states
from tests.benchmarks.pages import cold_and_warm
from tests.port_server import PortServer, Reply, page, serving

COMMITTED = PROJECT_ROOT / "data" / "public"
STATISTICS = "/business/statistics/container-statistics"
PAGE = "historical-teu-statistics-2025.html"
HASTY = Manners(connect_s=1.0, read_s=1.0, total_s=2.0, attempts=2, first_wait_s=0.01, pause_s=0)

CORRIDOR = """
terminals = []
partners = []

[corridor]
id = "LA-SHA"
name = "Los Angeles - Shanghai"
contact = "secretariat@example.org"

[corridor.origin]
ports = ["CNSHA"]

[corridor.destination]
ports = ["USLAX", "USLGB"]
"""

SOURCE = """
[[sources]]
id = "{id}"
kind = "{kind}"
location = "{location}"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the committed pages and press file, and two sources that read them."""
    shutil.copytree(COMMITTED, tmp_path / "public")
    configure(tmp_path, los_angeles="public/los_angeles", press="public/press/port_teu.csv")
    return tmp_path


def configure(home: Path, **locations: str) -> None:
    sources = [SOURCE.format(id=f"{kind}_1", kind=kind, location=location) for kind, location in locations.items()]
    (home / "corridor.toml").write_text(CORRIDOR + "".join(sources), encoding="utf-8")


def fetch(home: Path, day: date = date(2026, 2, 28)) -> Fetched:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return fetch_sources(load_settings(home), RunClock(as_of=day, now=now), HASTY)


def said_of(home: Path, month: str, measure: str) -> list[tuple[object, ...]]:
    """(TEU, vintage) of a month of Los Angeles, oldest vintage first."""
    lake = home / "lake" / "throughput" / "los_angeles_1" / "*.parquet"
    return duckdb.execute(
        "select teu::varchar, vintage_at::date::varchar from read_parquet($lake) "
        "where measure = $measure and period_start = $month and period_grain = 'month' order by vintage_at",
        {"lake": str(lake), "month": f"{month}-01", "measure": measure},
    ).fetchall()


def revise(home: Path, said: str, says: str) -> None:
    page = home / "public" / "los_angeles" / PAGE
    content = page.read_text(encoding="utf-8")
    assert said in content
    page.write_text(content.replace(said, says), encoding="utf-8")


def test_every_page_becomes_a_vintage_with_its_bytes_and_origin_kept(home: Path) -> None:
    fetched = fetch(home)
    pages = [f"los_angeles_1/historical-teu-statistics-{year}" for year in range(2019, 2027)]
    assert (fetched.written, fetched.unchanged, fetched.findings) == ([*pages, "press_1/port_teu"], [], [])

    content = (home / "public" / "los_angeles" / PAGE).read_bytes()
    digest = sha256(content).hexdigest()
    assert Lake(home / "lake").raw_bytes(digest) == content
    assert Lake(home / "lake").newest_cards("los_angeles_1")["historical-teu-statistics-2025"] == {
        "source_id": "los_angeles_1",
        "page": "historical-teu-statistics-2025",
        "read_at": "2026-02-28T12:00:00+00:00",
        "content_sha256": digest,
        "url": str(home / "public" / "los_angeles" / PAGE),
        "licence": "provided free of charge; please credit the Port of Los Angeles",
        "headers": {},
    }


def test_every_published_figure_lies_in_the_lake_exactly_under_its_own_source(home: Path) -> None:
    fetch(home)
    lake = str(home / "lake" / "throughput" / "*" / "*.parquet")
    held = duckdb.execute(
        "select port_locode, year(period_start)::varchar, "
        "if(period_grain = 'month', month(period_start)::varchar, ''), measure, teu, citation, precision "
        "from read_parquet($lake) where teu is not null",
        {"lake": lake},
    ).fetchall()
    with (PROJECT_ROOT / "tests" / "fixtures" / "throughput" / "port_teu.csv").open(encoding="utf-8") as file:
        published = [[*row.values()] for row in csv.DictReader(file)]
    assert len(published) == 459
    assert Counter(row[:6] for row in held) == Counter((*row[:4], Decimal(row[4]), row[5]) for row in published)
    # The sources say themselves which figures are rounded and which were worked out from others.
    for *_, citation, precision in held:
        stated = citation.partition(":")[0]
        assert (precision == stated) == (stated in ("rounded", "derived"))


def test_a_page_that_says_the_same_is_no_second_vintage(home: Path) -> None:
    fetch(home)
    revise(home, "</body>", "<!-- served by another machine --></body>")
    again = fetch(home, date(2026, 3, 1))
    assert (again.written, len(again.unchanged)) == ([], 9)
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]


def test_a_revision_is_a_second_vintage_beside_the_first(home: Path) -> None:
    fetch(home)
    revise(home, ">924,245.00<", ">924,245.04<")
    again = fetch(home, date(2026, 3, 1))
    assert again.written == ["los_angeles_1/historical-teu-statistics-2025"]
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28"), ("924245.04", "2026-03-01")]


def test_a_broken_page_leaves_its_vintage_in_use_and_its_bytes_in_the_lake(home: Path) -> None:
    fetch(home)
    revise(home, "<th>Loaded Imports</th>", "<th>Imports</th>")
    again = fetch(home, date(2026, 3, 1))
    name = "los_angeles_1/historical-teu-statistics-2025"
    assert name not in again.written + again.unchanged
    assert [(row.check_name, row.target, row.severity) for row in again.findings] == [
        ("page_has_its_layout", "historical-teu-statistics-2025", "error")
    ]
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]
    digest = sha256((home / "public" / "los_angeles" / PAGE).read_bytes()).hexdigest()
    assert (home / "lake" / "raw" / digest[:2] / digest).exists()


def test_a_finding_of_an_unchanged_page_is_said_at_every_look(home: Path) -> None:
    revise(home, ">483,975.25<", ">483,985.25<")
    first, again = fetch(home), fetch(home, date(2026, 3, 1))
    assert again.written == []
    assert [row.check_name for row in first.findings] == [
        *["totals_are_sums_of_their_parts"] * 2,
        "figures_are_confirmed_by_a_sum",
    ]
    assert again.findings == first.findings


def test_a_location_that_is_not_there_is_one_line_and_the_other_sources_go_on(home: Path) -> None:
    configure(home, los_angeles="public/nowhere", press="public/press/port_teu.csv")
    fetched = fetch(home)
    assert fetched.written == ["press_1/port_teu"]
    (row,) = fetched.findings
    assert (row.check_name, row.target, row.severity) == ("page_is_reachable", "los_angeles_1", "warning")
    assert row.message == (
        f"{home}/public/nowhere holds no page of the Port of Los Angeles: "
        "expected historical-teu-statistics-YYYY.html. The figures already held stay in use."
    )


def test_every_kind_of_source_that_corridor_toml_may_name_has_a_reader() -> None:
    assert {*READERS} == {*get_args(Source.model_fields["kind"].annotation)}


@pytest.fixture
def port() -> Iterator[PortServer]:
    """A port with its year pages 2019 to 2026, each with a tag, under its page of container statistics."""
    with serving() as server:
        for file in sorted((COMMITTED / "los_angeles").glob("*.html")):
            server.answers[f"{STATISTICS}/{file.stem}"] = [page(file.read_bytes(), ETag='"v1"')]
        yield server


def asks_of_2025(port: PortServer, says: str | None = None) -> list[Reply]:
    """The answers prepared for the page of 2025; says: its content from now on, with another tag."""
    path = f"{STATISTICS}/{Path(PAGE).stem}"
    if says is not None:
        port.answers[path] = [page(says, ETag=f'"{sha256(says.encode()).hexdigest()[:8]}"')]
    return port.answers[path]


def test_year_pages_are_fetched_from_their_addresses_and_missing_ones_passed_over(home: Path, port: PortServer) -> None:
    configure(home, los_angeles=port.url(STATISTICS))
    fetched = fetch(home)
    assert fetched.written == [f"los_angeles_1/historical-teu-statistics-{year}" for year in range(2019, 2027)]
    assert [row.target for row in fetched.findings] == [
        f"historical-teu-statistics-{year}" for year in range(1995, 2019)
    ]
    assert {row.check_name for row in fetched.findings} == {"page_is_reachable"}
    assert fetched.troubles == []
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]


def test_a_page_that_has_not_changed_costs_one_conditional_request(home: Path, port: PortServer) -> None:
    configure(home, los_angeles=port.url(STATISTICS))
    fetch(home)
    port.requests.clear()
    again = fetch(home, date(2026, 3, 1))
    assert (again.written, len(again.unchanged)) == ([], 8)
    conditions = {path: headers.get("If-None-Match") for path, headers in port.requests}
    asked = [conditions[f"{STATISTICS}/historical-teu-statistics-{year}"] for year in range(2019, 2027)]
    assert asked == ['"v1"'] * 8
    assert len(port.asked) == 32
    (look,) = [look for look in Lake(home / "lake").looks("los_angeles_1") if look["page"].endswith("2025")]
    assert (look["outcome"], look["looked_at"], look["changed_at"]) == (
        "unchanged", "2026-03-01T12:00:00+00:00", "2026-02-28T12:00:00+00:00",
    )  # fmt: skip


@pytest.mark.parametrize("lost", ["looks", "raw", "damaged"])
def test_a_page_is_never_lost_between_a_tag_and_its_bytes(home: Path, port: PortServer, lost: str) -> None:
    """A server that would answer "as it was" is asked in full when what it was is no longer here."""
    configure(home, los_angeles=port.url(STATISTICS))
    fetch(home)
    kept = [path for path in (home / "lake" / "raw").glob("*/*") if path.is_file()]
    if lost == "damaged":
        kept[0].write_bytes(b"torn")
    else:
        shutil.rmtree(home / "lake" / lost)
    again = fetch(home, date(2026, 3, 1))
    assert (again.written, len(again.unchanged), again.troubles) == ([], 8, [])
    assert all(sha256(path.read_bytes()).hexdigest() == path.name for path in kept)
    assert len(Lake(home / "lake").cards("los_angeles_1")) == 8
    port.requests.clear()
    fetch(home, date(2026, 3, 2))
    assert sum("If-None-Match" in headers for _, headers in port.requests) == 8


def test_a_server_that_refuses_is_asked_no_further_and_the_vintages_stay(home: Path, port: PortServer) -> None:
    configure(home, los_angeles=port.url(STATISTICS), press="public/press/port_teu.csv")
    fetch(home)
    port.requests.clear()
    port.answers[f"{STATISTICS}/historical-teu-statistics-1995"] = [Reply(403)]
    again = fetch(home, date(2026, 3, 1))
    assert len(port.asked) == 1
    assert [row.target for row in again.findings] == ["historical-teu-statistics-1995"]
    assert again.unchanged == ["press_1/port_teu"]
    assert again.news == again.troubles
    assert "answered 403" in again.news[0]
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]
    assert fetch(home, date(2026, 3, 2)).news == []


def test_a_quarantined_page_is_told_at_every_look_until_it_is_mended(home: Path, port: PortServer) -> None:
    configure(home, los_angeles=port.url(STATISTICS))
    fetch(home)
    good = (COMMITTED / "los_angeles" / PAGE).read_text(encoding="utf-8")
    asks_of_2025(port, tripled(good))
    first = fetch(home, date(2026, 3, 1))
    unchanged = fetch(home, date(2026, 3, 2))
    port.answers[f"{STATISTICS}/historical-teu-statistics-1995"] = [Reply(403)]
    unasked = fetch(home, date(2026, 3, 3))
    errors = [row for row in first.findings if row.severity == "error"]
    assert [row.check_name for row in errors] == ["figures_are_in_their_band"]
    assert (first.news, len(first.troubles)) == (first.troubles, 1)
    assert (unchanged.troubles, unchanged.news) == (first.troubles, [])
    assert [row for row in unchanged.findings if row.severity == "error"] == errors
    assert [row for row in unasked.findings if row.severity == "error"] == errors
    assert len(unasked.troubles) == 2
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]

    port.answers[f"{STATISTICS}/historical-teu-statistics-1995"] = [Reply(404)]
    asks_of_2025(port, good)
    mended = fetch(home, date(2026, 3, 4))
    assert (mended.written, len(mended.unchanged), mended.troubles) == ([], 8, [])


def test_a_person_lets_a_quarantined_page_in_as_of_the_day_it_was_read(home: Path) -> None:
    fetch(home)
    page = home / "public" / "los_angeles" / PAGE
    page.write_text(tripled(page.read_text(encoding="utf-8")), encoding="utf-8")
    told = fetch(home, date(2026, 3, 1)).troubles
    digest = sha256(page.read_bytes()).hexdigest()
    accept = f'accept = ["{digest}"]'
    assert told == [
        "los_angeles_1: historical-teu-statistics-2025: a figure is far from its own history: USLAX 2025-01 "
        "loaded_imports: 483831.25 held, 1451831.25 now, usual 170063 to 1062896. Its earlier figures stay in use. "
        f"The page is kept as lake/raw/{digest[:2]}/{digest}; to take it in as it is, put {accept} into [[sources]] "
        "los_angeles_1, for good.",
    ]
    corridor_toml = home / "corridor.toml"
    text = corridor_toml.read_text(encoding="utf-8")
    corridor_toml.write_text(text.replace('kind = "los_angeles"', f'kind = "los_angeles"\n{accept}'), encoding="utf-8")
    let_in = fetch(home, date(2026, 3, 5))
    assert let_in.written == ["los_angeles_1/historical-teu-statistics-2025"]
    assert let_in.troubles == []
    assert {row.severity for row in let_in.findings} == {"warning"}
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28"), ("1892245.00", "2026-03-01")]


def tripled(content: str) -> str:
    """January's loaded imports three times as many, and the sums that hold them: nothing on the page contradicts it."""
    for said, says in (("483,831.25", "1,451,831.25"), ("483,975.25", "1,451,975.25"), ("924,245.00", "1,892,245.00")):
        assert f">{said}<" in content
        content = content.replace(f">{said}<", f">{says}<")
    return content


def scaled(content: str, factor: Decimal) -> str:
    return re.sub(
        r">([0-9,]+(\.[0-9]{2})?)<", lambda cell: f">{Decimal(cell[1].replace(',', '')) * factor:.2f}<", content
    )


def swapped(content: str) -> str:
    """The headings of two columns stand above each other's figures."""
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
def test_a_page_that_drifts_changes_no_figure(home: Path, drift: str) -> None:
    broken, checks = DRIFTS[drift]
    fetch(home)
    page = home / "public" / "los_angeles" / PAGE
    page.write_text(broken(page.read_text(encoding="utf-8")), encoding="utf-8")
    again = fetch(home, date(2026, 3, 1))
    assert {row.check_name for row in again.findings if row.severity == "error"} >= checks
    assert again.written == []
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]


def test_a_page_read_anew_gives_the_same_vintages(home: Path) -> None:
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


def test_a_mended_parser_makes_each_vintage_anew_as_of_its_day(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that took laden exports for empty ones is mended: what was known is put right for each day."""
    measures = {"loaded_exports": "empty_exports", "empty_exports": "loaded_exports"}

    parse = los_angeles.parse

    def mistaken(page: Page) -> Reading:
        reading = parse(page)
        taken = [replace(cell, measure=measures.get(cell.measure, cell.measure)) for cell in reading.observations]
        return Reading(taken, reading.findings)

    with monkeypatch.context() as patch:
        patch.setattr("orchestration.throughput.fetch.los_angeles.parse", mistaken)
        fetch(home)
    again = fetch(home, date(2026, 3, 1))
    assert again.written == []
    assert {row.check_name for row in again.findings} == {"vintage_is_as_read_today"}
    assert said_of(home, "2025-01", "loaded_exports") == [("326999.00", "2026-02-28")]

    lines = list(reparse_pages(load_settings(home)))
    assert (
        "los_angeles_1: historical-teu-statistics-2025 as read at 2026-02-28 12:00: USLAX month 2025-01 "
        "loaded_exports: 326999.00 final, now 113270.75 final"
    ) in lines
    assert said_of(home, "2025-01", "loaded_exports") == [("113270.75", "2026-02-28")]
    assert fetch(home, date(2026, 3, 2)).findings == []


def test_reparsing_changes_nothing_when_a_page_is_lost(home: Path) -> None:
    fetch(home)
    before = vintages(home)
    digest = sha256((home / "public" / "los_angeles" / PAGE).read_bytes()).hexdigest()
    (home / "lake" / "raw" / digest[:2] / digest).unlink()
    with pytest.raises(CorridorError, match=f"{digest} is missing or damaged: it is the page .*2025 as read at"):
        list(reparse_pages(load_settings(home)))
    assert vintages(home) == before
    assert [path.name for path in (home / "lake").iterdir() if path.name.startswith(".")] == []


def test_thirty_pages_are_fetched_in_seconds_and_looked_at_again_in_less(tmp_path: Path) -> None:
    """Of an idle machine 5 s and 1 s are asked, which `make bench` prints; here four times that."""
    (cold, first), (warm, again) = cold_and_warm(tmp_path)
    assert (len(first.written), len(again.unchanged), first.troubles) == (30, 30, [])
    assert cold < 20
    assert warm < 4


def test_the_state_of_each_source_is_read_without_the_network(home: Path, port: PortServer) -> None:
    configure(home, los_angeles=port.url(STATISTICS), press="public/press/port_teu.csv")
    assert [(s["looked_at"], s["newest_month"], s["quarantined"]) for s in source_states(load_settings(home))] == [
        (None, None, [])
    ] * 2
    fetch(home)
    asks_of_2025(port, "nothing")
    fetch(home, date(2026, 3, 1))
    port.answers[f"{STATISTICS}/historical-teu-statistics-2000"] = [Reply(429)]
    fetch(home, date(2026, 3, 2))
    fetch(home, date(2026, 3, 3))
    port.requests.clear()
    los_angeles_state, press_state = source_states(load_settings(home))
    troubles = los_angeles_state.pop("troubles")
    assert los_angeles_state == {
        "source_id": "los_angeles_1",
        "kind": "los_angeles",
        "looked_at": "2026-03-03T12:00:00+00:00",
        "changed_at": "2026-03-01T12:00:00+00:00",
        "newest_month": "2026-01",
        "quarantined": ["historical-teu-statistics-2025"],
        "unreachable_since": "2026-03-02T12:00:00+00:00",
    }
    assert [("429" in trouble, "0 tables" in trouble) for trouble in troubles] == [(True, False), (False, True)]
    assert (press_state["changed_at"], press_state["quarantined"]) == ("2026-02-28T12:00:00+00:00", [])
    assert press_state["unreachable_since"] is None
    assert port.requests == []


def vintages(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (home / "lake" / "throughput").rglob("*.parquet")}
