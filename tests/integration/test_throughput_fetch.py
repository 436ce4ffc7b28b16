"""Public statistics from page to lake: what is stored, what counts as a change, what a failing page leaves alone."""

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import get_args

import duckdb
import pytest

from orchestration.core.corridor_file import Source
from orchestration.core.lake import Lake
from orchestration.core.settings import PROJECT_ROOT, load_settings
from orchestration.throughput.fetch import READERS
from orchestration.throughput.status import source_states
from tests.benchmarks.pages import cold_and_warm
from tests.support.port_server import PortServer, Reply
from tests.support.public_pages import (
    PAGE,
    STATISTICS,
    asks_of_2025,
    committed_pages,
    configure,
    fetch,
    revise,
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


def test_every_page_becomes_a_vintage_with_stored_bytes_and_origin(home: Path) -> None:
    fetched = fetch(home)
    pages = [f"los_angeles_1/historical-teu-statistics-{year}" for year in range(2019, 2027)]
    assert (fetched.written, fetched.unchanged, fetched.check_results) == ([*pages, "press_1/port_teu"], [], [])

    content = (home / "public" / "los_angeles" / PAGE).read_bytes()
    digest = sha256(content).hexdigest()
    assert Lake(home / "lake").raw_bytes(digest) == content
    assert Lake(home / "lake").newest_snapshots("los_angeles_1")["historical-teu-statistics-2025"] == {
        "source_id": "los_angeles_1",
        "page": "historical-teu-statistics-2025",
        "read_at": "2026-02-28T12:00:00+00:00",
        "content_sha256": digest,
        "url": str(home / "public" / "los_angeles" / PAGE),
        "licence": "provided free of charge; please credit the Port of Los Angeles",
        "headers": {},
    }


def test_every_published_figure_is_in_the_lake_under_its_own_source(home: Path) -> None:
    fetch(home)
    lake = str(home / "lake" / "throughput" / "*" / "*.parquet")
    stored = duckdb.execute(
        "select port_locode, year(period_start)::varchar, "
        "if(period_grain = 'month', month(period_start)::varchar, ''), measure, teu, citation, precision "
        "from read_parquet($lake) where teu is not null",
        {"lake": lake},
    ).fetchall()
    with (PROJECT_ROOT / "tests" / "fixtures" / "throughput" / "port_teu.csv").open(encoding="utf-8") as file:
        published = [[*row.values()] for row in csv.DictReader(file)]
    assert len(published) == 459
    assert Counter(row[:6] for row in stored) == Counter((*row[:4], Decimal(row[4]), row[5]) for row in published)
    # The sources say themselves which figures are rounded and which were worked out from others.
    for *_, citation, precision in stored:
        stated = citation.partition(":")[0]
        assert (precision == stated) == (stated in ("rounded", "derived"))


def test_unchanged_page_adds_no_vintage(home: Path) -> None:
    fetch(home)
    revise(home, "</body>", "<!-- served by another machine --></body>")
    again = fetch(home, date(2026, 3, 1))
    assert (again.written, len(again.unchanged)) == ([], 9)
    assert vintages_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]


def test_revision_adds_a_second_vintage(home: Path) -> None:
    fetch(home)
    revise(home, ">924,245.00<", ">924,245.04<")
    again = fetch(home, date(2026, 3, 1))
    assert again.written == ["los_angeles_1/historical-teu-statistics-2025"]
    assert vintages_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28"), ("924245.04", "2026-03-01")]


def test_broken_page_leaves_its_vintage_in_use_and_its_bytes_in_the_lake(home: Path) -> None:
    fetch(home)
    revise(home, "<th>Loaded Imports</th>", "<th>Imports</th>")
    again = fetch(home, date(2026, 3, 1))
    name = "los_angeles_1/historical-teu-statistics-2025"
    assert name not in again.written + again.unchanged
    assert [(row.check_name, row.target, row.severity) for row in again.check_results] == [
        ("page_has_its_layout", "historical-teu-statistics-2025", "error")
    ]
    assert vintages_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]
    digest = sha256((home / "public" / "los_angeles" / PAGE).read_bytes()).hexdigest()
    assert (home / "lake" / "raw" / digest[:2] / digest).exists()


def test_warning_about_an_unchanged_page_is_repeated_at_every_fetch(home: Path) -> None:
    revise(home, ">483,975.25<", ">483,985.25<")
    first, again = fetch(home), fetch(home, date(2026, 3, 1))
    assert again.written == []
    assert [row.check_name for row in first.check_results] == [
        *["totals_are_sums_of_their_parts"] * 2,
        "figures_are_confirmed_by_a_sum",
    ]
    assert again.check_results == first.check_results


def test_missing_location_is_reported_and_other_sources_are_fetched(home: Path) -> None:
    configure(home, los_angeles="public/nowhere", press="public/press/port_teu.csv")
    fetched = fetch(home)
    assert fetched.written == ["press_1/port_teu"]
    (row,) = fetched.check_results
    assert (row.check_name, row.target, row.severity) == ("page_is_reachable", "los_angeles_1", "warning")
    assert row.message == (
        f"{home}/public/nowhere has no page of the Port of Los Angeles: "
        "expected historical-teu-statistics-YYYY.html. Its earlier figures stay in use."
    )


def test_every_source_kind_of_corridor_toml_has_a_reader() -> None:
    assert {*READERS} == {*get_args(Source.model_fields["kind"].annotation)}


def test_year_pages_are_fetched_and_missing_ones_skipped(home: Path, port: PortServer) -> None:
    configure(home, los_angeles=port.url(STATISTICS))
    fetched = fetch(home)
    assert fetched.written == [f"los_angeles_1/historical-teu-statistics-{year}" for year in range(2019, 2027)]
    assert [row.target for row in fetched.check_results] == [
        f"historical-teu-statistics-{year}" for year in range(1995, 2019)
    ]
    assert {row.check_name for row in fetched.check_results} == {"page_is_reachable"}
    assert fetched.problems == []
    assert vintages_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]


def test_unchanged_page_costs_one_conditional_request(home: Path, port: PortServer) -> None:
    configure(home, los_angeles=port.url(STATISTICS))
    fetch(home)
    port.requests.clear()
    again = fetch(home, date(2026, 3, 1))
    assert (again.written, len(again.unchanged)) == ([], 8)
    conditions = {path: headers.get("If-None-Match") for path, headers in port.requests}
    asked = [conditions[f"{STATISTICS}/historical-teu-statistics-{year}"] for year in range(2019, 2027)]
    assert asked == ['"v1"'] * 8
    assert len(port.asked) == 32
    records = Lake(home / "lake").fetch_records("los_angeles_1")
    (record,) = [record for record in records if record["page"].endswith("2025")]
    assert (record["outcome"], record["fetched_at"], record["changed_at"]) == (
        "unchanged", "2026-03-01T12:00:00+00:00", "2026-02-28T12:00:00+00:00",
    )  # fmt: skip


@pytest.mark.parametrize("lost", ["fetches", "raw", "damaged"])
def test_page_is_requested_in_full_if_its_stored_bytes_are_lost(home: Path, port: PortServer, lost: str) -> None:
    """A server that would answer "not modified" gets an unconditional request if the bytes are missing."""
    configure(home, los_angeles=port.url(STATISTICS))
    fetch(home)
    stored_files = [path for path in (home / "lake" / "raw").glob("*/*") if path.is_file()]
    if lost == "damaged":
        stored_files[0].write_bytes(b"torn")
    else:
        shutil.rmtree(home / "lake" / lost)
    again = fetch(home, date(2026, 3, 1))
    assert (again.written, len(again.unchanged), again.problems) == ([], 8, [])
    assert all(sha256(path.read_bytes()).hexdigest() == path.name for path in stored_files)
    assert len(Lake(home / "lake").snapshots("los_angeles_1")) == 8
    port.requests.clear()
    fetch(home, date(2026, 3, 2))
    assert sum("If-None-Match" in headers for _, headers in port.requests) == 8


def test_refusing_server_gets_no_further_request_and_vintages_stay(home: Path, port: PortServer) -> None:
    configure(home, los_angeles=port.url(STATISTICS), press="public/press/port_teu.csv")
    fetch(home)
    port.requests.clear()
    port.answers[f"{STATISTICS}/historical-teu-statistics-1995"] = [Reply(403)]
    again = fetch(home, date(2026, 3, 1))
    assert len(port.asked) == 1
    assert [row.target for row in again.check_results] == ["historical-teu-statistics-1995"]
    assert again.unchanged == ["press_1/port_teu"]
    assert again.new_problems == again.problems
    assert "answered 403" in again.new_problems[0]
    assert vintages_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]
    assert fetch(home, date(2026, 3, 2)).new_problems == []


def test_thirty_pages_are_fetched_twice(tmp_path: Path) -> None:
    """What `make bench` times."""
    (_, first), (_, again) = cold_and_warm(tmp_path)
    assert (len(first.written), len(again.unchanged), first.problems) == (30, 30, [])


def test_source_states_are_read_without_the_network(home: Path, port: PortServer) -> None:
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
    problems = los_angeles_state.pop("troubles")
    assert los_angeles_state == {
        "source_id": "los_angeles_1",
        "kind": "los_angeles",
        "looked_at": "2026-03-03T12:00:00+00:00",
        "changed_at": "2026-03-01T12:00:00+00:00",
        "newest_month": "2026-01",
        "quarantined": ["historical-teu-statistics-2025"],
        "unreachable_since": "2026-03-02T12:00:00+00:00",
    }
    assert [("429" in trouble, "0 tables" in trouble) for trouble in problems] == [(True, False), (False, True)]
    assert (press_state["changed_at"], press_state["quarantined"]) == ("2026-02-28T12:00:00+00:00", [])
    assert press_state["unreachable_since"] is None
    assert port.requests == []
