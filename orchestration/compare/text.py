"""How a comparison of releases looks on a terminal and as a page.

Belongs here: order, headings and figures short enough to read; --json has them whole. Does not belong here: queries.
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

WHAT_AT_MOST = 3
DIFFERENCES_AT_MOST = 20


def show_diff(record: Record, everything: bool) -> None:
    """The causes, then the whole years of the headline figures; every change where everything is asked for."""
    _title(record, f"from release {record['from']} to {record['to']}. INTERNAL: names partners.")
    click.echo(summary(record))
    for note in notes(record):
        click.echo(note)
    _section("Why", [_cause(cause) for cause in record["causes"]])
    headline = [change for change in record["changes"] if change["is_headline"]]
    _section("Headline figures by year", [_change(change) for change in headline])
    others = [change for change in record["changes"] if not change["is_headline"]]
    if everything:
        _section("All other figures", [_change(change) for change in others])
    elif others:
        click.echo(f"\n{len(others):,} more changes (months, quarters, parts, other methods): --all, --json or --out.")


def summary(record: Record) -> str:
    """How many figures differ, by the kind of change."""
    if not record["changes"]:
        return "No figure differs."
    kinds: dict[str, int] = {}
    for change in record["changes"]:
        kinds[change["change"]] = kinds.get(change["change"], 0) + 1
    told = ", ".join(f"{count:,} {_kind(kind)}" for kind, count in sorted(kinds.items()))
    return f"{len(record['changes']):,} figures differ: {told}."


def notes(record: Record) -> list[str]:
    """What a reader must know of how the causes were told apart."""
    versions = record["code_versions"]
    told = []
    if record["computed_anew"]:
        told.append(
            "The causes are taken one after the other, in the order shown; what each adds to a figure adds up to its "
            "difference. A figure that only one of the releases shows has causes and no parts."
        )
    if versions["to"] != versions["today"] and record["computed_anew"]:
        told.append(
            f"Release {record['to']} was made by other code ({versions['to']}) than today's ({versions['today']}), "
            f"which computed what lies between: what that makes counts as {CODE}."
        )
    return told


def write_diff_page(settings: Settings, record: Record, path: Path) -> None:
    """The comparison as a page in one file, in the look of the scorecard. Raises OSError when it cannot be written."""
    kpis = settings.releases / record["to"] / "public" / "kpis.duckdb"
    with duckdb.connect(kpis, read_only=True) as con:
        card = release_card(con)
    sections = [
        ("Headline figures by year", [change for change in record["changes"] if change["is_headline"]], True),
        ("All other figures", [change for change in record["changes"] if not change["is_headline"]], False),
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
    """A difference at four significant digits, with its sign."""
    return f"{'-' if value < 0 else '+'}{format_figure(abs(value))}"


def show_reproduction(record: Record) -> None:
    """Equal, or what is not, the first of it; --json has all."""
    _title(record, f"release {record['release_id']}, rebuilt from {record['inputs']}.")
    if record["release_code_version"] != record["code_version"]:
        click.echo(
            f"It was made by other code ({record['release_code_version']}) than today's ({record['code_version']})."
        )
    differences = record["differences"]
    if not differences:
        click.echo(f"Equal: all {record['values_compared']:,} public values are what the inputs give.")
    else:
        reason = "the code is another" if record["reason"] == CODE else "by the same code; nothing recorded explains it"
        click.echo(f"Not equal: {len(differences):,} of {record['values_compared']:,} public values differ ({reason}).")
        _section("Differences", differences[:DIFFERENCES_AT_MOST])
        if len(differences) > DIFFERENCES_AT_MOST:
            click.echo(f"and {len(differences) - DIFFERENCES_AT_MOST:,} more: --json")
        if any(difference["column_name"] == "status" for difference in differences):
            click.echo("Statuses differ: was CORRIDOR_DISCLOSURE_P the same when the release was made?")
    for name in record["altered"]:
        click.echo(f"{name} is not the file that was published.")


def _title(record: Record, text: str) -> None:
    click.echo(f"{'SAMPLE - ' if record['sample'] else ''}{record['corridor']}, {text}")


def _kind(kind: str) -> str:
    return "with another status alone" if kind == "status" else kind


def _cause(cause: Record) -> Record:
    what = cause["what"]
    more = f" and {len(what) - WHAT_AT_MOST} more" if len(what) > WHAT_AT_MOST else ""
    return {
        "cause": cause["cause"],
        "what differs": "; ".join(what[:WHAT_AT_MOST]) + more,
        "figures": f"{cause['figures']:,}",
        "largest change": _largest(cause["largest"]),
    }


def _largest(largest: Record | None) -> str:
    if largest is None or largest["part"] is None:
        return ""
    of = f"{largest['kpi_id']} {largest['dimension_value']} {largest['period_grain']} {largest['period_start']}"
    return f"{largest['share']:+.2%} {of}"


def _change(change: Record) -> Record:
    return {
        "KPI": change["name"],
        "of": change["dimension_value"],
        "period": change["period"],
        "method": change["method_id"],
        "change": change["change"],
        "old": format_figure(change["old_value"]) or change["old_status"],
        "new": format_figure(change["new_value"]) or change["new_status"],
        "difference": "" if change["difference"] is None else signed(change["difference"]),
        "unit": change["unit"],
        "because of": _because(change),
    }


def _because(change: Record) -> str:
    parts = change["parts"]
    return ", ".join(f"{cause} {signed(parts[cause])}" if cause in parts else cause for cause in change["causes"])


def _section(heading: str, lines: list[Record]) -> None:
    if lines:
        click.echo(f"\n{heading}")
        print_records(lines)
