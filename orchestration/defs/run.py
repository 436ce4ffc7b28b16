"""What every step of one run shares.

Belongs here: the run's settings, inputs and gate process. Does not belong here: any step, or anything of Dagster,
which is slow to import: the gate's process starts before that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from orchestration.core.clock import RunClock
from orchestration.core.settings import Settings
from orchestration.defs.run_inputs import RunInputs
from orchestration.gate.gate_process import GateWorker


@dataclass(frozen=True)
class Run:
    """What every step of one run shares."""

    settings: Settings
    inputs: RunInputs
    gate: GateWorker
    dry_run: bool = False
    full_refresh: bool = False

    @property
    def clock(self) -> RunClock:
        """The as-of day and the moment of the run."""
        return self.inputs.clock


@contextmanager
def open_run(
    settings: Settings, inputs: RunInputs, *, dry_run: bool = False, full_refresh: bool = False
) -> Iterator[Run]:
    """Open a run whose gate process imports Great Expectations while the steps before the gate are running.

    Args:
        settings: The home.
        inputs: The inputs of the run.
        dry_run: Build and check a candidate, but do not publish it.
        full_refresh: Rebuild the tables that dbt builds in increments.
    """
    with GateWorker(settings.file.gate) as gate:
        yield Run(settings, inputs, gate, dry_run=dry_run, full_refresh=full_refresh)
