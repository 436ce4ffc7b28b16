"""Cited press figures: one CSV file kept by hand, each figure with where it was published.

Belongs here: the layout of that file. Columns: port_locode, period_grain, period (YYYY, or YYYY-MM for a month or a
year up to it), measure, teu, precision, status, citation.
Does not belong here: judging one figure against another, which dbt does.
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
    PeriodGrain,
    Place,
    Precision,
    Reading,
    Status,
    finding,
    is_address,
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


def locate(location: str, as_of: date) -> list[Place]:
    """The one file. Raises CorridorError when it is not there."""
    if not is_address(location) and not Path(location).is_file():
        raise CorridorError(f"{location} does not exist: expected a CSV file of cited figures.")
    return [Place(page_name(location), location)]


def parse(page: Page) -> Reading:
    """Each line a figure. A line that is not right is left out with a finding; so are all that say the same twice."""
    reading = Reading()
    try:
        rows = _rows(page.content)
    except ValueError as problem:
        message = f"{page.page}: {problem}; nothing of the file was taken in"
        expected = f"CSV in UTF-8 with the columns {', '.join(COLUMNS)}"
        reading.findings.append(finding("page_has_its_layout", page.page, "error", str(problem), expected, message))
        return reading
    seen = Counter(_key(row) for row in rows)
    for number, row in enumerate(rows, start=2):
        wrong = _wrong_column(row)
        if wrong or seen[_key(row)] > 1:
            reading.findings.append(_line_finding(page.page, number, row, wrong))
        else:
            reading.observations.append(_observation(row))
    return reading


def _rows(content: bytes) -> list[dict[str, str]]:
    """The lines under the heading. Raises ValueError when the file is no such CSV file."""
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
    """The first column of a line that is not as it should be."""
    for column, pattern in PATTERNS.items():
        if not re.fullmatch(pattern, row[column] or ""):
            return column
    return None if re.fullmatch(PERIODS[row["period_grain"]], row["period"] or "") else "period"


def _line_finding(page: str, number: int, row: dict[str, str], wrong: str | None) -> CheckResult:
    if wrong:
        expected = PERIODS.get(row["period_grain"], "") if wrong == "period" else PATTERNS[wrong]
        message = f"{page}, line {number}: {wrong} is {row[wrong]!r}; the line was left out"
        return finding("line_is_readable", page, "warning", str(row[wrong]), expected, message)
    key = " ".join(_key(row))
    message = f"{page}, line {number}: {key} is there more than once; all such lines were left out"
    return finding("figure_is_cited_once", page, "warning", key, "one line for a figure", message)


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
