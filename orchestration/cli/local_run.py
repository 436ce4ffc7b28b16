"""How Dagster and a run meet: a run as the resource of a launched job, and the job executed in this process.

Belongs here: the run's resource, its log on a terminal, in-process execution.
Does not belong here: what a run is (run), what the job consists of (definitions).
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import dagster as dg

from orchestration.core.settings import load_settings
from orchestration.defs.run import Run, Say, look_for_news, open_run, single_run
from orchestration.release.candidate import Candidate

RUN_CONFIG = {
    "as_of": dg.Field(str, is_required=False, description="Know only what was known on this day, YYYY-MM-DD (UTC)."),
    "dry_run": dg.Field(bool, default_value=False, description="Build and audit a candidate; publish nothing."),
    "full_refresh": dg.Field(bool, default_value=False, description="Rebuild what is built in steps."),
}


@dg.resource(config_schema=RUN_CONFIG, description="One run: the lock, the clock, the gate's worker.")
def launched_run(context: dg.InitResourceContext) -> Iterator[Run]:
    """The run of a job that Dagster itself launched. The lock is held from the first step to the last."""
    config = context.resource_config
    as_of = date.fromisoformat(config["as_of"]) if "as_of" in config else None
    settings = load_settings()
    say = context.log.info if context.log else print
    with (
        single_run(settings, say),
        open_run(
            settings,
            look_for_news(settings, as_of),
            dry_run=config["dry_run"],
            full_refresh=config["full_refresh"],
        ) as run,
    ):
        yield run


@contextmanager
def own_instance(hear: Callable[[dg.EventLogEntry], None] = lambda event: None) -> Iterator[dg.DagsterInstance]:
    """Dagster for a run in this process, which keeps no events: hear is told each, and none can be asked for later."""
    with dg.DagsterInstance.ephemeral() as instance:
        # To store one takes 2 ms, a tenth of a run in all.
        instance.event_log_storage.store_event = hear  # type: ignore[assignment, method-assign]
        # Half a million objects of imported libraries stay anyway: looking through them costs 2 s of a run.
        gc.freeze()
        try:
            yield instance
        finally:
            gc.unfreeze()


def materialise(run: Run, say: Say) -> Path:
    """Execute the whole graph in this process, keeping none of its events; say hears what the steps log.

    Returns the folder of the release, or of a dry run's candidate. Raises what the failing step raised.
    """
    from orchestration.definitions import build_defs

    defs = build_defs(run.settings, resources={"run": run}, loggers={"console": _logger(say)})
    with own_instance() as instance:
        result = defs.resolve_job_def("main_job").execute_in_process(
            instance=instance, run_config={"loggers": {"console": {}}}
        )
    candidate: Candidate = result.output_for_node("candidate")
    return candidate.path if run.dry_run else run.settings.current.resolve()


def _logger(say: Say) -> dg.LoggerDefinition:
    """Steps' own messages only: what Dagster says about itself is for its instance."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            own = getattr(record, "dagster_meta", {})
            if not own.get("dagster_event"):
                say(own.get("orig_message") or record.getMessage())

    def make(context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("corridor", logging.INFO)
        logger.addHandler(Handler())
        return logger

    return dg.LoggerDefinition(make)
