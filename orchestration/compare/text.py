"""What `corridor diff` and `corridor reproduce` print, and the page of a comparison.

Belongs here: order, headings and rounded figures. Does not belong here: queries, or unrounded figures (`--json`).
"""

from pathlib import Path

import click
import duckdb

from orchestration.compare.steps import CODE
from orchestration.core.pages import render
from orchestration.core.query import Record
from orchestration.core.settings import Settings
from orchestration.core.terminal import format_figure, print_records
from orchestration.release.dictionary import release_card
from orchestration.release.release_folder import ReleasesRoot

SHOWN_INPUTS = 3
SHOWN_DIFFERENCES = 20


def print_diff(record: Record, everything: bool) -> None:
    """Print the causes and the headline figures by year; with `everything` also all other changes."""
    _title(record, f"changes from release {record['from']} to {record['to']}. INTERNAL: names partners.")
    click.echo(summary(record))
    for note in notes(record):
        click.echo(note)
    _section("Causes", [_cause(cause) for cause in record["causes"]])
    headline = [change for change in record["changes"] if change["is_headline"]]
    _section("Changes of headline figures by year", [_change(change) for change in headline])
    others = [change for change in record["changes"] if not change["is_headline"]]
    if everything:
        _section("Changes of all other figures", [_change(change) for change in others])
    elif others:
        click.echo(
            f"\n{len(others):,} more changes of months, quarters, parts and other methods. "
            "Print them with --all or --json, or write them to a page with --out FILE."
        )


def summary(record: Record) -> str:
    """Return the number of figures that differ, by kind of change."""
    if not record["changes"]:
        return "No figure differs."
    kinds: dict[str, int] = {}
    for change in record["changes"]:
        kinds[change["change"]] = kinds.get(change["change"], 0) + 1
    by_kind = ", ".join(f"{count:,} {_kind(kind)}" for kind, count in sorted(kinds.items()))
    return f"{len(record['changes']):,} figures differ: {by_kind}."


def notes(record: Record) -> list[str]:
    """Return what a reader must know about the attribution of differences to causes."""
    versions = record["code_versions"]
    texts = []
    if record["computed_anew"]:
        texts.append(
            "The causes are applied one after the other, in the order shown. Their parts add up to the difference of a "
            "figure. A figure that only one release shows has causes but no parts."
        )
    if versions["to"] != versions["today"] and record["computed_anew"]:
        texts.append(
            f"Release {record['to']} was made by code version {versions['to']}. The stages between the releases were "
            f"computed by the present version {versions['today']}; any effect of that counts as {CODE}."
        )
    return texts


def write_diff_page(settings: Settings, record: Record, path: Path) -> None:
    """Write the comparison as an HTML page in the layout of the scorecard.

    Raises:
        OSError: The page cannot be written.
    """
    kpis = ReleasesRoot(settings.releases).release(record["to"]).kpis
    with duckdb.connect(kpis, read_only=True) as con:
        card = release_card(con)
    headline = [change for change in record["changes"] if change["is_headline"]]
    others = [change for change in record["changes"] if not change["is_headline"]]
    sections = [
        ("Changes of headline figures by year", headline, True),
        ("Changes of all other figures", others, False),
    ]
    page = render(
        "compare/diff.html.j2",
        sample=record["sample"],
        card=card,
        diff=record,
        summary=summary(record),
        notes=notes(record),
        sections=sections,
        signed=signed,
    )
    path.write_text(page, encoding="utf-8")


def signed(value: float) -> str:
    """Format a difference with four significant digits and its sign."""
    return f"{'-' if value < 0 else '+'}{format_figure(abs(value))}"


def print_reproduction(record: Record) -> None:
    """Print whether the rebuilt release is equal, the first differences, and the altered files."""
    _title(record, f"release {record['release_id']}, rebuilt from {record['inputs']}.")
    if record["release_code_version"] != record["code_version"]:
        click.echo(
            f"The release was made by code version {record['release_code_version']}, "
            f"the rebuild by the present version {record['code_version']}."
        )
    differences = record["differences"]
    if not differences:
        click.echo(f"Equal: the rebuild gives the same {record['values_compared']:,} public values.")
    else:
        reason = "the code differs" if record["reason"] == CODE else "unexplained: the code and the inputs are the same"
        click.echo(f"Not equal: {len(differences):,} of {record['values_compared']:,} public values differ ({reason}).")
        _section("Differences", differences[:SHOWN_DIFFERENCES])
        if len(differences) > SHOWN_DIFFERENCES:
            click.echo(f"and {len(differences) - SHOWN_DIFFERENCES:,} more. Print all with --json.")
        if any(difference["column_name"] == "status" for difference in differences):
            click.echo("Statuses differ. Check whether CORRIDOR_DISCLOSURE_P was the same when the release was made.")
    for name in record["altered"]:
        click.echo(f"{name} was changed after publication.")


def _title(record: Record, text: str) -> None:
    click.echo(f"{'SAMPLE - ' if record['sample'] else ''}{record['corridor']}, {text}")


def _kind(kind: str) -> str:
    return "in status only" if kind == "status" else kind


def _cause(cause: Record) -> Record:
    what = cause["what"]
    more = f" and {len(what) - SHOWN_INPUTS} more" if len(what) > SHOWN_INPUTS else ""
    return {
        "cause": cause["cause"],
        "what differs": "; ".join(what[:SHOWN_INPUTS]) + more,
        "figures changed": f"{cause['figures']:,}",
        "largest relative change": _largest(cause["largest"]),
    }


def _largest(largest: Record | None) -> str:
    if largest is None or largest["part"] is None:
        return ""
    of = f"{largest['kpi_id']} {largest['dimension_value']} {largest['period_grain']} {largest['period_start']}"
    return f"{largest['share']:+.2%} of {of}"


def _change(change: Record) -> Record:
    return {
        "KPI": change["name"],
        "dimension": change["dimension_value"],
        "period": change["period"],
        "method": change["method_id"],
        "change": change["change"],
        "old": format_figure(change["old_value"]) or change["old_status"],
        "new": format_figure(change["new_value"]) or change["new_status"],
        "difference": "" if change["difference"] is None else signed(change["difference"]),
        "unit": change["unit"],
        "causes": _causes_text(change),
    }


def _causes_text(change: Record) -> str:
    parts = change["parts"]
    return ", ".join(f"{cause} {signed(parts[cause])}" if cause in parts else cause for cause in change["causes"])


def _section(heading: str, lines: list[Record]) -> None:
    if lines:
        click.echo(f"\n{heading}")
        print_records(lines)
