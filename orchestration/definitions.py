"""The whole graph on one screen.

Belongs here: the list of assets, jobs, schedules, sensors and resources.
Does not belong here: any step, or any work at import; `defs` is built when Dagster asks for it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.core.settings import DBT_PROJECT_DIR, Settings, load_settings
from orchestration.defs.assets import accepted, corridor, throughput
from orchestration.defs.candidate import build_candidate_asset, release
from orchestration.defs.jobs import main_job
from orchestration.defs.resources import launched_run
from orchestration.defs.schedules import daily_schedule
from orchestration.defs.sensors import failure_alert
from orchestration.warehouse.dbt_assets import build_warehouse


def build_defs(
    settings: Settings,
    resources: Mapping[str, Any] | None = None,
    loggers: Mapping[str, dg.LoggerDefinition] | None = None,
    dbt_project_dir: Path = DBT_PROJECT_DIR,
) -> dg.Definitions:
    """Build the graph for one home.

    Args:
        settings: The home.
        resources: Resources that replace the usual ones of the same name.
        loggers: Loggers that replace Dagster's own.
        dbt_project_dir: The dbt project of the warehouse.
    """
    return dg.Definitions(
        assets=[
            accepted,
            corridor,
            throughput,
            build_warehouse(settings, dbt_project_dir),
            build_candidate_asset(),
            release,
        ],
        jobs=[main_job],
        schedules=[daily_schedule],
        sensors=[failure_alert],
        resources={"run": launched_run, **(resources or {})},
        executor=dg.in_process_executor,
        loggers=loggers,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Load the graph of the home that CORRIDOR_HOME names, for Dagster's own tools."""
    return build_defs(load_settings())
