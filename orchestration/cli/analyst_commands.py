"""Commands for analysts and auditors: explain, diff, reproduce.

Belongs here: their options, help and order of calls.
Does not belong here: explanations, comparisons, or how they are printed.
"""

import json
import sys
from pathlib import Path

import click

from orchestration.cli.options import as_json, new_file, write_errors_reported


@click.command()
@click.argument("kpi_id", metavar="KPI")
@click.option("--period", required=True, help="A year, quarter or month: YYYY, YYYY-Qn or YYYY-MM.")
@click.option(
    "--dimension", "dimension_value", help="A part such as outbound or USLAX; without it, the whole corridor."
)
@click.option("--method", "method_id", help="A method, such as imo_lca; else the KPI's first.")
@as_json
def explain(kpi_id: str, period: str, dimension_value: str | None, method_id: str | None, as_json: bool) -> None:
    """Explain how a figure of the current release came about.

    The explanation has the formula with its numerator and denominator, the coverage and what it lacks, the factors,
    the submissions, the largest contributions, and the changes since the previous release.

    The output names partners: it is for readers who may see what partners filed.
    """
    from orchestration.core.settings import load_settings
    from orchestration.explain.record import CellRequest, explain_cell
    from orchestration.explain.text import print_explanation

    record = explain_cell(load_settings(), CellRequest(kpi_id, period, dimension_value, method_id))
    if as_json:
        click.echo(json.dumps(record))
    else:
        print_explanation(record)


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--all", "everything", is_flag=True, help="Print every change, also of months and parts.")
@click.option("--out", type=new_file, help="Write all changes to this HTML page.")
@as_json
def diff(old: str, new: str, everything: bool, out: Path | None, as_json: bool) -> None:
    """Show the differences between the releases A and B, and their causes.

    A and B are release ids, or `current`. Each difference is split by cause. If there are several causes, the KPIs
    are computed after each of them, which takes time. The output names partners: it is for readers who may see what
    partners filed.
    """
    from orchestration.compare import text
    from orchestration.compare.diff import compare
    from orchestration.core.settings import load_settings
    from orchestration.core.terminal import report_on_stderr

    settings = load_settings()
    record = compare(settings, old, new, report_on_stderr())
    if out is not None:
        with write_errors_reported(out):
            text.write_diff_page(settings, record, out)
    if as_json:
        click.echo(json.dumps(record))
    elif out is not None:
        click.echo(f"Wrote {out}.")
    else:
        text.print_diff(record, everything)


@click.command()
@click.argument("release_id", metavar="ID")
@as_json
def reproduce(release_id: str, as_json: bool) -> None:
    """Rebuild a release from its recorded inputs and compare every public value. Exit with 1 if any differs.

    ID is a release id, or `current`. The command writes nothing into the home, and can run next to another run.
    """
    from orchestration.compare.reproduce import reproduce as rebuild
    from orchestration.compare.text import print_reproduction
    from orchestration.core.settings import load_settings
    from orchestration.core.terminal import report_on_stderr

    record = rebuild(load_settings(), release_id, report_on_stderr())
    if as_json:
        click.echo(json.dumps(record))
    else:
        print_reproduction(record)
    sys.exit(0 if record["equal"] else 1)


COMMANDS = (explain, diff, reproduce)
