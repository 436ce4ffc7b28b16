"""Long Beach, Shanghai and BTS on SAMPLE pages: what each layout says, and what is refused rather than guessed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.core.errors import CorridorError
from orchestration.core.settings import PROJECT_ROOT
from orchestration.throughput.sources import bts, long_beach, shanghai
from orchestration.throughput.sources.source import Page, Reading, Source

PAGES = PROJECT_ROOT / "tests" / "fixtures" / "throughput"


def read(source: Source, path: str, *changes: tuple[str, str]) -> Reading:
    said = (PAGES / path).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in said
        said = said.replace(old, new)
    return source.parse(Page("any", "page", path, said.encode(), {}, datetime(2026, 2, 28, tzinfo=UTC)))


def test_the_archive_says_the_same_as_a_page_and_as_both_exports() -> None:
    page = read(long_beach, "long_beach/archive.html")
    assert (len(page.observations), page.findings) == (120, [])
    assert {o.period_grain for o in page.observations} == {"month"}
    for export in ("archive_2026-01-20_SAMPLE.csv", "archive_SAMPLE.json"):
        assert read(long_beach, f"long_beach/{export}") == page


def test_an_archive_whose_rows_a_script_fills_in_is_refused_with_what_to_do() -> None:
    reading = read(long_beach, "long_beach/archive_without_rows.html")
    assert reading.quarantined
    assert reading.observations == []
    assert "save it, or use the table's CSV export" in reading.findings[0].message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Showing 1 to 27 of 27", "Showing 1 to 27 of 372"),
        ("Loaded Inbound", "Empties Outbound"),
        ('<th class="wdtheader">Loaded Outbound', '<th class="wdtheader" colspan="2">Loaded Outbound'),
        ("<td>Nov 2024</td><td>11/1/2024", "<td>Dec 2024</td><td>12/1/2024"),
    ],
)
def test_an_archive_in_doubt_is_refused(old: str, new: str) -> None:
    reading = read(long_beach, "long_beach/archive.html", (old, new))
    assert reading.quarantined
    assert reading.observations == []


def test_a_row_whose_dates_disagree_is_left_out() -> None:
    reading = read(long_beach, "long_beach/archive.html", ("Nov 2024", "Dec 2024"))
    assert [row.check_name for row in reading.findings] == ["dates_of_a_row_agree", "months_follow_each_other"]
    assert date(2024, 11, 1) not in {o.period_start for o in reading.observations}


def test_of_several_saved_archives_the_newest_by_name_counts_and_one_without_a_day_is_asked_about(
    tmp_path: Path,
) -> None:
    for day in ("2026-01-20", "2026-02-20"):
        (tmp_path / f"archive_{day}.csv").touch()
    (place,) = long_beach.locate(str(tmp_path), date(2026, 2, 28))
    assert (place.page, Path(place.url).name) == ("archive", "archive_2026-02-20.csv")
    (tmp_path / "table.html").touch()
    with pytest.raises(CorridorError, match=r"3 files, of which 2 have a date of their own: expected https://"):
        long_beach.locate(str(tmp_path), date(2026, 2, 28))


@pytest.mark.parametrize("source", [long_beach, shanghai, bts])
def test_a_place_that_holds_nothing_is_named(source: Source, tmp_path: Path) -> None:
    with pytest.raises(CorridorError, match=f"^{tmp_path}/nothing (holds no|does not exist)"):
        source.locate(str(tmp_path / "nothing"), date(2026, 2, 28))


def test_shanghai_is_rounded_and_in_units_of_ten_thousand() -> None:
    (april,) = read(shanghai, "shanghai/2024-04.html").observations
    assert (april.period_start, april.teu, april.precision) == (date(2024, 4, 1), Decimal(4_180_000), "rounded")


def test_january_and_february_together_leave_both_unknown() -> None:
    reading = read(shanghai, "shanghai/2024-02.html")
    assert [(o.period_start.month, o.teu) for o in reading.observations] == [(1, None), (2, None)]
    assert [row.check_name for row in reading.findings] == ["month_stands_alone"]


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
def test_another_unit_port_or_month_is_never_a_figure(changes: list[tuple[str, str]]) -> None:
    reading = read(shanghai, "shanghai/2024-04.html", *changes)
    assert reading.quarantined
    assert reading.observations == []


def test_bts_gives_totals_of_both_ports_by_the_column_misnamed_port() -> None:
    reading = read(bts, "bts/rd72-aq8r_SAMPLE.json")
    assert (len(reading.observations), reading.findings) == (92, [])
    months = {o.period_start for o in reading.observations}
    assert (min(months), max(months), len(months)) == (date(2019, 1, 1), date(2022, 10, 1), 46)
    assert {(o.port_locode, o.measure) for o in reading.observations} == {
        ("USLAX", "total_teu"),
        ("USLGB", "total_teu"),
    }


def test_bts_months_that_stand_twice_are_refused() -> None:
    assert read(bts, "bts/rd72-aq8r_SAMPLE.json", ('"2/1/2019"', '"1/1/2019"')).quarantined
