"""The one clock of a run: asked once, passed to whatever needs a date or a moment.

Belongs here: what "today" and "now" mean to a run. Does not belong here: any other reading of the time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from orchestration.core.settings import Settings


@dataclass(frozen=True)
class RunClock:
    """as_of: the day up to which the run knows anything. now: the moment it stamps on what it receives (UTC)."""

    as_of: date
    now: datetime


def run_clock(settings: Settings, as_of_override: date | None = None) -> RunClock:
    """The clock of a run: a fixed as_of in corridor.toml fixes the moment too; an override changes the day alone."""
    fixed = settings.corridor.as_of
    now = datetime.combine(fixed, time(12), UTC) if fixed else datetime.now(UTC).replace(microsecond=0)
    return RunClock(as_of=as_of_override or now.date(), now=now)
