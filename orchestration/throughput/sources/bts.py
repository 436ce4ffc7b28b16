"""US Bureau of Transportation Statistics: monthly total TEU of the largest ports, to compare other sources with.

Belongs here: the columns of its data set rd72-aq8r, whose column of months is misnamed `port`.
Does not belong here: comparing one source with another, which dbt does.

The data set runs from January 2019 to October 2022 and has not changed since.
"""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from orchestration.core.check_result import CheckResult
from orchestration.core.errors import CorridorError
from orchestration.throughput.sources.html_tables import LayoutError, find_table, named, readable, text
from orchestration.throughput.sources.identities import MAX_MONTH_TEU, MIN_MONTH_TEU
from orchestration.throughput.sources.source import (
    Observation,
    Page,
    PageLocation,
    ParsedPage,
    is_address,
    layout_error,
    page_check,
    page_name,
)

LICENCE = "public domain, a work of the US government; cited as Bureau of Transportation Statistics, Monthly TEU Data"
ADDRESS = "https://data.bts.gov/resource/rd72-aq8r.json"
MONTH = "port"
PORTS = {"los_angeles_ca": "USLAX", "long_beach_ca": "USLGB"}


def locate(location: str, as_of: date) -> list[PageLocation]:
    """Return the data set at its address, or saved as JSON or CSV. Raises CorridorError if the file does not exist."""
    if not is_address(location) and not Path(location).is_file():
        raise CorridorError(f"{location} does not exist: expected {ADDRESS}?$limit=5000 saved as a file.")
    return [PageLocation(page_name(location), location)]


def parse(page: Page) -> ParsedPage:
    """Return total TEU by port and month. A wrong row or cell is left out with a check result."""
    reading = ParsedPage()
    try:
        reading.observations += _observations(page, reading.check_results)
    except LayoutError as problem:
        reading.check_results.append(layout_error(page, problem.observed, problem.expected))
    return reading


def _observations(page: Page, check_results: list[CheckResult]) -> list[Observation]:
    """Return the figures. Raises LayoutError if a month occurs twice, or a figure cannot be a month's TEU."""
    table = find_table(page.content, named([MONTH, *PORTS]), ", ".join([MONTH, *PORTS]))
    observations = []
    for cells in table.rows:
        day_text = text(cells[table.columns[MONTH]]) if len(cells) > table.columns[MONTH] else ""
        table.refuse_shifted(day_text, cells)
        month = _month(day_text)
        if month is None:
            message = f"{page.page}: {day_text!r} is not the first day of a month; the row was left out"
            check_results.append(
                page_check("row_is_understood", page.page, "warning", day_text, "a day such as 2/1/2019", message)
            )
            continue
        for column, port in PORTS.items():
            teu = readable(page, f"{day_text}, {column}", cells[table.columns[column]], check_results)
            observations.append(_observation(port, month, teu))
    _refuse_doubt(observations)
    return observations


def _month(day_text: str) -> date | None:
    """Return the month of a first day, written month before day; the other order would give months twice."""
    day = re.fullmatch(r"(0?[1-9]|1[0-2])/0?1/([12][0-9]{3})", day_text)
    return date(int(day[2]), int(day[1]), 1) if day else None


def _refuse_doubt(observations: list[Observation]) -> None:
    if not any(observation.teu is not None for observation in observations):
        raise LayoutError("no figure that can be read", "total TEU by month")
    times = Counter((observation.port_locode, observation.period_start) for observation in observations)
    if doubled := sorted({f"{month:%Y-%m}" for (_, month), count in times.items() if count > 1}):
        raise LayoutError(f"doubled: {', '.join(doubled)}", "each month once")
    for observation in observations:
        if observation.teu is not None and not MIN_MONTH_TEU <= observation.teu <= MAX_MONTH_TEU:
            raise LayoutError(
                f"{observation.teu} for {observation.port_locode} in {observation.period_start:%Y-%m}",
                f"{MIN_MONTH_TEU:,} to {MAX_MONTH_TEU:,} TEU",
            )


def _observation(port: str, month: date, teu: Decimal | None) -> Observation:
    return Observation(
        port_locode=port,
        period_grain="month",
        period_start=month,
        measure="total_teu",
        teu=teu,
        precision=None if teu is None else "whole",
        status="final",
        citation=f"US Bureau of Transportation Statistics, Monthly TEU Data, {ADDRESS}",
    )
