"""Reporting periods in the notation of file names: YYYY, YYYY-Qn, YYYY-MM.

Belongs here: the days of a period. Does not belong here: for which periods a partner files.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self

PATTERN = r"[0-9]{4}(?:-Q[1-4]|-(?:0[1-9]|1[0-2]))?"
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """A calendar month, quarter or year, with its first day (start) and its last day (end)."""

    text: str
    grain: Literal["month", "quarter", "year"]
    start: date
    end: date

    @property
    def next_start(self) -> date:
        """The first day of the next period."""
        return self.end + timedelta(days=1)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a period. Return None if the text is not a period."""
        if not re.fullmatch(PATTERN, text) or not 1900 <= int(text[:4]) < 9999:
            return None
        year, part = int(text[:4]), text[5:]
        if not part:
            grain, first_month = "year", 1
        elif part.startswith("Q"):
            grain, first_month = "quarter", 3 * int(part[1]) - 2
        else:
            grain, first_month = "month", int(part)
        after = first_month + MONTHS_OF[grain]
        next_start = date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1)
        return cls(text, grain, date(year, first_month, 1), next_start - timedelta(days=1))  # type: ignore[arg-type]

    @classmethod
    def holding(cls, grain: str, day: date) -> Self:
        """Return the month, quarter or year of a day. Raises ValueError for another grain, or a year out of range."""
        texts = {"year": f"{day:%Y}", "quarter": f"{day:%Y}-Q{(day.month + 2) // 3}", "month": f"{day:%Y-%m}"}
        period = cls.parse(texts.get(grain, ""))
        if period is None:
            raise ValueError(f"there is no period of grain {grain} for {day}")
        return period
