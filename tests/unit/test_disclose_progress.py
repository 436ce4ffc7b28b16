"""docs/method.md#progress on disclosed figures: a target of -40 % from 100 in 2024 to 60 in 2030, so 93.33 in 2025."""

from datetime import date

import pytest

from orchestration.core.settings import Settings
from orchestration.release.disclosure.disclose import disclose, find_unsafe_cells
from tests.support.release_home import SHIPS, add_cell, in_memory

KPI = "corridor_wtw_g_per_teu_km"
YEAR_2024 = ("year", date(2024, 1, 1), date(2024, 12, 31))
Progress = list[tuple[int, float | None, float | None, str | None]]


def progress(settings: Settings, value_2025: float | None, ships: dict[str, float] = SHIPS) -> Progress:
    """(year, value, line, status) of the corridor's commitment."""
    with in_memory() as con:
        add_cell(con, KPI, 100.0, ships=SHIPS, period=YEAR_2024)
        status = "no_data" if value_2025 is None else "published"
        add_cell(con, KPI, value_2025, ships=ships, status=status)
        con.execute("use kpis")
        find_unsafe_cells(con, 10.0)
        disclose(con, settings)
        return con.execute(
            "select year(period_start), value, line_value, status from kpi.kpi_progress "
            "where target_status = 'commitment' order by period_start"
        ).fetchall()


@pytest.mark.parametrize(
    ("value", "status"), [(93.0, "on_track"), (95.0, "on_track"), (95.3, "behind"), (91.0, "ahead"), (None, None)]
)
def test_a_year_is_compared_with_the_line_within_two_percent(
    settings: Settings, value: float | None, status: str | None
) -> None:
    assert progress(settings, value) == [(2024, 100.0, 100.0, "on_track"), (2025, value, 93.33333333, status)]


def test_a_suppressed_year_has_no_status(settings: Settings) -> None:
    assert progress(settings, 91.0, ships={"SMPL-A": 1.0})[1] == (2025, None, 93.33333333, None)


def test_a_baseline_without_a_public_figure_gives_no_line(settings: Settings) -> None:
    with in_memory() as con:
        add_cell(con, "corridor_wtw_t", 800_000.0, ships=SHIPS)
        con.execute("use kpis")
        find_unsafe_cells(con, 10.0)
        disclose(con, settings)
        rows = con.execute(
            "select baseline_value, target_value, value, line_value, status from kpi.kpi_progress "
            "where kpi_id = 'corridor_wtw_t'"
        ).fetchall()
    assert rows == [(None, None, 800_000.0, None, "no_target")]
