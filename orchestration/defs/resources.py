"""The run as a Dagster resource, for a job that Dagster launches.

Belongs here: the resource and its configuration. Does not belong here: what the steps share (`run.py`), or a run
without a daemon (`cli/local_run.py`).
"""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from orchestration.core.home_lock import hold_home_lock
from orchestration.core.settings import load_settings
from orchestration.defs.run import Run, open_run
from orchestration.defs.run_inputs import gather_run_inputs

RUN_CONFIG = {
    "as_of": dg.Field(str, is_required=False, description="Use only what had arrived by this day, YYYY-MM-DD (UTC)."),
    "dry_run": dg.Field(bool, default_value=False, description="Build and check a candidate, but do not publish it."),
    "full_refresh": dg.Field(
        bool, default_value=False, description="Rebuild the tables that dbt builds in increments."
    ),
}


@dg.resource(config_schema=RUN_CONFIG, description="One run: the home lock, the clock, the gate's process.")
def launched_run(context: dg.InitResourceContext) -> Iterator[Run]:
    """Open the run of a job that Dagster launched; hold the home lock from the first step to the last."""
    config = context.resource_config
    as_of = date.fromisoformat(config["as_of"]) if "as_of" in config else None
    settings = load_settings()
    report_progress = context.log.info if context.log else print
    with (
        hold_home_lock(settings, report_progress),
        open_run(
            settings,
            gather_run_inputs(settings, as_of),
            dry_run=config["dry_run"],
            full_refresh=config["full_refresh"],
        ) as run,
    ):
        yield run
