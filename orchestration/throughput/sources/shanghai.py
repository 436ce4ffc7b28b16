"""Port of Shanghai: saved pages of the monthly table of ports, one month per page, total TEU in units of 10,000.

Belongs here: the words of that table, its unit, and how the month of a page is identified.
Does not belong here: single figures from news and announcements, which are lines of a press file.

Neither the port nor the ministry of transport publishes a table whose address or columns could be verified. A page is
taken in only if month, port, columns and unit are each named once and the figure is in the range of the port.
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from orchestration.core.check_result import CheckResult
from orchestration.core.errors import CorridorError
from orchestration.throughput.sources.html_tables import LayoutError, document, find_table, readable, text
from orchestration.throughput.sources.source import (
    Observation,
    Page,
    PageLocation,
    ParsedPage,
    PeriodGrain,
    is_address,
    layout_error,
    page_check,
    page_name,
    status_of,
)

LICENCE = "public statistics of the Ministry of Transport of China; terms of re-use were not found"
PORT = "CNSHA"
NAMES = {"上海", "上海港"}
HEADINGS = "港口, 集装箱吞吐量(万TEU) 当月 and 自年初累计"
TEN_THOUSAND = 10_000
# TEU per month since 2018; outside it a unit was misread. News has confused thousands and millions with 10,000.
MIN_MONTH_TEU, MAX_MONTH_TEU = Decimal(2_500_000), Decimal(6_000_000)
UNIT = re.compile(r"(百万|千万|万|千|亿|thousand|million)?\s*(?:teu|标准箱|标箱)")
MONTHS = re.compile(r"([12][0-9]{3})\s*年\s*([0-9]{1,2})(?:\s*[-~至\N{EN DASH}\N{EM DASH}]\s*([0-9]{1,2}))?\s*月")


def locate(location: str, as_of: date) -> list[PageLocation]:
    """Return the page at an address or in a file, or all pages of a folder. Raises CorridorError if there is none."""
    path = Path(location)
    if is_address(location) or path.is_file():
        return [PageLocation(page_name(location), location)]
    files = sorted(file for file in path.glob("*") if file.suffix.lower() in (".html", ".htm"))
    if not files:
        raise CorridorError(f"{location} has no saved page: expected one HTML file per month, such as 2024-05.html.")
    return [PageLocation(page_name(str(file)), str(file)) for file in files]


def parse(page: Page) -> ParsedPage:
    """Return the month of a page, and in December also the year, in TEU, rounded as on the page.

    A figure for January and February together leaves both months unknown and adds a check result.
    """
    reading = ParsedPage()
    try:
        year, first, last = _months(page)
        current, to_date = _figures(page, reading.check_results)
        _refuse_implausible(first, last, current, to_date)
    except LayoutError as problem:
        reading.check_results.append(layout_error(page, problem.observed, problem.expected))
        return reading
    if first < last:
        reading.check_results.append(_two_months_together(page, current or to_date))
        current = None
    months = [date(year, month, 1) for month in range(first, last + 1)]
    reading.observations += [_observation(page, "month", month, current, months[-1]) for month in months]
    if last == len(range(12)) and to_date is not None:
        reading.observations.append(_observation(page, "calendar_year", date(year, 1, 1), to_date, months[-1]))
    return reading


def _months(page: Page) -> tuple[int, int, int]:
    """Return year, first and last month. Raises LayoutError unless title and headings name them, and no others."""
    texts = [" ".join(element.itertext()) for element in document(page.content).iter("title", "h1", "h2", "caption")]
    named = {match.groups() for words in texts for match in MONTHS.finditer(words)}
    if len(named) != 1:
        raise LayoutError(f"{len(named)} months in title and headings", "one such as 2024年5月")
    year, first, last = next(iter(named))
    first, last = int(first), int(last or first)
    if not 1 <= first <= last <= len(range(12)) or (first != last and (first, last) != (1, 2)):
        raise LayoutError(f"the months {first} to {last}", "one month, or January and February")
    return int(year), first, last


def _figures(page: Page, check_results: list[CheckResult]) -> tuple[Decimal | None, Decimal | None]:
    """Return Shanghai's TEU of the month and since the beginning of the year."""
    units = {unit[1] or "" for unit in UNIT.finditer(text(document(page.content)).casefold())}
    if units != {"万"}:
        raise LayoutError(
            f"containers counted in {' and '.join(sorted(units)) or 'no unit'}", "万TEU, and no other unit"
        )
    table = find_table(page.content, _columns, HEADINGS)
    port = table.columns["port"]
    rows = [cells for cells in table.rows if len(cells) > port and text(cells[port]).replace(" ", "") in NAMES]
    if len(rows) != 1:
        raise LayoutError(f"{len(rows)} rows of 上海", "one")
    table.refuse_shifted("上海", rows[0])
    current, to_date = (
        readable(page, f"上海, {name}", rows[0][table.columns[name]], check_results, "a figure such as 418.1")
        for name in ("current", "to_date")
    )
    return _in_teu(current), _in_teu(to_date)


def _columns(headings: list[str]) -> dict[str, int] | None:
    """Return the columns of the port, the month and the year to date; None unless a heading row names them all."""
    words = ["".join(heading.split()) for heading in headings]
    found = {
        "port": [at for at, word in enumerate(words) if word in ("港口", "港口名称")],
        "current": [at for at, word in enumerate(words) if re.search("集装箱.*(当月|本月)", word)],
        "to_date": [at for at, word in enumerate(words) if re.search("集装箱.*累计", word)],
    }
    if not all(found.values()):
        return None
    # The heading of a growth rate contains the name of its figure.
    figures = {name: [at for at in columns if not re.search("同比|增|%", words[at])] for name, columns in found.items()}
    if ambiguous := [name for name, columns in figures.items() if len(columns) != 1]:
        raise LayoutError(f"{len(figures[ambiguous[0]])} headings for {ambiguous[0]}", "one")
    if figures["current"] == figures["to_date"]:
        raise LayoutError("one heading for the month and the year to date", "one for each")
    return {name: columns[0] for name, columns in figures.items()}


def _in_teu(ten_thousands: Decimal | None) -> Decimal | None:
    return None if ten_thousands is None else ten_thousands * TEN_THOUSAND


def _refuse_implausible(first: int, last: int, current: Decimal | None, to_date: Decimal | None) -> None:
    """Raise LayoutError for figures that are out of range or contradict each other."""
    if current is None and to_date is None:
        raise LayoutError("no figure for 上海 that can be read", "the month or the year to date")
    for teu, months in ((current, last - first + 1), (to_date, last)):
        least, most = MIN_MONTH_TEU * months, MAX_MONTH_TEU * months
        if teu is not None and not least <= teu <= most:
            raise LayoutError(
                f"{teu:,.0f} TEU in {months} month(s): the unit may be another than 万TEU", f"{least:,} to {most:,} TEU"
            )
    if current is None or to_date is None:
        return
    if current > to_date or (first == 1 and current != to_date):
        raise LayoutError(
            f"{current:,.0f} TEU in the month and {to_date:,.0f} since January", "months within their year"
        )


def _two_months_together(page: Page, teu: Decimal | None) -> CheckResult:
    message = f"{page.page}: January and February together are {teu:,.0f} TEU; neither month is known"
    return page_check("month_stands_alone", page.page, "warning", f"{teu}", "a figure for each month", message)


def _observation(page: Page, grain: PeriodGrain, start: date, teu: Decimal | None, last_month: date) -> Observation:
    return Observation(
        port_locode=PORT,
        period_grain=grain,
        period_start=start,
        measure="total_teu",
        teu=teu,
        precision=None if teu is None else "rounded",
        status=status_of(page, last_month),
        citation=page.url if is_address(page.url) else f"Ministry of Transport of China, saved page {page.page}",
    )
