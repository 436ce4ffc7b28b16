"""The assets that come before the warehouse: submissions, the corridor's tables, public statistics.

Belongs here: names, keys, order and log lines of these steps. Does not belong here: any work; each asset calls one
function of its room. Steps exchange data through files in the home.
"""

from collections import Counter
from collections.abc import Iterator

import dagster as dg

from orchestration.core.code_version import code_version
from orchestration.core.corridor_tables import CORRIDOR_SCHEMAS
from orchestration.core.lake import Lake
from orchestration.defs.run import Run
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.intake import take_in

Materialisations = Iterator[dg.MaterializeResult[None]]


def _parquet_assets(folder: str, tables: list[str]) -> list[dg.AssetSpec]:
    return [dg.AssetSpec([folder, table], group_name=folder, kinds={"parquet"}) for table in tables]


@dg.multi_asset(
    specs=_parquet_assets("accepted", list(CONTRACTS))
    + _parquet_assets("rejected", ["fuel_consumption", "port_calls", "terminal_energy"])
    + _parquet_assets("intake", ["submissions"])
)
def accepted(context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]) -> Materialisations:
    """Take in partners' submissions: read and check each new file, store its rows, write a receipt."""
    taken = take_in(run.settings, run.clock, run.inputs.folders)
    statuses = Counter(receipt.verdict for receipt in taken.receipts)
    counts = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in sorted(statuses.items()))
    context.log.info(f"Submissions: {counts or 'none new'}")
    for problem in taken.unreachable:
        context.log.warning(problem)
    for name in taken.waiting:
        context.log.info(f"{name} is still being written; the next run takes it in")
    for name in taken.gone:
        context.log.info(f"{name} was removed from the inbox; its submission remains in use")
    for key in sorted(context.selected_asset_keys):
        yield dg.MaterializeResult(asset_key=key)


@dg.multi_asset(specs=_parquet_assets("corridor", list(CORRIDOR_SCHEMAS)))
def corridor(context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]) -> Materialisations:
    """Write the tables of corridor.toml and the clock of the run to the lake."""
    Lake(run.settings.lake).write_corridor(run.settings, run.clock, code_version())
    for key in sorted(context.selected_asset_keys):
        yield dg.MaterializeResult(asset_key=key)


@dg.asset(key=["throughput", "observations"], group_name="throughput", kinds={"parquet"})
def throughput(context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]) -> dg.MaterializeResult[None]:
    """Report the public port statistics that were fetched when the inputs of the run were gathered."""
    fetched = run.inputs.fetched
    for result in fetched.check_results:
        context.log.warning(result.message)
    context.log.info(f"Public statistics: {len(fetched.written)} pages new, {len(fetched.unchanged)} unchanged")
    return dg.MaterializeResult(metadata={"new": fetched.written, "unchanged": fetched.unchanged})
