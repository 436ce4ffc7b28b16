"""When the job runs by itself.

Belongs here: the daily schedule, and when it skips a day. Does not belong here: what a run does.
"""

import dagster as dg

from orchestration.core.home_lock import hold_home_lock
from orchestration.core.settings import load_settings
from orchestration.defs.jobs import main_job
from orchestration.defs.run_inputs import gather_run_inputs


@dg.schedule(job=main_job, cron_schedule="0 5 * * *", execution_timezone="UTC")
def daily_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Run every morning, unless a release was made from the same inputs, settings and code."""
    settings = load_settings()
    with hold_home_lock(settings, context.log.info, wait_seconds=0):
        inputs = gather_run_inputs(settings)
        if inputs.is_published:
            return dg.SkipReason("Nothing new: the current release was made from the same inputs, settings and code.")
        if inputs.withdrawn:
            return dg.SkipReason(
                f"Release {inputs.withdrawn.release_id} was made from the same inputs and was withdrawn."
            )
    return dg.RunRequest()
