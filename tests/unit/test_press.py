"""The cited press figures: with the year pages they have every published figure exactly once."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.core.errors import CorridorError
from orchestration.core.settings import PROJECT_ROOT
from orchestration.throughput.sources import los_angeles, press
from orchestration.throughput.sources.source import Observation, Page, ParsedPage, Source

PUBLIC = PROJECT_ROOT / "data" / "public"
PUBLISHED = PROJECT_ROOT / "tests" / "fixtures" / "throughput" / "port_teu.csv"
READ_AT = datetime(2026, 2, 28, 12, tzinfo=UTC)

HEADING = "port_locode,period_grain,period,measure,teu,precision,status,citation"
MAY = "USLGB,month,2025-05,total_teu,639160,whole,final,https://en.portnews.ru/news/378245"


def read(*lines: str) -> ParsedPage:
    content = "\n".join([HEADING, *lines]).encode()
    return press.parse(Page("press", "port_teu", "port_teu.csv", content, {}, READ_AT))


def observations(source: Source, location: Path) -> list[Observation]:
    found = []
    for place in source.locate(str(location), READ_AT.date()):
        page = Page("any", place.page, place.url, Path(place.url).read_bytes(), {}, READ_AT)
        found += source.parse(page).observations
    return [observation for observation in found if observation.teu is not None]


def test_pages_and_press_file_have_every_published_figure_exactly_once() -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        published = Counter(
            (row["port_locode"], row["year"], row["month"], row["measure"], Decimal(row["teu"]), row["source"])
            for row in csv.DictReader(file)
        )
    committed = observations(los_angeles, PUBLIC / "los_angeles")
    committed += observations(press, PUBLIC / "press" / "port_teu.csv")
    in_files = Counter(
        (
            o.port_locode,
            str(o.period_start.year),
            str(o.period_start.month) if o.period_grain == "month" else "",
            o.measure,
            o.teu,
            o.citation,
        )
        for o in committed
    )
    assert in_files == published
    assert in_files.total() == 459


def test_line_is_one_figure_with_its_citation() -> None:
    reading = read(MAY)
    assert reading.observations == [
        Observation(
            *("USLGB", "month", date(2025, 5, 1), "total_teu", Decimal("639160"), "whole", "final"),
            citation="https://en.portnews.ru/news/378245",
        )
    ]
    assert reading.check_results == []


def test_rounded_annual_figure_is_marked_as_rounded() -> None:
    (figure,) = read("CNSHA,calendar_year,2024,total_teu,51510000,rounded,final,https://en.portnews.ru/1").observations
    assert (figure.period_grain, figure.period_start, figure.precision) == (
        "calendar_year",
        date(2024, 1, 1),
        "rounded",
    )


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        (MAY.replace("USLGB", "Long Beach"), "port_locode"),
        (MAY.replace("2025-05", "2025-13"), "period"),
        (MAY.replace("2025-05", "2025"), "period"),
        (MAY.replace("total_teu", "teu"), "measure"),
        (MAY.replace("639160", '"639,160"'), "teu"),
        (MAY.replace("639160", ""), "teu"),
        (MAY.replace("whole", "exact"), "precision"),
        (MAY.partition(",final")[0], "status"),
        (MAY.partition("https")[0], "citation"),
    ],
)
def test_wrong_line_is_left_out_and_its_column_named(wrong: str, column: str) -> None:
    reading = read(wrong, MAY.replace("2025-05", "2025-04"))
    (row,) = reading.check_results
    assert [o.period_start for o in reading.observations] == [date(2025, 4, 1)]
    assert (row.check_name, row.severity) == ("line_is_readable", "warning")
    assert row.message.startswith(f"port_teu, line 2: {column} is ")


def test_file_of_published_errors_is_read() -> None:
    content = (PUBLISHED.parent / "press_with_published_errors.csv").read_bytes()
    reading = press.parse(Page("press", "errors", "errors.csv", content, {}, READ_AT))
    assert (len(reading.observations), reading.check_results) == (25, [])
    assert sum(o.citation.startswith("published error") for o in reading.observations) == 8


def test_figure_cited_twice_is_left_out() -> None:
    reading = read(MAY, MAY.replace("639160", "639170"))
    assert reading.observations == []
    assert [row.message for row in reading.check_results] == [
        f"port_teu, line {line}: USLGB month 2025-05 total_teu occurs more than once; all such lines were left out"
        for line in (2, 3)
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"port_locode,period\nUSLGB,2025-05\n", "no column period_grain, measure, teu"),
        (HEADING.encode() + b'\nUSLGB,"month', "unexpected end of data"),
        (HEADING.encode() + b"\n\xff", "can't decode"),
        (b"", "no column port_locode"),
    ],
)
def test_file_with_another_layout_is_quarantined(content: bytes, said: str) -> None:
    reading = press.parse(Page("press", "port_teu", "port_teu.csv", content, {}, READ_AT))
    assert reading.quarantined
    assert reading.observations == []
    assert said in reading.check_results[0].message


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorridorError, match=r"figures\.csv does not exist: expected a CSV file of cited figures"):
        press.locate(str(tmp_path / "figures.csv"), date(2026, 2, 28))
