"""Port of Long Beach: one archive of months since 1995, five measures in whole TEU.

Belongs here: where the archive is, the meaning of its rows and columns, the sums that must agree.
Does not belong here: fetching, storing vintages, comparing one reading of the archive with another.

The port's page fills its table by script, from an address that answers only requests with a token of that page.
This module reads a page that contains its rows, one saved from a browser, or the table's export as CSV or JSON.
Exact headings are not documented, so they are recognised by their words, and an ambiguous one is refused.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from lxml import html

from orchestration.core.check_result import CheckResult
from orchestration.core.errors import CorridorError
from orchestration.throughput.sources.html_tables import LayoutError, find_table, readable, refuse_unreadable, text
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
    is_address,
    layout_error,
    page_check,
    status_of,
)

LICENCE = "public statistics of the Port of Long Beach; terms of re-use were not found"
PORT = "USLGB"
ARCHIVE_URL = "https://thehelm.polb.com/stellar_custom_table/table100/"
# However the archive is obtained, it is one page, and is compared with its earlier vintages.
PAGE = "archive"
FILES = (".html", ".htm", ".csv", ".json")
# Half a TEU of rounding for each of five figures, and of thirteen.
TOLERANCE_TEU = Decimal("2.5")
YEAR_TOLERANCE_TEU = Decimal("6.5")

PARTS = ("loaded_imports", "loaded_exports", "empty_imports", "empty_exports")
SUMS = {"total_teu": PARTS}
MEASURES = (*PARTS, "total_teu")
WORDS = {
    **dict.fromkeys(("loaded", "loads", "full"), "loaded"),
    **dict.fromkeys(("empties", "empty"), "empty"),
    **dict.fromkeys(("inbound", "imports", "import"), "imports"),
    **dict.fromkeys(("outbound", "exports", "export"), "exports"),
    **dict.fromkeys(("total", "totals"), "total"),
    **dict.fromkeys(("teu", "teus"), None),
}
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
YEAR = re.compile(r"(?:total |total calendar year |calendar year |cy ?)?([12][0-9]{3})(?: total)?\**")
# The caption of DataTables under a table that is shown in parts.
SHOWN = re.compile(rb"Showing\s+[0-9,]+\s+to\s+([0-9,]+)\s+of\s+([0-9,]+)", re.IGNORECASE)
ADVICE = (
    "open the page in a browser, show all entries and save it, or use the table's CSV export, and let the source's "
    "location be the folder with that file"
)


@dataclass(frozen=True)
class _Row:
    """A month of the archive."""

    label: str
    month: date
    cells: dict[str, html.HtmlElement]
    figures: Figures


def locate(location: str, as_of: date) -> list[PageLocation]:
    """Return the archive at an address or in a file, or the file with the newest date in its name in a folder.

    Raises:
        CorridorError: There is no archive, or the newest of several cannot be identified.
    """
    path = Path(location)
    if is_address(location) or path.is_file():
        return [PageLocation(PAGE, location)]
    files = [file for file in path.glob("*") if file.suffix.lower() in FILES]
    dated = {named[0]: file for file in files if (named := re.search(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", file.name))}
    if not files or (len(files) > 1 and len(dated) < len(files)):
        found = (
            f"{len(files)} files, {len(dated)} of them with different dates in their names" if files else "no archive"
        )
        raise CorridorError(
            f"{location} has {found}: expected {ARCHIVE_URL} saved from a browser, or its table's export, named "
            f"with the day it was saved, such as archive_{as_of}.csv ({', '.join(FILES)})."
        )
    return [PageLocation(PAGE, str(dated[max(dated)] if dated else files[0]))]


def parse(page: Page) -> ParsedPage:
    """Return the months of the archive in TEU. Annual rows are compared with them and not taken in."""
    reading = ParsedPage()
    try:
        rows, years = _rows(page, reading.check_results)
    except LayoutError as problem:
        reading.check_results.append(layout_error(page, problem.observed, problem.expected))
        return reading
    complete = is_complete((row.figures for row in rows), SUMS)
    for row in rows:
        reading.check_results += _sums_that_differ(page, row)
        known = confirmed(row.figures, SUMS, TOLERANCE_TEU, complete)
        reading.check_results += unconfirmed(page, row.label, row.figures, known, complete)
        reading.observations += [_observation(page, row.month, measure, teu) for measure, teu in known.items()]
    reading.check_results += _years_that_differ(page, rows, years) + _months_left_out(page, rows)
    return reading


def _rows(page: Page, check_results: list[CheckResult]) -> tuple[list[_Row], list[tuple[int, Figures]]]:
    """Return the months, oldest first, and the annual rows. Raises LayoutError for an unreliable archive."""
    table = find_table(page.content, _columns, "Date, Loaded and Empties Inbound and Outbound, Total")
    shown = SHOWN.search(page.content)
    if shown and shown[1] != shown[2]:
        raise LayoutError(f"rows to {shown[1].decode()} of {shown[2].decode()}", f"all of them: {ADVICE}")
    rows, years = [], []
    for cells in table.rows:
        label = text(cells[table.columns["date"]]) if len(cells) > table.columns["date"] else ""
        month, year = _month(label), YEAR.fullmatch(label.casefold())
        if not month and not year:
            check_results += _unknown_row(page, label, cells)
            continue
        table.refuse_shifted(label, cells)
        by_measure = {measure: cells[table.columns[measure]] for measure in MEASURES}
        figures = _figures(page, label, by_measure, check_results)
        if year:
            years.append((int(year[1]), figures))
        elif month and _dates_agree(page, label, month, cells, table.columns, check_results):
            rows.append(_Row(label, month, by_measure, figures))
    if not rows:
        raise LayoutError("a table without months (a script fills it in)", f"its rows: {ADVICE}")
    _refuse_unreliable(rows, table.columns)
    return sorted(rows, key=lambda row: row.month), years


def _columns(headings: list[str]) -> dict[str, int] | None:
    """Return the columns by date, actual date and measure; None unless the row has a date and all measures."""
    found: dict[str, list[int]] = {}
    for at, heading in enumerate(headings):
        words = re.findall(r"[^\s()_/]+", heading)
        if (name := _heading(words)) is not None:
            found.setdefault(name, []).append(at)
    if not {"date", *MEASURES} <= {*found}:
        return None
    if doubled := [name for name, columns in found.items() if len(columns) > 1]:
        raise LayoutError(f"more than one heading for {doubled[0]}", "one column for each")
    return {name: columns[0] for name, columns in found.items()}


def _heading(words: list[str]) -> str | None:
    if words in (["date"], ["actual", "date"]):
        return "_".join(words)
    if any(word not in WORDS for word in words):
        return None
    match sorted({meaning for word in words if (meaning := WORDS[word])}):
        case ["total"]:
            return "total_teu"
        case ["imports" | "exports" as side, "loaded"]:
            return f"loaded_{side}"
        case ["empty", "imports" | "exports" as side]:
            return f"empty_{side}"
    return None


def _month(label: str) -> date | None:
    """Return the month of a label such as Jan 2024 or Sept 2019; None for anything else, such as a year."""
    named = re.fullmatch(r"([a-z]{3,})\.? ([12][0-9]{3})", label.casefold())
    if not named:
        return None
    months = [number for number, month in enumerate(MONTHS, 1) if month.startswith(named[1])]
    return date(int(named[2]), months[0], 1) if len(months) == 1 else None


def _dates_agree(
    page: Page,
    label: str,
    month: date,
    cells: list[html.HtmlElement],
    columns: dict[str, int],
    check_results: list[CheckResult],
) -> bool:
    """Return whether Actual Date, if it exists and can be read, lies in the month of Date."""
    date_text = text(cells[columns["actual_date"]]) if "actual_date" in columns else ""
    if year_first := re.match(r"([12][0-9]{3})-([0-9]{1,2})-", date_text):
        readings = [(int(year_first[1]), int(year_first[2]))]
    elif year_last := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([12][0-9]{3})", date_text):
        readings = [(int(year_last[3]), int(year_last[1])), (int(year_last[3]), int(year_last[2]))]
    else:
        return True
    if (month.year, month.month) in readings:
        return True
    message = f"{page.page}: the row {label} has the actual date {date_text}; it was left out"
    check_results.append(page_check("dates_of_a_row_agree", page.page, "warning", date_text, label, message))
    return False


def _figures(page: Page, label: str, cells: dict[str, html.HtmlElement], check_results: list[CheckResult]) -> Figures:
    """Return the figures of a row. A figure that is not a whole number is unknown and adds a check result."""
    figures: Figures = {}
    for measure, cell in cells.items():
        teu = readable(page, f"{label}, {measure}", cell, check_results)
        if teu is not None and teu != teu.to_integral_value():
            message = f"{page.page}, {label}, {measure}: {teu} is not a whole number; it counts as unknown"
            check_results.append(page_check("cell_is_readable", page.page, "warning", f"{teu}", "whole TEU", message))
            teu = None
        figures[measure] = teu
    return figures


def _refuse_unreliable(rows: list[_Row], columns: dict[str, int]) -> None:
    months = [row.month for row in rows]
    if doubled := sorted({f"{month:%Y-%m}" for month in months if months.count(month) > 1}):
        raise LayoutError(f"doubled: {', '.join(doubled)}", "each month once")
    refuse_unreadable([(row.cells, row.figures) for row in rows])
    figures = [row.figures for row in rows]
    if all(teu is None for row in figures for teu in row.values()):
        raise LayoutError("no figure in any month", "figures")
    refuse_rows_that_differ(figures, SUMS, TOLERANCE_TEU)
    refuse_columns_in_doubt(figures, columns)


def _unknown_row(page: Page, label: str, cells: list[html.HtmlElement]) -> list[CheckResult]:
    if not any(character.isdigit() for cell in cells for character in text(cell)):
        return []
    message = f"{page.page}: the row {label!r} is neither a month nor a year; it was left out"
    return [
        page_check("row_is_understood", page.page, "warning", label, "a month such as Jan 2024, or a year", message)
    ]


def _sums_that_differ(page: Page, row: _Row) -> list[CheckResult]:
    check_results = []
    for total, parts in sums_that_differ(row.figures, SUMS, TOLERANCE_TEU).items():
        in_row = row.figures[total]
        message = f"{page.page}, {row.label}: the parts add to {parts}, but the total is {in_row}"
        check_results.append(
            page_check("totals_are_sums_of_their_parts", page.page, "warning", f"{in_row}", f"{parts}", message)
        )
    return check_results


def _years_that_differ(page: Page, rows: list[_Row], years: list[tuple[int, Figures]]) -> list[CheckResult]:
    """Return a check result for annual rows that match neither the calendar year nor the fiscal year from October.

    The archive does not state which of the two a row means, so only rows with all months of both are checked.
    """
    by_month = {row.month: row.figures for row in rows}
    check_results = []
    for year, figures in years:
        calendar = [date(year, month, 1) for month in range(1, 13)]
        fiscal = [date(year - (month > 9), month, 1) for month in range(1, 13)]
        for measure, in_row in figures.items():
            sums = [_sum(by_month, months, measure) for months in (calendar, fiscal)]
            if in_row is None or any(total is None or abs(total - in_row) <= YEAR_TOLERANCE_TEU for total in sums):
                continue
            message = f"{page.page}, {year}: the months of {measure} add to {sums[0]}, but the annual row has {in_row}"
            check_results.append(
                page_check("months_add_to_their_year", page.page, "warning", f"{in_row}", f"{sums[0]}", message)
            )
    return check_results


def _sum(by_month: dict[date, Figures], months: list[date], measure: str) -> Decimal | None:
    known = [teu for month in months if (teu := by_month.get(month, {}).get(measure)) is not None]
    return sum(known, Decimal(0)) if len(known) == len(months) else None


def _months_left_out(page: Page, rows: list[_Row]) -> list[CheckResult]:
    """Return a check result if months between the first and the last are missing."""
    months = {row.month for row in rows}
    first, last = min(months), max(months)
    every = (date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13))
    missing = [f"{month:%Y-%m}" for month in every if first < month < last and month not in months]
    if not missing:
        return []
    message = f"{page.page}: no row for {', '.join(missing)}; these months are unknown"
    return [
        page_check("months_follow_each_other", page.page, "warning", f"{len(missing)} missing", "every month", message)
    ]


def _observation(page: Page, month: date, measure: str, teu: Decimal | None) -> Observation:
    return Observation(
        port_locode=PORT,
        period_grain="month",
        period_start=month,
        measure=measure,
        teu=teu,
        precision=None if teu is None else "whole",
        status=status_of(page, month),
        citation=f"Port of Long Beach, {ARCHIVE_URL}",
    )
