"""Public pages: thirty year pages of Los Angeles over the loopback interface, fetched for the first time and again.

Belongs here: those pages and both measurements. Printed by `make bench`; the integration test holds the bounds.
"""

import re
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from orchestration.core.clock import RunClock
from orchestration.core.settings import PROJECT_ROOT, load_settings
from orchestration.throughput.fetch import Fetched, fetch_sources
from orchestration.throughput.sources.source import RequestPolicy
from tests.support.port_server import PortServer, page, serving

STATISTICS = "/business/statistics/container-statistics"
YEARS = range(1996, 2026)
MODEL = PROJECT_ROOT / "data" / "public" / "los_angeles" / "historical-teu-statistics-2025.html"

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
ports = ["USLAX"]
[[sources]]
id = "los_angeles"
kind = "los_angeles"
location = "{location}"
"""


def main() -> None:
    """Print the duration of the first fetch, and of one without changes."""
    with tempfile.TemporaryDirectory() as folder:
        (cold, _), (warm, _) = cold_and_warm(Path(folder))
    print(f"{f'{len(YEARS)} year pages, cold':40s} {cold:6.2f} s")
    print(f"{f'{len(YEARS)} year pages, nothing new':40s} {warm:6.2f} s", flush=True)


def cold_and_warm(home: Path) -> list[tuple[float, Fetched]]:
    """Return seconds and outcome of two fetches of the same pages, without pauses."""
    with serving() as port:
        put_year_pages(port)
        location = port.url(STATISTICS)
        (home / "corridor.toml").write_text(CORRIDOR.format(location=location), encoding="utf-8")
        return [_fetched(home, day) for day in (date(2026, 2, 1), date(2026, 2, 2))]


def put_year_pages(port: PortServer) -> None:
    """Serve the page of 2025 under each of the years."""
    model = MODEL.read_text(encoding="utf-8")
    for year in YEARS:
        port.answers[f"{STATISTICS}/historical-teu-statistics-{year}"] = [page(_moved(model, year), ETag=f'"{year}"')]


def _moved(model: str, year: int) -> str:
    by = year - 2025
    fiscal = re.sub(
        r"Fiscal Year (20[0-9]{2})/[0-9]{2}",
        lambda label: f"Fiscal Year {int(label[1]) + by}/{(int(label[1]) + by + 1) % 100:02d}",
        model,
    )
    return fiscal.replace("Calendar Year 2025", f"Calendar Year {year}")


def _fetched(home: Path, day: date) -> tuple[float, Fetched]:
    clock = RunClock(day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    started = time.perf_counter()
    fetched = fetch_sources(load_settings(home), clock, RequestPolicy(pause_s=0))
    return time.perf_counter() - started, fetched


if __name__ == "__main__":
    main()
