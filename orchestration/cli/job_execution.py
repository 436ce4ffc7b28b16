"""The main job executed in this process by Dagster.

Belongs here: the Dagster instance of such a run, and its log lines on a terminal.
Does not belong here: whether a run is needed (`local_run.py`), or what the job consists of (`definitions.py`).
"""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from orchestration.core.terminal import ReportProgress
from orchestration.definitions import build_defs
from orchestration.defs.run import Run
from orchestration.release.candidate import Candidate
from orchestration.release.release_folder import ReleasesRoot


def execute_main_job(run: Run, report_progress: ReportProgress) -> Path:
    """Execute the whole graph in this process; its events are stored in memory and dropped at the end.

    Args:
        run: The run, which the steps get as their resource.
        report_progress: Receives what the steps log.

    Returns:
        The folder of the release, or of the candidate if it is a dry run.

    Raises:
        Exception: Whatever the failing step raised.
    """
    defs = build_defs(run.settings, resources={"run": run}, loggers={"console": _console_logger(report_progress)})
    job = defs.resolve_job_def("main_job")
    with dg.DagsterInstance.ephemeral() as instance, _imports_left_out_of_garbage_collection():
        result = job.execute_in_process(instance=instance, run_config={"loggers": {"console": {}}})
    candidate: Candidate = result.output_for_node("candidate")
    return candidate.path if run.dry_run else ReleasesRoot(run.settings.releases).current.path.resolve()


@contextmanager
def _imports_left_out_of_garbage_collection() -> Iterator[None]:
    """Spare the garbage collector the half million objects of imported libraries, which cost 2 s of a run."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _StepMessages(logging.Handler):
    """Pass on what the steps log; leave out what Dagster logs about its own events."""

    def __init__(self, report_progress: ReportProgress) -> None:
        super().__init__()
        self._report_progress = report_progress

    def emit(self, record: logging.LogRecord) -> None:
        dagster_fields = getattr(record, "dagster_meta", {})
        if not dagster_fields.get("dagster_event"):
            self._report_progress(dagster_fields.get("orig_message") or record.getMessage())


def _console_logger(report_progress: ReportProgress) -> dg.LoggerDefinition:
    def make_logger(context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("corridor", logging.INFO)
        logger.addHandler(_StepMessages(report_progress))
        return logger

    return dg.LoggerDefinition(make_logger)
