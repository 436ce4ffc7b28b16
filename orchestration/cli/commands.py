"""`corridor ...`: what a person types, and how it is answered.

Belongs here: commands, options, exit codes (0 done, 1 error, 2 usage, 3 the gate refused), nothing heavy at import.
Does not belong here: any work (each command calls one function), or how tables look (console).
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from orchestration.core.errors import CorridorError, GateRefusedError

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="corridor-warehouse")
def corridor() -> None:
    """The pipeline and warehouse of a green shipping corridor.

    The home (corridor.toml, inboxes, lake, releases) is the folder CORRIDOR_HOME, or data/ of the checkout.
    """


@corridor.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Know only what was known on this day (UTC).")
@click.option("--dry-run", is_flag=True, help="Build and audit a candidate; publish nothing.")
@click.option("--full-refresh", is_flag=True, help="Rebuild everything, even when there is nothing new.")
@click.option("--reparse", is_flag=True, help="First parse every public page ever read again, with today's parsers.")
@click.option("--wait", type=float, default=600, show_default=True, help="Seconds to wait for another run to end.")
@as_json
def run(as_of: datetime | None, dry_run: bool, full_refresh: bool, reparse: bool, wait: float, as_json: bool) -> None:
    """Take in what is new, compute, check, and publish a release."""
    from orchestration.cli import console
    from orchestration.core.settings import load_settings
    from orchestration.defs.run import run_once, single_run

    settings = load_settings()
    say = console.progress()
    with single_run(settings, say, wait):
        outcome = run_once(settings, say, _day(as_of), dry_run=dry_run, full_refresh=full_refresh, reparse=reparse)
    if as_json:
        click.echo(json.dumps(console.outcome_record(outcome)))
    else:
        console.show_outcome(outcome, settings)


@corridor.command()
@click.argument("files", nargs=-1, required=True, type=existing_file)
@as_json
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check files as the inbox would, without sending them. Exit 1 if any row would be rejected."""
    from orchestration.cli import console
    from orchestration.submissions.contracts.registry import CONTRACTS
    from orchestration.submissions.local_check import check_files

    receipts = check_files(files)
    if as_json:
        later = {dataset: contract.elsewhere for dataset, contract in CONTRACTS.items()}
        click.echo(json.dumps([{**asdict(r), "checked_later": later.get(r.dataset or "", [])} for r in receipts]))
    else:
        console.show_receipts(receipts)
    sys.exit(0 if all(receipt.verdict.startswith("accepted") for receipt in receipts) else 1)


@corridor.command()
@click.argument("dataset")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; csv is printed.")
def template(dataset: str, kind: str, out: Path | None) -> None:
    """An empty file of DATASET: its headings and an example; as xlsx also units, and cells checked while typing."""
    from orchestration.submissions.layouts.registry import templates
    from orchestration.submissions.pages.template import csv_template, write_xlsx_template

    layouts = templates()
    if dataset not in layouts:
        raise click.UsageError(f"Unknown dataset {dataset!r}. Choose one of {', '.join(layouts)}.")
    if kind == "csv" and out is None:
        click.echo(csv_template(layouts[dataset]), nl=False)
        return
    path = out or Path(f"{dataset}.xlsx")
    with _writing(path):
        if kind == "csv":
            path.write_text(csv_template(layouts[dataset]), encoding="utf-8")
        else:
            write_xlsx_template(layouts[dataset], path)
    click.echo(
        f"Wrote {path}. Fill it in, and name it {dataset}_<period>.{kind}, for example {dataset}_2025-03.{kind}."
    )


@corridor.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the page of all datasets (HTML).")
def datasets(out: Path | None) -> None:
    """What partners file: each dataset, who files it, and what one row of it is."""
    from orchestration.cli import console
    from orchestration.submissions.contracts.registry import CONTRACTS
    from orchestration.submissions.layouts.registry import industry_layouts
    from orchestration.submissions.pages.template import datasets_page

    if out is None:
        names = [{"dataset": c.dataset, "filed by": ", ".join(c.filed_by), "one row per": c.row_is}
                 for c in CONTRACTS.values()]  # fmt: skip
        console.show_records(names)
        for layout in industry_layouts():
            becomes = f"{layout.file_name} ({layout.title}) becomes {', '.join(layout.datasets)}."
            click.echo(f"{becomes} {layout.note}".rstrip())
        return
    with _writing(out):
        out.write_text(datasets_page(CONTRACTS.values()), encoding="utf-8")
    click.echo(f"Wrote {out}.")


@corridor.command()
@as_json
def status(as_json: bool) -> None:
    """What is current, public sources, and the calendar of partners, datasets and periods.

    Of a source: last looked at, last changed, newest month, and whether any of its pages is out of use.
    """
    from orchestration.cli import console
    from orchestration.core.settings import load_settings

    record = console.status_record(load_settings())
    if as_json:
        click.echo(json.dumps(record, default=str))
    else:
        console.show_status(record)


@corridor.command()
@click.argument("kpi_id", metavar="KPI")
@click.option("--period", required=True, help="YYYY, YYYY-Qn or YYYY-MM.")
@click.option("--dimension", "dimension_value", help="A part, such as outbound or USLAX; else the whole corridor.")
@click.option("--method", "method_id", help="Another method than the KPI's first.")
@as_json
def explain(kpi_id: str, period: str, dimension_value: str | None, method_id: str | None, as_json: bool) -> None:
    """What is behind a figure of the current release: formula, factors, submissions, largest contributions.

    For those who may see what partners filed; it names them.
    """
    from orchestration.core.settings import load_settings
    from orchestration.explain.record import explain_cell
    from orchestration.explain.text import show_explanation

    record = explain_cell(load_settings(), kpi_id, period, dimension_value, method_id)
    if as_json:
        click.echo(json.dumps(record))
    else:
        show_explanation(record)


@corridor.command()
@click.option("--withdraw", metavar="ID", help="Take a published release back: `current` points at the one before it.")
@click.option("--reason", help="Why it is withdrawn; published with the next release.")
@as_json
def releases(withdraw: str | None, reason: str | None, as_json: bool) -> None:
    """Every release with its size on the disk, oldest first; or take one back."""
    from orchestration.cli import console
    from orchestration.core.clock import run_clock
    from orchestration.core.settings import load_settings
    from orchestration.defs.run import single_run
    from orchestration.release import retention

    settings = load_settings()
    if bool(withdraw) != bool(reason):
        raise click.UsageError("--withdraw and --reason belong together.")
    if withdraw and reason:
        with single_run(settings, lambda said: click.echo(said, err=True)):
            current = retention.withdraw(settings.releases, withdraw, reason, run_clock(settings).now)
        click.echo(f"{withdraw} is withdrawn. Current: {current or 'none, until a run publishes one'}.", err=as_json)
    records = console.release_records(settings)
    if as_json:
        click.echo(json.dumps(records))
    else:
        console.show_releases(records, settings)


@corridor.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--all", "everything", is_flag=True, help="Print every change, months and parts too.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the page of all changes (HTML).")
@as_json
def diff(old: str, new: str, everything: bool, out: Path | None, as_json: bool) -> None:
    """What changed from release A to release B (ids, or `current`), and why: each difference by its causes.

    For those who may see what partners filed; it names them. Where several causes meet, what lies between is computed.
    """
    from orchestration.cli import console
    from orchestration.compare import text
    from orchestration.compare.diff import compare
    from orchestration.core.settings import load_settings

    settings = load_settings()
    record = compare(settings, old, new, console.progress())
    if out is not None:
        with _writing(out):
            text.write_diff_page(settings, record, out)
    if as_json:
        click.echo(json.dumps(record))
    elif out is not None:
        click.echo(f"Wrote {out}.")
    else:
        text.show_diff(record, everything)


@corridor.command()
@click.argument("release_id", metavar="ID")
@as_json
def reproduce(release_id: str, as_json: bool) -> None:
    """Rebuild release ID (or `current`) from its recorded inputs and compare every public value. Exit 1 if any differs.

    It writes nothing into the home and waits for no run.
    """
    from orchestration.cli import console
    from orchestration.compare.reproduce import reproduce as rebuild
    from orchestration.compare.text import show_reproduction
    from orchestration.core.settings import load_settings

    record = rebuild(load_settings(), release_id, console.progress())
    if as_json:
        click.echo(json.dumps(record))
    else:
        show_reproduction(record)
    sys.exit(0 if record["equal"] else 1)


@corridor.command()
@click.argument("check", metavar="CHECK")
@click.option("--release", "release_id", required=True, metavar="ID", help="The refused candidate.")
@click.option("--reason", required=True, help="Why its figures are right; published with the release.")
@click.option("--by", required=True, help="Who decides; published with the release.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day it counts; 30 days from today if not given.")
def approve(check: str, release_id: str, reason: str, by: str, until: datetime | None) -> None:
    """Decide that what CHECK refused may be published: these very values, by this check alone."""
    from orchestration.core.clock import run_clock
    from orchestration.core.settings import load_settings
    from orchestration.gate import approvals

    settings = load_settings()
    today = run_clock(settings).now.date()
    approval, path = approvals.approve(
        settings, check, release_id, reason=reason, by=by, today=today, until=_day(until)
    )
    click.echo(f"Approved until {approval.until}: {check} on {approval.observed}. Kept in {path}. Next: corridor run")


@corridor.command()
@click.option("--scale", default="1", show_default=True, help="Size: a number, 1 being the committed sample, or tiny.")
@click.option("--seed", default=1, show_default=True, type=int)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The home to write.")
def sample(scale: str, seed: int, out: Path) -> None:
    """Write a fictional home to try things on; the same scale and seed give the same bytes."""
    from orchestration.sample import home

    home.write_home(out, scale, seed)
    click.echo(f"Wrote {out}. Next: CORRIDOR_HOME={out} corridor run")


@corridor.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Write a commented corridor.toml to start from."""
    starter = Path(__file__).with_name("starter.toml").read_text(encoding="utf-8")
    target = folder / "corridor.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(starter)
    except FileExistsError:
        raise CorridorError(f"{target} exists already and was left as it is.") from None
    except OSError as error:
        raise CorridorError(f"{target} cannot be written: {error.strerror}.") from None
    click.echo(f"Wrote {target}. Edit it, then: CORRIDOR_HOME={folder} corridor status")


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CorridorError(f"{path} cannot be written: {error.strerror or error}.") from None


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def main() -> None:
    """The console script: an error its reader can mend is one clear message, never a traceback."""
    try:
        corridor.main(prog_name="corridor")
    except CorridorError as error:
        click.echo(f"corridor: {error}", err=True)
        sys.exit(3 if isinstance(error, GateRefusedError) else 1)
