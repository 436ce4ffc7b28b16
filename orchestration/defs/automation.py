"""When the graph runs without being asked, and who hears that it failed.

Belongs here: the job, its schedule, the alert. Does not belong here: the assets, or how a run is made.
"""

import dagster as dg

from orchestration.core.alerts import alert
from orchestration.core.settings import load_settings
from orchestration.defs.run import look_for_news, single_run

main_job = dg.define_asset_job("main_job", selection=dg.AssetSelection.all(), description="From files to a release.")


@dg.schedule(job=main_job, cron_schedule="0 5 * * *", execution_timezone="UTC")
def daily_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Every morning, unless the current release was made from exactly what is there."""
    settings = load_settings()
    with single_run(settings, context.log.info, wait_seconds=0):
        news = look_for_news(settings)
        if news.is_published:
            return dg.SkipReason("Nothing new: the current release was made from these inputs, settings and code.")
        if news.withdrawn:
            return dg.SkipReason(f"Release {news.withdrawn.release_id}, made from just these inputs, was withdrawn.")
    return dg.RunRequest()


@dg.run_failure_sensor(monitored_jobs=[main_job], default_status=dg.DefaultSensorStatus.RUNNING)
def failure_alert(context: dg.RunFailureSensorContext) -> None:
    """Tell the webhook of [alerts] that a run failed, or that the gate refused its candidate."""
    alert(load_settings().file.alerts.webhook_env, context.failure_event.message or "The run failed.")
