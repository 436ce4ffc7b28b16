"""What Dagster watches for while no run is due.

Belongs here: the alert about a failed run. Does not belong here: how an alert is sent (`core/alerts.py`).
"""

import dagster as dg

from orchestration.core.alerts import alert
from orchestration.core.settings import load_settings
from orchestration.defs.jobs import main_job


@dg.run_failure_sensor(monitored_jobs=[main_job], default_status=dg.DefaultSensorStatus.RUNNING)
def failure_alert(context: dg.RunFailureSensorContext) -> None:
    """Send an alert that a run failed, or that the gate refused its candidate."""
    alert(load_settings().file.alerts.webhook_env, context.failure_event.message or "The run failed.")
