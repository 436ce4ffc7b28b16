"""The whole graph on one screen: what comes in, the warehouse, the gate, the release, and what starts it.

Belongs here: the list. Does not belong here: any step, any work at import (`defs` is built when it is asked for).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.cli.local_run import launched_run
from orchestration.core.settings import DBT_PROJECT_DIR, Settings, load_settings
from orchestration.defs.assets import accepted, build_candidate_asset, corridor, release, throughput
from orchestration.defs.automation import daily_schedule, failure_alert, main_job
from orchestration.warehouse.dbt_assets import build_warehouse


def build_defs(
    settings: Settings,
    resources: Mapping[str, Any] | None = None,
    loggers: Mapping[str, dg.LoggerDefinition] | None = None,
    dbt_project_dir: Path = DBT_PROJECT_DIR,
) -> dg.Definitions:
    """The graph over one home; resources and loggers given here take the place of the usual ones."""
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
    """What Dagster's own tools load: the graph over the home that CORRIDOR_HOME names."""
    return build_defs(load_settings())
