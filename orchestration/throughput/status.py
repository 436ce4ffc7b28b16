"""The state of each public source: last fetch, last change, newest month, pages out of use.

Belongs here: reading that from the lake, without the network. Does not belong here: how it is shown (`cli`).
"""

from typing import Any

import duckdb

from orchestration.core.lake import Lake
from orchestration.core.settings import Settings
from orchestration.throughput.fetch import fetch_records_of
from orchestration.throughput.vintages import NEWEST, load_vintages

NEWEST_MONTH = """
    select strftime(max(period_start), '%Y-%m') from current_figures where period_grain = 'month' and teu is not null
"""


def source_states(settings: Settings) -> list[dict[str, Any]]:
    """Return one record per source of corridor.toml. Moments are ISO 8601 in UTC; None means not yet.

    `quarantined` lists pages whose newest bytes are not accepted. `unreachable_since` is the first of the consecutive
    fetches that failed. `troubles` describes both in sentences.
    """
    lake = Lake(settings.lake)
    states = []
    for source in settings.file.sources:
        records = fetch_records_of(lake, source.id)
        failing = [record.since for record in records if record.is_problem and record.outcome != "quarantined"]
        states.append(
            {
                "source_id": source.id,
                "kind": source.kind,
                "looked_at": max((record.fetched_at for record in records), default=None),
                "changed_at": max((record.changed_at for record in records if record.changed_at), default=None),
                "newest_month": _newest_month(lake, source.id),
                "quarantined": [record.page for record in records if record.errors],
                "unreachable_since": min(failing, default=None),
                "troubles": [problem for record in records for problem in record.problems],
            }
        )
    return states


def _newest_month(lake: Lake, source_id: str) -> str | None:
    with duckdb.connect() as con:
        load_vintages(con, "current_figures", lake.vintage_files(source_id), NEWEST)
        newest = con.execute(NEWEST_MONTH).fetchone()
    return str(newest[0]) if newest and newest[0] else None
