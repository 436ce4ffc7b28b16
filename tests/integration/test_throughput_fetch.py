"""Public statistics from page to lake: what is kept, what counts as news, what a failing page leaves alone."""

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest

from orchestration.clock import RunClock
from orchestration.errors import CorridorError
from orchestration.settings import PROJECT_ROOT, load_settings
from orchestration.throughput.fetch import Fetched, fetch_sources
from orchestration.throughput.source import Manners

COMMITTED = PROJECT_ROOT / "data" / "public"
PAGE = "historical-teu-statistics-2025.html"
HASTY = Manners(connect_s=1.0, read_s=1.0, total_s=2.0, attempts=2, first_wait_s=0.01)

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
    raw = home / "lake" / "raw" / digest[:2] / digest
    assert raw.read_bytes() == content
    assert json.loads(raw.with_suffix(".json").read_bytes()) == {
        "source_id": "los_angeles_1",
        "page": "historical-teu-statistics-2025",
        "url": str(home / "public" / "los_angeles" / PAGE),
        "read_at": "2026-02-28T12:00:00+00:00",
        "licence": "provided free of charge; please credit the Port of Los Angeles",
        "headers": {},
    }


def test_all_published_figures_lie_in_the_lake_to_the_hundredth(home: Path) -> None:
    fetch(home)
    lake = str(home / "lake" / "throughput" / "*" / "*.parquet")
    figures, total, blank = duckdb.execute(
        "select count(teu), sum(teu)::varchar, count(*) filter (teu is null) from read_parquet($lake)", {"lake": lake}
    ).fetchone() or (0, "", 0)
    published = str(PROJECT_ROOT / "tests" / "fixtures" / "throughput" / "port_teu.csv")
    expected = duckdb.execute(
        "select count(*), sum(teu::decimal(14, 2))::varchar from read_csv($published, all_varchar = true)",
        {"published": published},
    ).fetchone()
    assert (figures, total) == expected
    assert figures == 459
    assert blank > 0


def test_a_page_that_says_the_same_is_no_second_vintage(home: Path) -> None:
    fetch(home)
    revise(home, "</body>", "<!-- served by another machine --></body>")
    again = fetch(home, date(2026, 3, 1))
    assert (again.written, len(again.unchanged)) == ([], 9)
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]


def test_a_revision_is_a_second_vintage_beside_the_first(home: Path) -> None:
    fetch(home)
    revise(home, ">924,245.00<", ">924,246.50<")
    again = fetch(home, date(2026, 3, 1))
    assert again.written == ["los_angeles_1/historical-teu-statistics-2025"]
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28"), ("924246.50", "2026-03-01")]


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
    assert [row.check_name for row in first.findings] == ["totals_are_sums_of_their_parts"] * 2
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


def test_a_kind_without_a_reader_is_refused_before_anything_is_read(home: Path) -> None:
    configure(home, press="public/press/port_teu.csv", shanghai="https://example.org/throughput")
    with pytest.raises(
        CorridorError, match=r"sources\.shanghai_1 is of kind 'shanghai', which this version cannot read"
    ):
        fetch(home)
    assert not (home / "lake").exists()


class PortSite(SimpleHTTPRequestHandler):
    """The committed year pages at the port's own addresses; refused answers whatever is asked with 403."""

    refused = False
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.refused:
            self.send_error(403)
        else:
            self.path = f"/{Path(self.path).name}.html"
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def statistics() -> Iterator[str]:
    """The address of a container-statistics page with year pages 2019 to 2026 under it."""
    PortSite.asked, PortSite.refused = [], False
    handler = partial(PortSite, directory=str(COMMITTED / "los_angeles"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/business/statistics/container-statistics"
    server.shutdown()
    thread.join()
    server.server_close()


def test_year_pages_are_fetched_from_their_addresses_and_missing_ones_passed_over(home: Path, statistics: str) -> None:
    configure(home, los_angeles=statistics)
    fetched = fetch(home)
    assert fetched.written == [f"los_angeles_1/historical-teu-statistics-{year}" for year in range(2019, 2027)]
    assert [row.target for row in fetched.findings] == [
        f"historical-teu-statistics-{year}" for year in range(1995, 2019)
    ]
    assert {row.check_name for row in fetched.findings} == {"page_is_reachable"}
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]
    assert fetch(home, date(2026, 3, 1)).written == []


def test_a_server_that_refuses_is_asked_no_further_and_the_vintages_stay(home: Path, statistics: str) -> None:
    configure(home, los_angeles=statistics, press="public/press/port_teu.csv")
    fetch(home)
    PortSite.asked, PortSite.refused = [], True
    again = fetch(home, date(2026, 3, 1))
    assert len(PortSite.asked) == 1
    assert [row.target for row in again.findings] == ["historical-teu-statistics-1995"]
    assert again.unchanged == ["press_1/port_teu"]
    assert said_of(home, "2025-01", "total_teu") == [("924245.00", "2026-02-28")]
