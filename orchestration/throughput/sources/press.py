"""Cited press figures: one CSV file maintained by hand, each figure with its publication.

Belongs here: the layout of that file. Columns: port_locode, period_grain, period (YYYY, or YYYY-MM for a month or a
year up to it), measure, teu, precision, status, citation.
Does not belong here: comparing one figure with another, which dbt does.
"""

import csv
import io
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast, get_args

from orchestration.core.check_result import CheckResult
from orchestration.core.errors import CorridorError
from orchestration.throughput.sources.source import (
    MEASURES,
    Observation,
    Page,
    PageLocation,
    ParsedPage,
    PeriodGrain,
    Precision,
    Status,
    is_address,
    page_check,
    page_name,
)

LICENCE = "single figures, each cited to where it was published"
COLUMNS = ("port_locode", "period_grain", "period", "measure", "teu", "precision", "status", "citation")
MONTH = "[12][0-9]{3}-(0[1-9]|1[0-2])"
PERIODS = {"month": MONTH, "year_to_date": MONTH, "calendar_year": "[12][0-9]{3}"}
PATTERNS = {
    "port_locode": r"[A-Z]{2}[A-Z0-9]{3}",
    "period_grain": "|".join(PERIODS),
    "measure": "|".join(MEASURES),
    "teu": r"[0-9]{1,12}(\.[0-9]{1,2})?",
    "precision": "|".join(get_args(Precision)),
    "status": "|".join(get_args(Status)),
    "citation": r"\S.*",
}


def locate(location: str, as_of: date) -> list[PageLocation]:
    """Return the one file. Raises CorridorError if it does not exist."""
    if not is_address(location) and not Path(location).is_file():
        raise CorridorError(f"{location} does not exist: expected a CSV file of cited figures.")
    return [PageLocation(page_name(location), location)]


def parse(page: Page) -> ParsedPage:
    """Return a figure per line. A wrong line is left out with a check result; so are lines with the same key."""
    reading = ParsedPage()
    try:
        rows = _rows(page.content)
    except ValueError as problem:
        message = f"{page.page}: {problem}; no figure of the file was taken in"
        expected = f"CSV in UTF-8 with the columns {', '.join(COLUMNS)}"
        reading.check_results.append(
            page_check("page_has_its_layout", page.page, "error", str(problem), expected, message)
        )
        return reading
    seen = Counter(_key(row) for row in rows)
    for number, row in enumerate(rows, start=2):
        wrong = _wrong_column(row)
        if wrong or seen[_key(row)] > 1:
            reading.check_results.append(_line_result(page.page, number, row, wrong))
        else:
            reading.observations.append(_observation(row))
    return reading


def _rows(content: bytes) -> list[dict[str, str]]:
    """Return the lines under the heading. Raises ValueError if the file is not CSV with these columns."""
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    try:
        missing = [column for column in COLUMNS if column not in (lines.fieldnames or ())]
        if missing:
            raise ValueError(f"no column {', '.join(missing)}")
        return list(lines)
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _key(row: dict[str, str]) -> tuple[str, ...]:
    return row["port_locode"], row["period_grain"], row["period"], row["measure"]


def _wrong_column(row: dict[str, str]) -> str | None:
    """Return the first wrong column of a line; None if the line is right."""
    for column, pattern in PATTERNS.items():
        if not re.fullmatch(pattern, row[column] or ""):
            return column
    return None if re.fullmatch(PERIODS[row["period_grain"]], row["period"] or "") else "period"


def _line_result(page: str, number: int, row: dict[str, str], wrong: str | None) -> CheckResult:
    if wrong:
        expected = PERIODS.get(row["period_grain"], "") if wrong == "period" else PATTERNS[wrong]
        message = f"{page}, line {number}: {wrong} is {row[wrong]!r}; the line was left out"
        return page_check("line_is_readable", page, "warning", str(row[wrong]), expected, message)
    key = " ".join(_key(row))
    message = f"{page}, line {number}: {key} occurs more than once; all such lines were left out"
    return page_check("figure_is_cited_once", page, "warning", key, "one line for a figure", message)


def _observation(row: dict[str, str]) -> Observation:
    year, _, month = row["period"].partition("-")
    return Observation(
        port_locode=row["port_locode"],
        period_grain=cast(PeriodGrain, row["period_grain"]),
        period_start=date(int(year), int(month or 1), 1),
        measure=row["measure"],
        teu=Decimal(row["teu"]),
        precision=cast(Precision, row["precision"]),
        status=cast(Status, row["status"]),
        citation=row["citation"],
    )
