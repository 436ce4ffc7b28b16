"""Reporting periods as file names write them: YYYY, YYYY-Qn, YYYY-MM.

Belongs here: what days a period holds. Does not belong here: which period a partner files by.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self

PATTERN = r"[0-9]{4}(?:-Q[1-4]|-(?:0[1-9]|1[0-2]))?"
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """A calendar month, quarter or year. start: its first day; end: its last."""

    text: str
    grain: Literal["month", "quarter", "year"]
    start: date
    end: date

    @property
    def next_start(self) -> date:
        return self.end + timedelta(days=1)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The period, or None when the text is none."""
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
        """The month, quarter or year that holds a day. Raises ValueError for another grain, or a year of no period."""
        texts = {"year": f"{day:%Y}", "quarter": f"{day:%Y}-Q{(day.month + 2) // 3}", "month": f"{day:%Y-%m}"}
        period = cls.parse(texts.get(grain, ""))
        if period is None:
            raise ValueError(f"no {grain} that is a period holds {day}")
        return period
