"""The committed public pages in a home of their own, fetched as in a run, and the port that serves them.

Belongs here: what several tests of public statistics ask of such a home. Does not belong here: any expectation.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import duckdb

from orchestration.core.clock import RunClock
from orchestration.core.settings import PROJECT_ROOT, load_settings
from orchestration.throughput.fetch import Fetched, fetch_sources
from orchestration.throughput.sources.source import RequestPolicy
from tests.support.port_server import PortServer, Reply, page, serving

COMMITTED = PROJECT_ROOT / "data" / "public"
STATISTICS = "/business/statistics/container-statistics"
PAGE = "historical-teu-statistics-2025.html"
QUICK = RequestPolicy(connect_s=1.0, read_s=1.0, total_s=2.0, attempts=2, first_wait_s=0.01, pause_s=0)

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


def committed_pages(home: Path) -> Path:
    """A home with the committed pages and press file, and two sources that read them."""
    shutil.copytree(COMMITTED, home / "public")
    configure(home, los_angeles="public/los_angeles", press="public/press/port_teu.csv")
    return home


def configure(home: Path, **locations: str) -> None:
    sources = [SOURCE.format(id=f"{kind}_1", kind=kind, location=location) for kind, location in locations.items()]
    (home / "corridor.toml").write_text(CORRIDOR + "".join(sources), encoding="utf-8")


def fetch(home: Path, day: date = date(2026, 2, 28)) -> Fetched:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return fetch_sources(load_settings(home), RunClock(as_of=day, now=now), QUICK)


def vintages_of(home: Path, month: str, measure: str) -> list[tuple[object, ...]]:
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


@contextmanager
def served_pages() -> Iterator[PortServer]:
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
