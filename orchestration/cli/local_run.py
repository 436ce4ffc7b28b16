"""A run in this process, without a Dagster daemon.

Belongs here: the question whether a run is needed, its outcome, faults of the disk.
Does not belong here: how Dagster executes the job (`job_execution.py`), or any step of it.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from orchestration.core.errors import CorridorError, GateRefusedError
from orchestration.core.settings import Settings
from orchestration.core.terminal import ReportProgress
from orchestration.defs.run import open_run
from orchestration.defs.run_inputs import gather_run_inputs
from orchestration.release.release_folder import ReleasesRoot
from orchestration.release.retention import Withdrawal
from orchestration.release.swap import current_id
from orchestration.throughput.reparse import reparse_pages

DISK_FAULTS = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS))


@dataclass(frozen=True)
class RunOptions:
    """What a run may be asked to do differently.

    Attributes:
        as_of: Use only what had arrived by this day; None means the day of the clock.
        dry_run: Build and check a candidate, but do not publish it.
        full_refresh: Run even if there is nothing new, and rebuild the tables that dbt builds in increments.
        reparse: First parse every public page ever fetched again.
    """

    as_of: date | None = None
    dry_run: bool = False
    full_refresh: bool = False
    reparse: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        release: The published release; without new inputs the current one; of a dry run the candidate.
        ended: Which of these it is.
        seconds: How long the run took.
        withdrawn: Without new inputs: the withdrawn release that was made from the same inputs.
    """

    release: Path
    ended: Literal["published", "nothing new", "dry run"]
    seconds: float
    withdrawn: Withdrawal | None = None


def run_once(settings: Settings, report_progress: ReportProgress, options: RunOptions) -> Outcome:
    """Execute the main job in this process, unless there is nothing new. The caller must hold the home lock.

    Args:
        settings: The home.
        report_progress: Receives one line for each step.
        options: What the run is asked to do differently.

    Raises:
        GateRefusedError: The gate refused the candidate.
        CorridorError: Any other fault that a user can correct.
    """
    started = time.monotonic()
    if options.reparse:
        for line in reparse_pages(settings):
            report_progress(line)
    inputs = gather_run_inputs(settings, options.as_of)
    if (inputs.is_published or inputs.withdrawn) and not (options.dry_run or options.full_refresh):
        for problem in inputs.fetched.problems:
            report_progress(problem)
        current = ReleasesRoot(settings.releases).current.path.resolve()
        return Outcome(current, "nothing new", time.monotonic() - started, inputs.withdrawn)
    with (
        _disk_faults_reported(settings),
        open_run(settings, inputs, dry_run=options.dry_run, full_refresh=options.full_refresh) as run,
    ):
        report_progress("Loading the graph")
        # Imported here because Dagster is slow to import, and a run without new inputs has ended by now.
        from orchestration.cli.job_execution import execute_main_job

        release = execute_main_job(run, report_progress)
    return Outcome(release, "dry run" if options.dry_run else "published", time.monotonic() - started)


@contextmanager
def _disk_faults_reported(settings: Settings) -> Iterator[None]:
    """Report a full disk or a lost permission in one message, whichever library met it first."""
    try:
        yield
    except GateRefusedError:
        raise
    except Exception as error:
        fault = next((words for words in DISK_FAULTS if words in str(error)), None)
        is_reported = isinstance(error, CorridorError) and "cannot be written" in str(error)
        if fault is None or is_reported:
            raise
        current = current_id(settings.releases)
        raise CorridorError(
            f"{settings.home} cannot be written: {fault}. Make room or restore the permission, and run again; "
            f"{f'release {current} stays current' if current else 'nothing is published yet'}."
        ) from error
