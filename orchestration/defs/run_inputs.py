"""The question what is new: fetch public pages, list inboxes, and compare with the current release.

Belongs here: the inputs of one run, and whether they were published or withdrawn before.
Does not belong here: the digest of the inputs (`inputs_digest.py`), or any step of the graph.
"""

import json
from dataclasses import dataclass
from datetime import date

from orchestration.core.alerts import alert
from orchestration.core.clock import RunClock, run_clock
from orchestration.core.settings import Settings
from orchestration.defs.inputs_digest import inputs_digest
from orchestration.release.release_folder import ReleasesRoot
from orchestration.release.retention import Withdrawal, withdrawn_with
from orchestration.submissions.inboxes.partner_folders import PartnerFolders, open_partner_folders
from orchestration.throughput.fetch import Fetched, fetch_sources
from orchestration.throughput.sources.source import page_check


@dataclass(frozen=True)
class RunInputs:
    """The inputs of one run.

    Attributes:
        clock: The as-of day and the moment of the run.
        fetched: Public pages, as they were fetched for this run.
        folders: The partners' folders, opened and listed for this run.
        inputs_digest: Digest of everything that a published value depends on.
        is_published: True if the current release was made from inputs with the same digest.
        withdrawn: The release that was made from inputs with the same digest and later withdrawn.
    """

    clock: RunClock
    fetched: Fetched
    folders: PartnerFolders
    inputs_digest: str
    is_published: bool
    withdrawn: Withdrawal | None = None


def gather_run_inputs(settings: Settings, as_of: date | None = None) -> RunInputs:
    """Fetch public pages, list inboxes, and find out whether the current release was made from the same inputs.

    The caller must hold the home lock, because changed pages are written to the lake. A page that cannot be read is
    reported in `fetched`.

    Raises:
        CorridorError: No inbox at all can be read.
    """
    clock = run_clock(settings, as_of)
    fetched = fetch_sources(settings, clock)
    _send_page_alerts(settings, fetched)
    folders = open_partner_folders(settings)
    digest = inputs_digest(settings, clock, folders)
    is_published = digest == _published_digest(settings)
    withdrawn = None if is_published else withdrawn_with(settings.releases, digest)
    return RunInputs(clock, fetched, folders, digest, is_published, withdrawn)


def _send_page_alerts(settings: Settings, fetched: Fetched) -> None:
    """Alert people to pages that have just become unusable.

    If the alert cannot be delivered, the run goes on and reports that as a failed check.
    """
    if not fetched.new_problems:
        return
    # Imported here because httpx is slow to import.
    import httpx

    try:
        alert(settings.file.alerts.webhook_env, "\n".join(fetched.new_problems))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        message = f"The webhook failed, so nobody was alerted to {len(fetched.new_problems)} problems with public pages"
        fetched.problems.append(f"{message} ({type(error).__name__}).")
        fetched.check_results.append(
            page_check(
                "alert_is_delivered", "alerts", "warning", type(error).__name__, "an answer of 2xx", f"{message}."
            )
        )


def _published_digest(settings: Settings) -> str | None:
    try:
        manifest = json.loads(ReleasesRoot(settings.releases).current.manifest.read_text(encoding="utf-8"))
        return str(manifest["inputs_digest"])
    except (OSError, ValueError, KeyError):
        return None
