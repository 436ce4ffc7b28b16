"""What a terminal shows of a run, a home and its releases.

Belongs here: records for --json and the same as tables. Does not belong here: any figure that is not published.
"""

import json
import shutil
import time
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import click
import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.core.clock import run_clock
from orchestration.core.settings import Settings
from orchestration.defs.run import Outcome, Say
from orchestration.release.swap import MANIFEST, current_id, list_releases
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.filing_calendar import filing_calendar
from orchestration.submissions.receipt import Receipt, visible
from orchestration.throughput.status import source_states

# The newest year of each KPI that has anything to say, in its first dimension and its default method.
NEWEST_KPIS = """
    with definitions as (
        select kpi_id, name, display_order, split_part(method_ids, ';', 1) as method_id,
            split_part(dimensions, ';', 1) as dimension
        from kpi.kpi_definitions
    )
    select definitions.name, v.dimension_value as "of", strftime(v.period_start, '%Y') as period, v.value, v.unit,
        v.lower, v.upper, v.coverage, v.status
    from kpi.kpi_values as v
    join definitions using (kpi_id, method_id, dimension)
    where v.period_grain = 'year' and v.status <> 'no_data'
    qualify v.period_start = max(v.period_start) over (partition by v.kpi_id)
    order by definitions.display_order, v.dimension_value
"""

WIDTH = 160

# How the calendar marks a period, and what the mark means.
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


def progress() -> Say:
    """Says each message on stderr, with the seconds since the first moment."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    started = time.monotonic()

    def say(message: str) -> None:
        console.print(f"[dim]{time.monotonic() - started:5.1f} s[/dim]  {escape(message)}")

    return say


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    return {**asdict(outcome), "release": str(outcome.release)}


def show_outcome(outcome: Outcome, settings: Settings) -> None:
    """The newest KPIs and where everything is; of a run without news, only that."""
    if outcome.ended == "nothing new":
        current = outcome.release if outcome.release.exists() else "no release"
        click.echo(f"Nothing new ({outcome.seconds:.1f} s): {current} stays current.")
        if outcome.withdrawn:
            click.echo(
                f"What is there gave release {outcome.withdrawn.release_id}, which was withdrawn: "
                f"{outcome.withdrawn.reason}. It is not made again; --full-refresh publishes it all the same."
            )
        return
    published = outcome.ended == "published"
    where = settings.current if published else outcome.release
    _show(_kpi_table(outcome, settings))
    click.echo("Published:" if published else "Dry run, nothing published; the candidate lies in:")
    for part in ("public/scorecard.html", "public/kpis.duckdb", "public/kpis.xlsx", "internal/warehouse.duckdb"):
        click.echo(f"  {where / part}")
    if published:
        click.echo(f"Release {outcome.release.name} in {outcome.seconds:.1f} s.")


def _kpi_table(outcome: Outcome, settings: Settings) -> Table:
    with duckdb.connect(outcome.release / "public" / "kpis.duckdb", read_only=True) as con:
        rows = con.execute(NEWEST_KPIS).fetchall()
    sample = "SAMPLE - " if settings.corridor.sample else ""
    table = Table(title=f"{sample}{settings.corridor.name}: newest year", title_justify="left")
    for heading in ("KPI", "of", "period"):
        table.add_column(heading, no_wrap=heading != "KPI")
    for heading in ("value", "unit", "interval", "coverage", "status"):
        table.add_column(heading, justify="right" if heading in ("value", "interval", "coverage") else "left")
    for name, of, period, value, unit, lower, upper, coverage, status in rows:
        interval = "" if lower is None else f"{figure(lower)} to {figure(upper)}"
        covered = "" if coverage is None else f"{coverage:.0%}"
        table.add_row(name, of, period, figure(value), unit, interval, covered, status)
    return table


def figure(value: float | None) -> str:
    """Four significant digits, thousands apart; the files hold ten."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def release_records(settings: Settings) -> list[dict[str, Any]]:
    """Every release: id, state, what it knew, when it was made and what it takes of the disk."""
    records = []
    for release in list_releases(settings.releases):
        try:
            manifest = json.loads((release.path / MANIFEST).read_text(encoding="utf-8"))
        except OSError:
            manifest = {}
        records.append(
            {
                "release_id": release.release_id,
                "state": release.state,
                "as_of": manifest.get("as_of"),
                "run_at": manifest.get("run_at"),
                "bytes": _bytes_of(release.path),
                "path": str(release.path),
            }
        )
    return records


def show_releases(records: list[dict[str, Any]], settings: Settings) -> None:
    """The releases as a table; below it what they, the lake and the warehouse take, and what is free."""
    shown = [{**record, "size": _megabytes(record["bytes"])} for record in records]
    show_records([{key: record[key] for key in record if key != "bytes"} for record in shown])
    folders = {"lake": settings.lake, "working warehouse": settings.warehouse_dir}
    used = {"releases": sum(record["bytes"] for record in records), **{k: _bytes_of(v) for k, v in folders.items()}}
    free = shutil.disk_usage(settings.home).free
    click.echo(", ".join(f"{name} {_megabytes(size)}" for name, size in {**used, "free": free}.items()))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _bytes_of(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def status_record(settings: Settings) -> dict[str, Any]:
    """The home, its current release, how each public source stands, and what came of every partner's periods."""
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


def show_status(record: dict[str, Any]) -> None:
    """Public sources; the calendar, a row a partner and dataset, a mark a month a period ends in; what is missing."""
    click.echo(f"{'SAMPLE - ' if record['sample'] else ''}{record['corridor']} in {record['home']}")
    click.echo(f"Current release: {record['current'] or 'none yet; make one with: corridor run'}")
    _show_sources(record["sources"])
    calendar = record["calendar"]
    if not calendar:
        return
    ends = {f"{entry['period_end']:%Y-%m}" for entry in calendar if entry["period_end"]}
    months = sorted(ends)[-CALENDAR_MONTHS:]
    span = f"{months[0]} to {months[-1]}" if months else "months"
    table = Table("partner", "dataset", span, "register", "superseded")
    for (partner, dataset), group in groupby(calendar, key=lambda entry: (entry["partner_id"], entry["dataset"])):
        entries = list(group)
        marks = {
            f"{entry['period_end']:%Y-%m}" if entry["period_end"] else "register": MARKS[entry["state"]][0]
            for entry in entries
        }
        superseded = sum(entry["superseded"] for entry in entries)
        by_month = "".join(marks.get(month, " ") for month in months)
        table.add_row(partner, dataset, by_month, marks.get("register", ""), str(superseded or ""))
    _show(table)
    click.echo("  ".join(f"{mark} {meaning}" for mark, meaning in MARKS.values()))
    for entry in calendar:
        if entry["state"] in ("missing", "refused"):
            due = f", due {entry['due']}" if entry["due"] else ""
            click.echo(f"{entry['partner_id']} {entry['dataset']} {entry['period']}: {entry['state']}{due}")


def _show_sources(sources: list[dict[str, Any]]) -> None:
    """A row a public source; then, in full, what keeps any of its pages out of use."""
    if not sources:
        return
    table = Table("public source", "last looked", "last changed", "newest month", "state")
    for source in sources:
        pages, since = len(source["quarantined"]), source["unreachable_since"]
        states = [f"quarantined: {pages} {'page' if pages == 1 else 'pages'}"] if pages else []
        states += [f"unreachable since {_minute(since)}"] if since else []
        in_use = "in use" if source["looked_at"] else "never looked at"
        moments = (_minute(source["looked_at"]), _minute(source["changed_at"]))
        table.add_row(source["source_id"], *moments, source["newest_month"] or "", ", ".join(states) or in_use)
    _show(table)
    for source in sources:
        for trouble in source["troubles"]:
            click.echo(f"{source['source_id']}: {trouble}")


def _minute(moment: str | None) -> str:
    """An ISO 8601 moment in UTC, to the minute."""
    return f"{moment[:10]} {moment[11:16]}Z" if moment else ""


def show_records(records: list[dict[str, Any]]) -> None:
    """Records of one shape as a table; nothing when there are none."""
    if not records:
        return
    table = Table(*records[0])
    for record in records:
        table.add_row(*("" if value is None else str(value) for value in record.values()))
    _show(table)


def show_receipts(receipts: list[Receipt]) -> None:
    """Of each file the verdict, then every finding with its row as a spreadsheet counts it."""
    for receipt in receipts:
        click.echo(f"{visible(receipt.file_name, 200)}: {receipt.message}")
        for finding in (found for found in receipt.findings if str(found["message"]) not in receipt.message):
            names = {"row": finding["row_number"], "column": finding["column"]}
            place = ", ".join(f"{name} {value}" for name, value in names.items() if value is not None)
            click.echo(f"  {finding['severity']}{f' in {place}' if place else ''}: {finding['message']}")
        if receipt.findings_total > len(receipt.findings):
            click.echo(f"  and {receipt.findings_total - len(receipt.findings):,} more")
    for dataset, contract in CONTRACTS.items():
        if contract.elsewhere and any(r.dataset == dataset and r.rows_accepted for r in receipts):
            click.echo(f"These {dataset} checks need other files and run later:")
            for sentence in contract.elsewhere:
                click.echo(f"  {sentence}")


def _show(table: Table) -> None:
    """As wide as the terminal; where there is none, wide enough for every column."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(table)
