"""Dated promises on disclosed figures: 60 or more by 2025, seen in February of 2026 unless a case says otherwise."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.core.settings import Settings
from orchestration.release.disclosure.disclose import disclose, find_unsafe_cells
from tests.support.release_home import SHIPS, add_cell, in_memory, make_home

KPI = "corridor_wtw_g_per_teu_km"
ONE_SHIP = {"SMPL-A": 1.0}
Told = tuple[str, int | None, float | None]


def milestones(settings: Settings, years: dict[int, float], ships: dict[str, float] = SHIPS) -> dict[int, Told]:
    """By the year due: status, the year that reached it, and the figure shown."""
    with in_memory() as con:
        for year, value in years.items():
            add_cell(con, KPI, value, ships=ships, period=("year", date(year, 1, 1), date(year, 12, 31)))
        con.execute("use kpis")
        find_unsafe_cells(con, 10.0)
        disclose(con, settings)
        rows = con.execute("select due_year, status, reached_in, value from kpi.kpi_milestones").fetchall()
    return {due: (status, reached_in, value) for due, status, reached_in, value in rows}


@pytest.mark.parametrize(
    ("years", "told"),
    [
        ({2024: 60.0, 2025: 70.0}, ("reached", 2024, 60.0)),
        ({2024: 50.0, 2025: 59.9}, ("not_reached", None, 59.9)),
        ({2025: 50.0, 2026: 61.0}, ("reached_late", 2026, 61.0)),
        ({}, ("unknown", None, None)),
        ({2026: 50.0}, ("unknown", None, 50.0)),
    ],
)
def test_a_promise_is_kept_by_the_first_year_that_reaches_it(
    settings: Settings, years: dict[int, float], told: Told
) -> None:
    assert milestones(settings, years)[2025] == told


def test_a_year_that_is_not_published_may_have_kept_it(settings: Settings) -> None:
    assert milestones(settings, {2025: 70.0}, ships=ONE_SHIP)[2025] == ("unknown", None, None)


def test_a_promise_that_no_figure_measures_stays_open_until_it_is_due(settings: Settings) -> None:
    assert milestones(settings, {2025: 70.0})[2030] == ("pending", None, None)


def test_a_promise_is_open_within_its_year(tmp_path: Path) -> None:
    settings = make_home(tmp_path / "home")
    run = settings.lake / "corridor" / "run.parquet"
    duckdb.sql("select date '2025-12-31' as as_of").write_parquet(str(run))
    assert milestones(settings, {2024: 50.0})[2025] == ("pending", None, 50.0)
