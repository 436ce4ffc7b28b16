"""Public figures in the warehouse: the committed pages and press file, and errors that were really published.

The pages are fetched and parsed as in a run; the models are those that the first run compiled.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.core.clock import RunClock
from orchestration.core.lake import Lake
from orchestration.core.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.throughput.fetch import fetch_sources
from tests.pipeline.compiled import CompiledProject, compiled_project
from tests.pipeline.conftest import Published, committed_home

FIXTURES = PROJECT_ROOT / "tests" / "fixtures" / "throughput"
MODELS = ("fct_port_throughput", "fct_port_throughput_vintages", "fct_port_throughput_comparisons")
FIRST, LATER = date(2026, 2, 28), date(2026, 3, 20)

# What papers and blogs printed wrongly, as a second source beside the committed ones, and the check that each meets.
PUBLISHED_ERRORS = {
    ("USLAX", "2024-07", "totals_are_sums_of_their_parts", "total_teu", 99999.0),  # Spectrum: a digit lost
    ("USLAX", "2024-07", "sources_agree", "loaded_exports", -100000.0),
    ("USLGB", "2021-08", "totals_are_sums_of_their_parts", "total_teu", 9533.0),  # LABJ
    ("USLGB", "2021-08", "sources_agree", "loaded_exports", -9534.0),
    ("USLGB", "2020-08", "totals_are_sums_of_their_parts", "total_teu", 109999.0),  # wrgca: a digit lost
    ("USLGB", "2020-08", "sources_agree", "loaded_exports", -110000.0),
    ("USLGB", "2025-11", "totals_are_sums_of_their_parts", "total_teu", 10.0),  # mynewsla
    ("USLGB", "2025-11", "sources_agree", "loaded_exports", -10.0),
    ("USLAX", "2021-07", "sources_agree", "total_teu", 516.0),  # the first release, revised since
    ("USLAX", "2024-04", "totals_are_sums_of_their_parts", "total_teu", 100.0),  # parts that are 100 short
    ("USLAX", "2025-10", "years_to_date_are_sums_of_their_months", "total_teu", -10001.0),
    ("USLGB", "2025-01", "sources_agree", "total_teu", 10000.0),  # PMSA's text
    ("CNSHA", "2023-01", "sources_agree", "total_teu", -3422700.0),  # ten thousands read as thousands
}


@pytest.fixture(scope="module")
def models(published: Published) -> CompiledProject:
    compiled = [compiled_project(published.home, only=model) for model in MODELS]
    return CompiledProject(compiled[0].made, {name: sql for one in compiled for name, sql in one.statements.items()})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return committed_home(tmp_path)


def look(home: Path, on: date) -> Settings:
    """Fetch every source as a run of that day would."""
    settings = load_settings(home)
    clock = RunClock(on, datetime(on.year, on.month, on.day, 12, tzinfo=UTC))
    fetch_sources(settings, clock)
    Lake(settings.lake).write_corridor(settings, clock, "test")
    return settings


@contextmanager
def warehouse(
    models: CompiledProject, settings: Settings, as_of: date | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return the marts of public figures over a home's lake, as of a day."""
    if as_of:
        clock = RunClock(as_of, datetime(as_of.year, as_of.month, as_of.day, 12, tzinfo=UTC))
        Lake(settings.lake).write_corridor(settings, clock, "test")
    with models.built(settings.lake) as con:
        yield con


def disagreements(con: duckdb.DuckDBPyConnection, source_id: str | None = None) -> set[tuple[object, ...]]:
    found = con.execute(
        """
        select port_locode, strftime(period_start, '%Y-%m'), check_name, measure, cast(difference_teu as double)
        from marts.fct_port_throughput_comparisons
        where not agrees and source_id = coalesce($source_id, source_id)
        """,
        {"source_id": source_id},
    ).fetchall()
    return set(found)


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is in {path.name} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_published_figure_is_in_the_mart_under_its_own_source(models: CompiledProject, home: Path) -> None:
    with (FIXTURES / "port_teu.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wanted = Counter(
        (
            "los_angeles" if row["port_locode"] == "USLAX" and row["measure"] != "total_empty" else "press",
            row["port_locode"],
            date(int(row["year"]), int(row["month"] or 1), 1),
            "month" if row["month"] else "calendar_year",
            row["measure"],
            Decimal(row["teu"]),
        )
        for row in rows
    )
    with warehouse(models, look(home, FIRST)) as con:
        found = con.sql(
            "select source_id, port_locode, period_start, period_grain, measure, teu "
            "from marts.fct_port_throughput_vintages where teu is not null"
        ).fetchall()
    assert Counter(found) == wanted


def test_the_one_contradiction_of_the_committed_figures_is_corrected(models: CompiledProject, home: Path) -> None:
    with warehouse(models, look(home, FIRST)) as con:
        assert disagreements(con) == {("USLAX", "2024-04", "totals_are_sums_of_their_parts", "total_teu", 100.0)}
        corrected = con.sql(
            "select port_locode, cast(month as varchar), measure, teu, cast(source_teu as integer) "
            "from marts.fct_port_throughput where is_corrected"
        ).fetchall()
    assert corrected == [("USLAX", "2024-04-01", "total_empty", None, 220262)]


def test_each_published_error_fails_a_named_check(models: CompiledProject, home: Path) -> None:
    (home / "public" / "clippings.csv").write_bytes((FIXTURES / "press_with_published_errors.csv").read_bytes())
    config = home / "corridor.toml"
    config.write_text(
        f'{config.read_text(encoding="utf-8")}\n[[sources]]\nid = "clippings"\nkind = "press"\n'
        'location = "public/clippings.csv"\n',
        encoding="utf-8",
    )
    with warehouse(models, look(home, FIRST)) as con:
        assert disagreements(con, "clippings") == PUBLISHED_ERRORS


def test_correction_stops_and_reports_when_its_source_changes(models: CompiledProject, home: Path) -> None:
    replace_in(home / "public" / "press" / "port_teu.csv", "2024-04,total_empty,220262", "2024-04,total_empty,220362")
    look(home, FIRST)
    with warehouse(models, look(home, FIRST)) as con:
        assert disagreements(con) == {("USLAX", "2024-04", "corrections_find_what_they_correct", "total_empty", 100.0)}
        figures = con.execute(
            "select cast(teu as integer) from marts.fct_port_throughput "
            "where port_locode = 'USLAX' and month = '2024-04-01' and measure = 'total_empty' and not is_corrected"
        ).fetchall()
    assert figures == [(220362,)]


def test_revision_is_visible_and_an_earlier_as_of_day_has_the_old_figure(models: CompiledProject, home: Path) -> None:
    look(home, FIRST)
    replace_in(home / "public" / "los_angeles" / "historical-teu-statistics-2025.html", "782,249", "782,251")
    settings = look(home, LATER)
    november = "port_locode = 'USLAX' and measure = 'total_teu' and {} = '2025-11-01'"
    current = f"select cast(teu as integer) from marts.fct_port_throughput where {november.format('month')}"
    with warehouse(models, settings) as con:
        assert con.sql(current).fetchall() == [(782251,)]
        revisions = con.sql(
            "select cast(previous_teu as integer), cast(teu as integer), cast(previous_vintage_at as date), "
            "cast(vintage_at as date), period_start from marts.fct_port_throughput_vintages where is_revision"
        ).fetchall()
    assert revisions == [(782249, 782251, FIRST, LATER, date(2025, 11, 1))]
    with warehouse(models, settings, as_of=FIRST) as con:
        assert con.sql(current).fetchall() == [(782249,)]
        assert con.sql("select count(*) from marts.fct_port_throughput_vintages where is_revision").fetchall() == [(0,)]
