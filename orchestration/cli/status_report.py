"""What `corridor status` prints: the current release, the public sources, the filing calendar.

Belongs here: the status as a record for --json, and as tables. Does not belong here: any decision about it.
"""

from itertools import groupby
from typing import Any

import click
from rich.table import Table

from orchestration.core.clock import run_clock
from orchestration.core.settings import Settings
from orchestration.core.terminal import print_table
from orchestration.release.swap import current_id
from orchestration.submissions.filing_calendar import filing_calendar
from orchestration.throughput.status import source_states

# The mark of each state in the calendar, and its meaning.
MARKS = {
    "accepted": ("+", "accepted"),
    "accepted, partly": ("%", "accepted in part"),
    "late": ("L", "accepted late"),
    "late, partly": ("l", "late and in part"),
    "refused": ("R", "refused"),
    "missing": ("M", "missing"),
    "not due": (".", "not due yet"),
}
CALENDAR_MONTHS = 24


def status_record(settings: Settings) -> dict[str, Any]:
    """Return the home, its current release, the state of each public source, and the filing calendar."""
    index = settings.lake / "intake" / "submissions.parquet"
    as_of = run_clock(settings).as_of
    return {
        "home": str(settings.home),
        "corridor": settings.corridor.name,
        "sample": settings.corridor.sample,
        "current": current_id(settings.releases),
        "as_of": as_of.isoformat(),
        "sources": source_states(settings),
        "calendar": filing_calendar(settings, index, as_of) if index.is_file() else [],
    }


def print_status(record: dict[str, Any]) -> None:
    """Print the public sources, the filing calendar, and what is missing or refused."""
    click.echo(f"{'SAMPLE - ' if record['sample'] else ''}{record['corridor']}, home {record['home']}")
    click.echo(f"Current release: {record['current'] or 'none yet; make one with: corridor run'}")
    click.echo(f"As-of day: {record['as_of']}")
    _print_sources(record["sources"])
    if record["calendar"]:
        _print_calendar(record["calendar"])


def _print_calendar(calendar: list[dict[str, Any]]) -> None:
    """Print a row for each partner and dataset, with a mark for each month in which a period ends."""
    ends = {f"{entry['period_end']:%Y-%m}" for entry in calendar if entry["period_end"]}
    months = sorted(ends)[-CALENDAR_MONTHS:]
    span = f"{months[0]} to {months[-1]}" if months else "months"
    table = Table("partner", "dataset", f"{span}, by month", "register", "superseded")
    for (partner, dataset), group in groupby(calendar, key=lambda entry: (entry["partner_id"], entry["dataset"])):
        entries = list(group)
        marks = {
            f"{entry['period_end']:%Y-%m}" if entry["period_end"] else "register": MARKS[entry["state"]][0]
            for entry in entries
        }
        superseded = sum(entry["superseded"] for entry in entries)
        by_month = "".join(marks.get(month, " ") for month in months)
        table.add_row(partner, dataset, by_month, marks.get("register", ""), str(superseded or ""))
    print_table(table)
    click.echo("Marks: " + "  ".join(f"{mark} {meaning}" for mark, meaning in MARKS.values()))
    unfiled = [entry for entry in calendar if entry["state"] in ("missing", "refused")]
    if unfiled:
        click.echo("\nMissing or refused submissions:")
        for entry in unfiled:
            due = f", due {entry['due']}" if entry["due"] else ""
            click.echo(f"  {entry['partner_id']} {entry['dataset']} {entry['period']}: {entry['state']}{due}")


def _print_sources(sources: list[dict[str, Any]]) -> None:
    """Print a row for each public source, then why any of its pages is not in use."""
    if not sources:
        return
    table = Table("public source", "last fetch", "last change", "newest month", "state")
    for source in sources:
        moments = (_to_minute(source["looked_at"]), _to_minute(source["changed_at"]))
        table.add_row(source["source_id"], *moments, source["newest_month"] or "", _source_state(source))
    print_table(table)
    for source in sources:
        for trouble in source["troubles"]:
            click.echo(f"{source['source_id']}: {trouble}")


def _source_state(source: dict[str, Any]) -> str:
    pages, since = len(source["quarantined"]), source["unreachable_since"]
    faults = [f"quarantined: {pages} {'page' if pages == 1 else 'pages'}"] if pages else []
    faults += [f"unreachable since {_to_minute(since)}"] if since else []
    if faults:
        return ", ".join(faults)
    return "in use" if source["looked_at"] else "not fetched yet"


def _to_minute(moment: str | None) -> str:
    """Shorten an ISO 8601 moment in UTC to the minute."""
    return f"{moment[:10]} {moment[11:16]}Z" if moment else ""
