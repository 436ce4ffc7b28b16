"""What `corridor run` prints at its end.

Belongs here: the outcome as a record for --json, and as the newest KPIs with the places of the published files.
Does not belong here: any figure that is not published.
"""

from dataclasses import asdict
from typing import Any

import click
import duckdb
from rich.table import Table

from orchestration.cli.local_run import Outcome
from orchestration.core.settings import Settings
from orchestration.core.terminal import format_figure, print_table
from orchestration.release.release_folder import ReleaseFolder, ReleasesRoot

# The newest year with a value of each KPI, in its first dimension and its default method.
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
NUMERIC_COLUMNS = ("value", "interval", "coverage")


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome of a run as a record for JSON."""
    return {**asdict(outcome), "release": str(outcome.release)}


def print_outcome(outcome: Outcome, settings: Settings) -> None:
    """Print the newest KPIs and the places of the files; for a run without new inputs, print only that."""
    if outcome.ended == "nothing new":
        _print_nothing_new(outcome)
        return
    is_published = outcome.ended == "published"
    folder = ReleasesRoot(settings.releases).current if is_published else ReleaseFolder(outcome.release)
    print_table(_kpi_table(outcome, settings))
    click.echo("Published:" if is_published else "Dry run: nothing is published. The candidate is in:")
    for file in (folder.scorecard, folder.kpis, folder.workbook, folder.warehouse):
        click.echo(f"  {file}")
    if is_published:
        click.echo(f"Release {outcome.release.name} in {outcome.seconds:.1f} s.")


def _print_nothing_new(outcome: Outcome) -> None:
    current = f"{outcome.release} stays current" if outcome.release.exists() else "there is no release yet"
    click.echo(f"Nothing new ({outcome.seconds:.1f} s): {current}.")
    if outcome.withdrawn:
        click.echo(
            f"Release {outcome.withdrawn.release_id} was made from the same inputs and was withdrawn: "
            f"{outcome.withdrawn.reason}. It is not made again, unless you run with --full-refresh."
        )


def _kpi_table(outcome: Outcome, settings: Settings) -> Table:
    with duckdb.connect(ReleaseFolder(outcome.release).kpis, read_only=True) as con:
        rows = con.execute(NEWEST_KPIS).fetchall()
    sample = "SAMPLE - " if settings.corridor.sample else ""
    table = Table(title=f"{sample}{settings.corridor.name}: newest year", title_justify="left")
    for heading in ("KPI", "of", "period"):
        table.add_column(heading, no_wrap=heading != "KPI")
    for heading in ("value", "unit", "interval", "coverage", "status"):
        table.add_column(heading, justify="right" if heading in NUMERIC_COLUMNS else "left")
    for name, of, period, value, unit, lower, upper, coverage, status in rows:
        interval = "" if lower is None else f"{format_figure(lower)} to {format_figure(upper)}"
        covered = "" if coverage is None else f"{coverage:.0%}"
        table.add_row(name, of, period, format_figure(value), unit, interval, covered, status)
    return table
