"""The year pages of the Port of Los Angeles: the committed ones figure by figure, and variations of the page."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.core.check_result import CheckResult
from orchestration.core.errors import CorridorError
from orchestration.core.settings import PROJECT_ROOT
from orchestration.throughput.sources import los_angeles
from orchestration.throughput.sources.source import Observation, Page, ParsedPage

COMMITTED = PROJECT_ROOT / "data" / "public" / "los_angeles"
PUBLISHED = PROJECT_ROOT / "tests" / "fixtures" / "throughput" / "port_teu.csv"

HEADINGS = [
    *("Loaded Imports", "Empty Imports", "Total Imports"),
    *("Loaded Exports", "Empty Exports", "Total Exports", "Total TEUs", "Prior Year Change"),
]
MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
JANUARY = ["483,831.25", "144.00", "483,975.25", "113,270.75", "326,999.00", "440,269.75", "924,245.00", "8.02%"]
BLANK = ["&nbsp;"] * 8
ANNUAL_LIST = (
    "<table class='table'><tr><th>Calendar Year</th><th>TEUs</th></tr><tr><td>2024</td><td>9</td></tr></table>"
)


def rows_of_2025() -> list[list[str]]:
    """A year with January alone, and the totals as a running year shows them."""
    months = [[month, *(JANUARY if month == "January" else BLANK)] for month in MONTHS]
    totals = ["Total Calendar Year 2025", "Total Fiscal Year 2024/25", "Total Fiscal Year 2025/26"]
    return months + [[label, *JANUARY] for label in totals]


def html_table(headings: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table class='table'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def read(html: str | bytes, year: int = 2025, on: date = date(2025, 2, 20)) -> ParsedPage:
    content = html.encode() if isinstance(html, str) else html
    read_at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    name = f"historical-teu-statistics-{year}"
    return los_angeles.parse(Page("los_angeles", name, f"https://example.org/{name}", content, {}, read_at))


def read_rows(rows: list[list[str]], on: date = date(2025, 2, 20)) -> ParsedPage:
    return read(html_table(["&nbsp;", *HEADINGS], rows) + ANNUAL_LIST, on=on)


def figures(reading: ParsedPage) -> dict[tuple[str, str, str], Decimal]:
    said = reading.observations
    return {(o.period_grain, o.period_start.isoformat(), o.measure): o.teu for o in said if o.teu is not None}


def with_cell(month: int, column: int, content: str) -> list[list[str]]:
    rows = rows_of_2025()
    rows[month - 1][column] = content
    return rows


def only(reading: ParsedPage) -> CheckResult:
    (row,) = reading.check_results
    return row


JANUARY_2025 = {
    ("month", "2025-01-01", "loaded_imports"): Decimal("483831.25"),
    ("month", "2025-01-01", "empty_imports"): Decimal("144.00"),
    ("month", "2025-01-01", "total_imports"): Decimal("483975.25"),
    ("month", "2025-01-01", "loaded_exports"): Decimal("113270.75"),
    ("month", "2025-01-01", "empty_exports"): Decimal("326999.00"),
    ("month", "2025-01-01", "total_exports"): Decimal("440269.75"),
    ("month", "2025-01-01", "total_teu"): Decimal("924245.00"),
}


@pytest.mark.parametrize("year", range(2019, 2027))
def test_committed_page_has_exactly_the_published_figures(year: int) -> None:
    on_the_page = set(los_angeles.MEASURES.values())
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        published = {
            (row["year"], row["month"], row["measure"]): (Decimal(row["teu"]), row["source"])
            for row in csv.DictReader(file)
            if row["port_locode"] == "USLAX" and row["year"] == str(year) and row["measure"] in on_the_page
        }
    reading = read((COMMITTED / f"historical-teu-statistics-{year}.html").read_bytes(), year, date(2026, 2, 28))
    said = {
        (str(o.period_start.year), str(o.period_start.month) if o.period_grain == "month" else "", o.measure): (
            o.teu,
            o.citation,
        )
        for o in reading.observations
        if o.teu is not None
    }
    assert said == published
    assert reading.check_results == []


def test_derived_figures_and_estimates_are_marked() -> None:
    reading = read((COMMITTED / "historical-teu-statistics-2022.html").read_bytes(), 2022, date(2026, 2, 28))
    by_cell = {(o.period_start.month, o.measure): o for o in reading.observations if o.period_grain == "month"}
    january, july = by_cell[1, "total_teu"], by_cell[7, "total_teu"]
    assert (january.teu, january.precision, january.status) == (Decimal("865596"), "derived", "final")
    assert (july.teu, july.precision, july.status) == (Decimal("935345"), "whole", "preliminary")


def test_blank_cell_is_unknown_and_not_zero() -> None:
    february = [o for o in read_rows(rows_of_2025()).observations if o.period_start == date(2025, 2, 1)]
    assert february == [
        Observation("USLAX", "month", date(2025, 2, 1), measure, None, None, "preliminary", february[0].citation)
        for measure in los_angeles.MEASURES.values()
    ]


def test_figures_of_the_ports_own_page_cite_the_port() -> None:
    citation = read_rows(rows_of_2025()).observations[0].citation
    assert citation == (
        "Port of Los Angeles, https://portoflosangeles.org/business/statistics/container-statistics/"
        "historical-teu-statistics-2025"
    )


def test_columns_are_found_by_their_headings_in_any_order() -> None:
    order = [7, 3, 0, 4, 1, 8, 6, 2, 5]
    headings = ["&nbsp;", *HEADINGS]
    rows = [[row[index] for index in order] for row in rows_of_2025()]
    reading = read(html_table([headings[index] for index in order], rows))
    assert figures(reading) == JANUARY_2025
    assert reading.check_results == []


def test_capitals_spaces_and_an_extra_column_change_no_figure() -> None:
    rows = [
        [row[0].upper(), "7", *(cell.replace(",", "&nbsp;").replace("&nbsp;", "&ensp;") for cell in row[1:])]
        for row in rows_of_2025()
    ]
    headings = ["", "Vessel Calls", *(heading.upper() for heading in HEADINGS)]
    reading = read(html_table(headings, rows))
    assert figures(reading) == JANUARY_2025
    assert reading.check_results == []


def test_annual_list_may_come_first() -> None:
    reading = read(ANNUAL_LIST + html_table(["", *HEADINGS], rows_of_2025()))
    assert figures(reading) == JANUARY_2025


def test_words_for_no_figure_are_unknown_without_a_check_result() -> None:
    rows = rows_of_2025()
    rows[1][1:4] = ["#N/A", "in progress", "&ensp;"]
    reading = read_rows(rows)
    assert figures(reading) == JANUARY_2025
    assert reading.check_results == []


def test_accounting_brackets_mean_a_negative_figure() -> None:
    rows = rows_of_2025()
    rows[0][1:] = ["483,831.25", "(668.50)", "483,162.75", *JANUARY[3:6], "923,432.50", ""]
    assert figures(read_rows(rows))["month", "2025-01-01", "empty_imports"] == Decimal("-668.50")


def test_footnote_mark_is_not_part_of_the_figure() -> None:
    january = read_rows(with_cell(1, 2, "144<sup>1</sup>")).observations[1]
    assert (january.measure, january.teu, january.precision) == ("empty_imports", Decimal(144), "whole")


def test_row_with_a_gap_keeps_only_figures_confirmed_by_a_sum() -> None:
    reading = read_rows(with_cell(1, 1, "&nbsp;"))
    assert {key[2] for key in figures(reading)} == {
        *("total_imports", "loaded_exports", "empty_exports", "total_exports", "total_teu")
    }
    assert only(reading).observed == "loaded_imports, empty_imports"


@pytest.mark.parametrize("cell", ["924,.245.00", "924.245,00", "92,42", "1e6", "253<br>100", "924,245.001"])
def test_unreadable_cell_is_unknown_with_a_warning(cell: str) -> None:
    reading = read_rows(with_cell(11, 7, cell))
    assert figures(reading) == JANUARY_2025
    row = only(reading)
    assert (row.check_name, row.target, row.severity) == (
        "cell_is_readable",
        "historical-teu-statistics-2025",
        "warning",
    )
    assert row.message.startswith("historical-teu-statistics-2025, November, total_teu: ")


def test_row_with_a_wrong_total_keeps_only_figures_confirmed_by_another_sum() -> None:
    reading = read_rows(with_cell(1, 3, "483,975.31"))
    exports = {key: teu for key, teu in JANUARY_2025.items() if key[2].endswith("_exports")}
    assert figures(reading) == exports
    assert [(row.check_name, row.observed, row.expected) for row in reading.check_results] == [
        ("totals_are_sums_of_their_parts", "483975.31", "483975.25"),
        ("totals_are_sums_of_their_parts", "924245.00", "924245.06"),
        (
            "figures_are_confirmed_by_a_sum",
            "loaded_imports, empty_imports, total_imports, total_teu",
            "parts and totals that agree",
        ),
        ("months_add_to_their_year", "483975.25", "483975.31"),
    ]


@pytest.mark.parametrize(("one", "other"), [("Loaded Imports", "Empty Imports"), ("Loaded Exports", "Empty Exports")])
def test_exchanged_headings_are_refused_even_if_all_sums_agree(one: str, other: str) -> None:
    headings = ["", *({one: other, other: one}.get(heading, heading) for heading in HEADINGS)]
    reading = read(html_table(headings, rows_of_2025()))
    assert reading.quarantined
    assert reading.observations == []


def test_year_to_date_that_differs_from_its_months_is_a_warning() -> None:
    reading = read_rows([*rows_of_2025()[:12], ["Total Calendar Year 2025", *JANUARY[:6], "914,245.00", ""]])
    assert [row.check_name for row in reading.check_results] == [
        "totals_are_sums_of_their_parts",
        "months_add_to_their_year",
    ]
    assert figures(reading) == JANUARY_2025


def test_running_total_is_not_taken_in() -> None:
    grains = {o.period_grain for o in read_rows(rows_of_2025(), on=date(2025, 9, 15)).observations}
    assert grains == {"month"}


def test_totals_count_once_the_last_month_is_filled_and_the_fiscal_year_begins_in_july() -> None:
    rows = rows_of_2025()
    rows[5][1:] = rows[11][1:] = JANUARY
    totals = {
        (o.period_grain, o.period_start): o.teu
        for o in read_rows(rows, on=date(2026, 1, 20)).observations
        if o.measure == "total_teu" and o.period_grain != "month"
    }
    assert totals == {
        ("calendar_year", date(2025, 1, 1)): Decimal("924245.00"),
        ("fiscal_year", date(2024, 7, 1)): Decimal("924245.00"),
    }


LABELLED = ["", *HEADINGS]
ROWS = rows_of_2025()


@pytest.mark.parametrize(
    ("html", "said"),
    [
        pytest.param("", "no document", id="an empty page"),
        pytest.param("<p>We are checking your browser</p>", "0 tables", id="no table"),
        pytest.param(html_table(LABELLED[:-2], [row[:-2] for row in ROWS]), "0 tables", id="a heading gone"),
        pytest.param(html_table(LABELLED, ROWS) * 2, "2 tables", id="two such tables"),
        pytest.param(html_table([*LABELLED[:-1], "Total TEUs"], ROWS), "total teus more than once", id="one twice"),
        pytest.param(html_table(LABELLED, ROWS[1:]), "missing: ['month 2025-01']", id="a month gone"),
        pytest.param(html_table(LABELLED, [ROWS[0], *ROWS]), "doubled: ['month 2025-01']", id="a month twice"),
        pytest.param(html_table(LABELLED, [ROWS[0][:-1], *ROWS[1:]]), "8 cells in the row January", id="a cell gone"),
        pytest.param(html_table(LABELLED, ROWS).replace("Year 2025", "Year 2024"), "Year 2024", id="another year"),
        pytest.param(html_table(LABELLED, ROWS).replace(",", "'"), "cells that cannot be read", id="hardly readable"),
    ],
)
def test_page_with_another_layout_is_quarantined(html: str, said: str) -> None:
    reading = read(html)
    assert reading.quarantined
    assert reading.observations == []
    assert said in reading.check_results[-1].message


def test_unknown_row_is_left_out_with_a_warning() -> None:
    reading = read_rows([["First Quarter", *JANUARY], *rows_of_2025()])
    assert figures(reading) == JANUARY_2025
    assert (only(reading).check_name, only(reading).observed) == ("row_is_understood", "First Quarter")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_encoding_is_detected_from_the_bytes(encoding: str) -> None:
    html = html_table(["\N{NO-BREAK SPACE}", *HEADINGS], rows_of_2025()).replace("&nbsp;", "\N{NO-BREAK SPACE}")
    assert figures(read(html.encode(encoding))) == JANUARY_2025


def test_xhtml_page_is_read() -> None:
    html = '<?xml version="1.0" encoding="ISO-8859-1"?>' + html_table(LABELLED, ROWS)
    assert figures(read(html)) == JANUARY_2025


def test_year_pages_run_from_1995_to_the_newest_with_a_figure() -> None:
    statistics = "https://portoflosangeles.org/business/statistics/container-statistics"
    places = los_angeles.locate(statistics, date(2026, 2, 10))
    assert [place.page for place in places] == [f"historical-teu-statistics-{year}" for year in range(1995, 2026)]
    assert places[-1].url == f"{statistics}/historical-teu-statistics-2025"
    assert los_angeles.locate(statistics, date(2026, 2, 20))[-1].page == "historical-teu-statistics-2026"


def test_single_address_is_one_page_named_in_lower_case() -> None:
    address = "https://www.portoflosangeles.org/Business/Historical-TEU-Statistics-2024"
    (place,) = los_angeles.locate(address, date(2026, 2, 28))
    assert (place.page, place.url) == ("historical-teu-statistics-2024", address)


def test_folder_without_pages_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorridorError, match=r"has no page of the Port of Los Angeles: expected historical-teu"):
        los_angeles.locate(str(tmp_path), date(2026, 2, 28))


def test_known_typing_errors_leave_their_cells_unknown() -> None:
    content = (PUBLISHED.parent / "los_angeles" / "historical-teu-statistics-2020.html").read_bytes()
    reading = read(content, 2020, date(2026, 2, 28))
    said = figures(reading)
    assert [(row.check_name, row.observed) for row in reading.check_results] == [
        ("cell_is_readable", "924,.245.00"),
        ("figures_are_confirmed_by_a_sum", "total_teu"),
    ]
    assert said["month", "2020-02-01", "empty_imports"] == Decimal("-668.50")
    assert said["month", "2020-04-01", "empty_imports"] == Decimal(253)
    months = {start[5:7] for grain, start, _ in said if grain == "month"}
    assert months == {"01", "02", "03", "04", "05", "06", "07", "11"}
