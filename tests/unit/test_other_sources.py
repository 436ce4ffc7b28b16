"""Long Beach, Shanghai and BTS on SAMPLE pages: the figures of each layout, and what is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.core.errors import CorridorError
from orchestration.core.settings import PROJECT_ROOT
from orchestration.throughput.sources import bts, long_beach, shanghai
from orchestration.throughput.sources.source import Page, ParsedPage, Source

PAGES = PROJECT_ROOT / "tests" / "fixtures" / "throughput"


def read(source: Source, path: str, *changes: tuple[str, str]) -> ParsedPage:
    said = (PAGES / path).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in said
        said = said.replace(old, new)
    return source.parse(Page("any", "page", path, said.encode(), {}, datetime(2026, 2, 28, tzinfo=UTC)))


def test_archive_page_and_both_exports_give_the_same_figures() -> None:
    page = read(long_beach, "long_beach/archive.html")
    assert (len(page.observations), page.check_results) == (120, [])
    assert {o.period_grain for o in page.observations} == {"month"}
    for export in ("archive_2026-01-20_SAMPLE.csv", "archive_SAMPLE.json"):
        assert read(long_beach, f"long_beach/{export}") == page


def test_archive_without_rows_is_refused_with_advice() -> None:
    reading = read(long_beach, "long_beach/archive_without_rows.html")
    assert reading.quarantined
    assert reading.observations == []
    assert "save it, or use the table's CSV export" in reading.check_results[0].message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Showing 1 to 27 of 27", "Showing 1 to 27 of 372"),
        ("Loaded Inbound", "Empties Outbound"),
        ('<th class="wdtheader">Loaded Outbound', '<th class="wdtheader" colspan="2">Loaded Outbound'),
        ("<td>Nov 2024</td><td>11/1/2024", "<td>Dec 2024</td><td>12/1/2024"),
    ],
)
def test_unreliable_archive_is_refused(old: str, new: str) -> None:
    reading = read(long_beach, "long_beach/archive.html", (old, new))
    assert reading.quarantined
    assert reading.observations == []


def test_row_with_contradicting_dates_is_left_out() -> None:
    reading = read(long_beach, "long_beach/archive.html", ("Nov 2024", "Dec 2024"))
    assert [row.check_name for row in reading.check_results] == ["dates_of_a_row_agree", "months_follow_each_other"]
    assert date(2024, 11, 1) not in {o.period_start for o in reading.observations}


def test_newest_saved_archive_counts_and_an_undated_one_is_an_error(
    tmp_path: Path,
) -> None:
    for day in ("2026-01-20", "2026-02-20"):
        (tmp_path / f"archive_{day}.csv").touch()
    (location,) = long_beach.locate(str(tmp_path), date(2026, 2, 28))
    assert (location.page, Path(location.url).name) == ("archive", "archive_2026-02-20.csv")
    (tmp_path / "table.html").touch()
    with pytest.raises(
        CorridorError, match=r"3 files, 2 of them with different dates in their names: expected https://"
    ):
        long_beach.locate(str(tmp_path), date(2026, 2, 28))


@pytest.mark.parametrize("source", [long_beach, shanghai, bts])
def test_empty_location_is_an_error(source: Source, tmp_path: Path) -> None:
    with pytest.raises(CorridorError, match=f"^{tmp_path}/nothing (has no|does not exist)"):
        source.locate(str(tmp_path / "nothing"), date(2026, 2, 28))


def test_shanghai_figures_are_rounded_and_in_units_of_ten_thousand() -> None:
    (april,) = read(shanghai, "shanghai/2024-04.html").observations
    assert (april.period_start, april.teu, april.precision) == (date(2024, 4, 1), Decimal(4_180_000), "rounded")


def test_january_and_february_together_leave_both_unknown() -> None:
    reading = read(shanghai, "shanghai/2024-02.html")
    assert [(o.period_start.month, o.teu) for o in reading.observations] == [(1, None), (2, None)]
    assert [row.check_name for row in reading.check_results] == ["month_stands_alone"]


@pytest.mark.parametrize(
    "changes",
    [
        [("万TEU", "千TEU")],
        [("418.0", "41.8")],
        [("418.0", "4180.0")],
        [("1657.0", "165.7")],
        [("上 海", "上海国际")],
        [("SAMPLE 2024年4月", "SAMPLE 2024年")],
    ],
)
def test_other_unit_port_or_month_is_refused(changes: list[tuple[str, str]]) -> None:
    reading = read(shanghai, "shanghai/2024-04.html", *changes)
    assert reading.quarantined
    assert reading.observations == []


def test_bts_gives_totals_of_both_ports() -> None:
    reading = read(bts, "bts/rd72-aq8r_SAMPLE.json")
    assert (len(reading.observations), reading.check_results) == (92, [])
    months = {o.period_start for o in reading.observations}
    assert (min(months), max(months), len(months)) == (date(2019, 1, 1), date(2022, 10, 1), 46)
    assert {(o.port_locode, o.measure) for o in reading.observations} == {
        ("USLAX", "total_teu"),
        ("USLGB", "total_teu"),
    }


def test_bts_month_that_occurs_twice_is_refused() -> None:
    assert read(bts, "bts/rd72-aq8r_SAMPLE.json", ('"2/1/2019"', '"1/1/2019"')).quarantined
