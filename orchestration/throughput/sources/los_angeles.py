"""Port of Los Angeles: one page per year, a row per month, seven measures in TEU.

Belongs here: the addresses of the year pages, the meaning of their rows and columns, the sums that must agree.
Does not belong here: fetching, storing vintages, comparing one page with another.

On a reconstructed page, data-corridor-* attributes state the origin of each figure; the port's own pages have none.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast, get_args

from lxml import html

from orchestration.core.check_result import CheckResult
from orchestration.core.errors import CorridorError
from orchestration.throughput.sources.html_tables import (
    LayoutError,
    find_table,
    named,
    readable,
    refuse_unreadable,
    text,
)
from orchestration.throughput.sources.identities import (
    Figures,
    confirmed,
    is_complete,
    refuse_columns_in_doubt,
    refuse_rows_that_differ,
    sums_that_differ,
    unconfirmed,
)
from orchestration.throughput.sources.source import (
    Observation,
    Page,
    PageLocation,
    ParsedPage,
    PeriodGrain,
    Precision,
    Status,
    is_address,
    layout_error,
    page_check,
    page_name,
    status_of,
)

LICENCE = "provided free of charge; please credit the Port of Los Angeles"
PORT = "USLAX"
FIRST_YEAR = 1995
STATISTICS_URL = "https://portoflosangeles.org/business/statistics/container-statistics"
PAGE = "historical-teu-statistics-"
# The figures of a month are published by the middle of the next.
PUBLICATION_LAG = timedelta(days=45)
# After this time a year's total counts as complete even if its last month is blank.
SETTLING_TIME = timedelta(days=90)
TOLERANCE_TEU = Decimal("0.05")

MEASURES = {
    "loaded imports": "loaded_imports",
    "empty imports": "empty_imports",
    "total imports": "total_imports",
    "loaded exports": "loaded_exports",
    "empty exports": "empty_exports",
    "total exports": "total_exports",
    "total teus": "total_teu",
}
SUMS = {
    "total_imports": ("loaded_imports", "empty_imports"),
    "total_exports": ("loaded_exports", "empty_exports"),
    "total_teu": ("total_imports", "total_exports"),
}
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

# Grain, first and last month.
Period = tuple[PeriodGrain, date, date]


@dataclass(frozen=True)
class _Row:
    """A row with a known label: its period, first and last month, and its cells and figures by measure."""

    label: str
    period_grain: PeriodGrain
    first_month: date
    last_month: date
    cells: dict[str, html.HtmlElement]
    figures: Figures


def locate(location: str, as_of: date) -> list[PageLocation]:
    """Return the year pages below the address of the statistics page, or in a folder, or the one page at the location.

    Raises:
        CorridorError: The folder or path has no page.
    """
    if is_address(location):
        if not location.rstrip("/").lower().endswith("/container-statistics"):
            return [PageLocation(page_name(location), location)]
        years = range(FIRST_YEAR, (as_of - PUBLICATION_LAG).year + 1)
        return [PageLocation(f"{PAGE}{year}", f"{location.rstrip('/')}/{PAGE}{year}") for year in years]
    path = Path(location)
    files = sorted(path.glob(f"{PAGE}*.html")) if path.is_dir() else [path] if path.is_file() else []
    if not files:
        raise CorridorError(f"{location} has no page of the Port of Los Angeles: expected {PAGE}YYYY.html.")
    return [PageLocation(page_name(str(file)), str(file)) for file in files]


def parse(page: Page) -> ParsedPage:
    """Return the months, the calendar year and the fiscal year that ends in the page's year, in TEU.

    A figure belongs to the page with its last month, so that no two pages give the same figure: the fiscal year that
    ends next year belongs to the next page. The running total of an unfinished year is left out.
    """
    reading = ParsedPage()
    try:
        rows = _rows(page, reading.check_results)
    except LayoutError as problem:
        reading.check_results.append(layout_error(page, problem.observed, problem.expected))
        return reading
    months = {row.first_month: row for row in rows if row.period_grain == "month"}
    complete = is_complete((row.figures for row in rows), SUMS)
    for row in rows:
        reading.check_results += _sums_that_differ(page, row)
        if row.period_grain == "month" or _is_complete(page, row, months[row.last_month]):
            known = confirmed(row.figures, SUMS, TOLERANCE_TEU, complete)
            reading.check_results += unconfirmed(page, row.label, row.figures, known, complete)
            reading.observations += [_observation(page, row, measure, known[measure]) for measure in MEASURES.values()]
        if row.period_grain == "calendar_year":
            reading.check_results += _months_that_differ(page, row, [*months.values()])
    return reading


def _rows(page: Page, check_results: list[CheckResult]) -> list[_Row]:
    """Return the rows of months, calendar year and fiscal year. Raises LayoutError unless each occurs once."""
    name = re.fullmatch(PAGE + "([12][0-9]{3})", page.page)
    if not name:
        raise LayoutError(f"a page called {page.page}", f"{PAGE}YYYY")
    year = int(name[1])
    table = find_table(page.content, named(MEASURES), ", ".join(MEASURES))
    columns = {MEASURES[heading]: at for heading, at in table.columns.items()}
    rows = []
    for cells in table.rows:
        labels = [text(cell) for index, cell in enumerate(cells) if index not in columns.values()]
        label, period = _labelled(labels, year)
        by_measure = {measure: cells[at] for measure, at in columns.items() if at < len(cells)}
        if period:
            table.refuse_shifted(label, cells)
            figures = {
                measure: readable(page, f"{label}, {measure}", cell, check_results)
                for measure, cell in by_measure.items()
            }
            rows.append(_Row(label, *period, by_measure, figures))
        else:
            check_results += _unknown_row(page, label, by_measure)
    _each_period_once(rows, year)
    refuse_unreadable([(row.cells, row.figures) for row in rows])
    refuse_rows_that_differ([row.figures for row in rows], SUMS, TOLERANCE_TEU)
    refuse_columns_in_doubt([row.figures for row in rows if row.period_grain == "month"], columns)
    return [row for row in rows if row.last_month.year == year]


def _labelled(labels: list[str], year: int) -> tuple[str, Period | None]:
    """Return a row's label and period. Raises LayoutError if its cells name different periods."""
    known = {label: period for label in labels if (period := _period(label, year))}
    if len({*known.values()}) > 1:
        raise LayoutError(f"a row for {' and for '.join(known)}", "one period per row")
    return next(iter(known.items()), (next(filter(None, labels), ""), None))


def _period(label: str, year: int) -> Period | None:
    """Return grain, first and last month of a label. Raises LayoutError for the total of another page's year."""
    word = label.casefold()
    months = [number for number, month in enumerate(MONTHS, 1) if len(word) > 2 and month.startswith(word)]
    if len(months) == 1:
        return "month", date(year, months[0], 1), date(year, months[0], 1)
    if total := re.fullmatch(r"total calendar year ([12][0-9]{3})", word):
        if int(total[1]) != year:
            raise LayoutError(f"the row {label}", f"Total Calendar Year {year}")
        return "calendar_year", date(year, 1, 1), date(year, 12, 1)
    if total := re.fullmatch(r"total fiscal year ([12][0-9]{3})\s?[/-]\s?([0-9]{2}|[0-9]{4})", word):
        start = int(total[1])
        if not f"{start + 1}".endswith(total[2]):
            raise LayoutError(f"the row {label}", "two years that follow each other")
        return "fiscal_year", date(start, 7, 1), date(start + 1, 6, 1)
    return None


def _each_period_once(rows: list[_Row], year: int) -> None:
    found = [(row.period_grain, row.first_month) for row in rows]
    wanted = [("calendar_year", date(year, 1, 1)), *(("month", date(year, month, 1)) for month in range(1, 13))]
    missing = [f"{grain} {start:%Y-%m}" for grain, start in wanted if (grain, start) not in found]
    doubled = [f"{grain} {start:%Y-%m}" for grain, start in {*found} if found.count((grain, start)) > 1]
    if missing or doubled:
        raise LayoutError(f"missing: {missing}, doubled: {sorted(doubled)}", "each month and the calendar year once")


def _unknown_row(page: Page, label: str, cells: dict[str, html.HtmlElement]) -> list[CheckResult]:
    """Return a check result if a row without a known label has a figure; rulings, notes and headings have none."""
    if not any(character.isdigit() for cell in cells.values() for character in text(cell)):
        return []
    message = f"{page.page}: the row {label!r} is neither a month nor a known total; it was left out"
    return [page_check("row_is_understood", page.page, "warning", label, "a month or a total", message)]


def _is_complete(page: Page, total: _Row, last_month: _Row) -> bool:
    """Return whether a total covers its whole year: its last month is filled, or ended long ago."""
    filled = any(figure is not None for figure in last_month.figures.values())
    return filled or page.read_at.date() - total.last_month > SETTLING_TIME + timedelta(days=31)


def _observation(page: Page, row: _Row, measure: str, teu: Decimal | None) -> Observation:
    cell = row.cells[measure]
    printed: Precision = "hundredth" if "." in text(cell) else "whole"
    precision = cast(Precision, _stated(cell, "precision", get_args(Precision), printed))
    return Observation(
        port_locode=PORT,
        period_grain=row.period_grain,
        period_start=row.first_month,
        measure=measure,
        teu=teu,
        precision=None if teu is None else precision,
        status=cast(Status, _stated(cell, "status", get_args(Status), status_of(page, row.last_month))),
        citation=_stated(cell, "citation", (), f"Port of Los Angeles, {STATISTICS_URL}/{page.page}"),
    )


def _stated(cell: html.HtmlElement, attribute: str, allowed: tuple[str, ...], otherwise: str) -> str:
    """Return the attribute of a cell on a reconstructed page, or of its table, or the given default."""
    stated = cell.xpath(f"ancestor-or-self::*/@data-corridor-{attribute}")
    return str(stated[-1]) if stated and (not allowed or stated[-1] in allowed) else otherwise


def _sums_that_differ(page: Page, row: _Row) -> list[CheckResult]:
    """Return a check result for each total that differs from the sum of its parts."""
    check_results = []
    for total, parts in sums_that_differ(row.figures, SUMS, TOLERANCE_TEU).items():
        in_row = row.figures[total]
        message = f"{page.page}, {row.label}: {' + '.join(SUMS[total])} is {parts}, but {total} is {in_row}"
        check_results.append(
            page_check("totals_are_sums_of_their_parts", page.page, "warning", f"{in_row}", f"{parts}", message)
        )
    return check_results


def _months_that_differ(page: Page, year: _Row, months: list[_Row]) -> list[CheckResult]:
    """Return a check result for each total of the year that differs from the sum of its months. The figure stays."""
    filled = [row for row in months if any(teu is not None for teu in row.figures.values())]
    if [row.first_month.month for row in filled] != [*range(1, len(filled) + 1)]:
        return []
    check_results = []
    for measure, in_row in year.figures.items():
        known = [teu for row in filled if (teu := row.figures[measure]) is not None]
        # Half a TEU of rounding for each figure printed without decimals.
        whole = sum("." not in text(row.cells[measure]) for row in [year, *filled])
        tolerance_teu = TOLERANCE_TEU + Decimal(whole) / 2
        total = sum(known, Decimal(0))
        if in_row is not None and len(known) == len(filled) and abs(total - in_row) > tolerance_teu:
            message = f"{page.page}, {year.label}: the months of {measure} add to {total}, but the row has {in_row}"
            check_results.append(
                page_check("months_add_to_their_year", page.page, "warning", f"{in_row}", f"{total}", message)
            )
    return check_results
