"""Time in the sample: whole minutes since the start of 2024 (UTC), as text and as periods.

Belongs here: conversions between minutes, moments, months and period names.
Does not belong here: what happens at those times.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from orchestration.core.corridor_file import PeriodGrain

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
HOUR, DAY, WEEK = 60, 1440, 10080


def minutes(moment: datetime) -> int:
    """Return the minutes from the start of 2024 to a moment."""
    return int((moment - EPOCH).total_seconds()) // 60


def moment(minute: int) -> datetime:
    """Return the moment of a minute."""
    return EPOCH + timedelta(minutes=minute)


def utc(minute: int) -> str:
    """Return a minute as a timestamp in UTC."""
    return f"{moment(minute):%Y-%m-%dT%H:%M:00Z}"


def period_name(day: date, grain: PeriodGrain) -> str:
    """Return the period of a file with a row of that day; a register is named after the year of its filing."""
    if grain == "month":
        return f"{day:%Y-%m}"
    return f"{day.year}-Q{(day.month + 2) // 3}" if grain == "quarter" else f"{day.year}"


def months(start: int, end: int) -> Iterator[date]:
    """Yield the first days of the months from minute `start` to before minute `end`."""
    day = moment(start).date().replace(day=1)
    while day < moment(end).date():
        yield day
        day = (day + timedelta(days=32)).replace(day=1)
