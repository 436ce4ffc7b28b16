"""Commands of those who run the pipeline: run, status, releases, approve.

Belongs here: their options, help and order of calls. Does not belong here: any work, or how a table is printed.
"""

import json
from datetime import datetime

import click

from orchestration.cli.options import as_json, day_of


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Use only what had arrived by this day (UTC).")
@click.option("--dry-run", is_flag=True, help="Build and check a candidate, but do not publish it.")
@click.option("--full-refresh", is_flag=True, help="Rebuild everything, even if there is nothing new.")
@click.option("--reparse", is_flag=True, help="First parse every public page ever fetched again, with today's parsers.")
@click.option("--wait", type=float, default=600, show_default=True, help="Seconds to wait until another run has ended.")
@as_json
def run(as_of: datetime | None, dry_run: bool, full_refresh: bool, reparse: bool, wait: float, as_json: bool) -> None:
    """Take in what is new, compute, check, and publish a release."""
    from orchestration.cli.local_run import RunOptions, run_once
    from orchestration.cli.run_report import outcome_record, print_outcome
    from orchestration.core.home_lock import hold_home_lock
    from orchestration.core.settings import load_settings
    from orchestration.core.terminal import report_on_stderr

    settings = load_settings()
    report_progress = report_on_stderr()
    options = RunOptions(as_of=day_of(as_of), dry_run=dry_run, full_refresh=full_refresh, reparse=reparse)
    with hold_home_lock(settings, report_progress, wait):
        outcome = run_once(settings, report_progress, options)
    if as_json:
        click.echo(json.dumps(outcome_record(outcome)))
    else:
        print_outcome(outcome, settings)


@click.command()
@as_json
def status(as_json: bool) -> None:
    """Show the current release, the public sources and the filing calendar.

    Of each source it shows the last fetch, the last change, the newest month, and whether any of its pages is not
    in use. The filing calendar shows what each partner has filed, by dataset and period.
    """
    from orchestration.cli.status_report import print_status, status_record
    from orchestration.core.settings import load_settings

    record = status_record(load_settings())
    if as_json:
        click.echo(json.dumps(record, default=str))
    else:
        print_status(record)


@click.command()
@click.option("--withdraw", metavar="ID", help="Withdraw a published release; the one before it becomes current.")
@click.option("--reason", help="Why the release is withdrawn; published with the next release.")
@as_json
def releases(withdraw: str | None, reason: str | None, as_json: bool) -> None:
    """List every release with its size on disk, oldest first, or withdraw one."""
    from orchestration.cli.release_list import print_releases, release_records
    from orchestration.core.clock import run_clock
    from orchestration.core.home_lock import hold_home_lock
    from orchestration.core.settings import load_settings
    from orchestration.release import retention

    settings = load_settings()
    if bool(withdraw) != bool(reason):
        raise click.UsageError("--withdraw and --reason must be given together.")
    if withdraw and reason:
        with hold_home_lock(settings, lambda message: click.echo(message, err=True)):
            current = retention.withdraw(settings.releases, withdraw, reason, run_clock(settings).now)
        click.echo(f"{withdraw} is withdrawn. Current: {current or 'none, until a run publishes one'}.", err=as_json)
    records = release_records(settings)
    if as_json:
        click.echo(json.dumps(records))
    else:
        print_releases(records, settings)


@click.command()
@click.argument("check", metavar="CHECK")
@click.option("--release", "release_id", required=True, metavar="ID", help="The refused candidate.")
@click.option("--reason", required=True, help="Why its figures are right; published with the release.")
@click.option("--by", required=True, help="Who decides; published with the release.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the approval; by default 30 days ahead.")
def approve(check: str, release_id: str, reason: str, by: str, until: datetime | None) -> None:
    """Approve the publication of what CHECK refused.

    The approval covers exactly the values that this check refused, and no other check.
    """
    from orchestration.core.clock import run_clock
    from orchestration.core.settings import load_settings
    from orchestration.gate import approvals

    settings = load_settings()
    today = run_clock(settings).now.date()
    request = approvals.ApprovalRequest(check, release_id, reason=reason, by=by, until=day_of(until))
    approval, path = approvals.approve(settings, request, today)
    click.echo(
        f"Approved until {approval.until}: {check} on {approval.observed}. Recorded in {path}. Next: corridor run"
    )


COMMANDS = (run, status, releases, approve)
