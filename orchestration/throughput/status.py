"""How each public source stands: last looked at, last changed, newest month, what is out of use.

Belongs here: reading that from the lake, without the network. Does not belong here: how it is shown (console).
"""

from typing import Any

import duckdb

from orchestration.core.lake import Lake
from orchestration.core.settings import Settings
from orchestration.throughput.fetch import looks_of
from orchestration.throughput.vintages import NEWEST, load_vintages

NEWEST_MONTH = """
    select strftime(max(period_start), '%Y-%m') from held where period_grain = 'month' and teu is not null
"""


def source_states(settings: Settings) -> list[dict[str, Any]]:
    """One record a source of corridor.toml, moments as ISO 8601 in UTC; None: not yet.

    quarantined: pages of which the newest reading is not believed. unreachable_since: the first of the looks in a row
    that failed. troubles: both, in words.
    """
    lake = Lake(settings.lake)
    states = []
    for source in settings.file.sources:
        looks = looks_of(lake, source.id)
        failing = [look.since for look in looks if look.is_trouble and look.outcome != "quarantined"]
        states.append(
            {
                "source_id": source.id,
                "kind": source.kind,
                "looked_at": max((look.looked_at for look in looks), default=None),
                "changed_at": max((look.changed_at for look in looks if look.changed_at), default=None),
                "newest_month": _newest_month(lake, source.id),
                "quarantined": [look.page for look in looks if look.errors],
                "unreachable_since": min(failing, default=None),
                "troubles": [trouble for look in looks for trouble in look.troubles],
            }
        )
    return states


def _newest_month(lake: Lake, source_id: str) -> str | None:
    with duckdb.connect() as con:
        load_vintages(con, "held", lake.vintage_files(source_id), NEWEST)
        newest = con.execute(NEWEST_MONTH).fetchone()
    return str(newest[0]) if newest and newest[0] else None
