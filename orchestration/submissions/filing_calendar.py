"""The filing calendar: what each partner has to file by period, and what it has filed.

Belongs here: giving corridor.toml and receipts to `filing_calendar.sql`.
Does not belong here: how a terminal shows the calendar (`cli/console.py`).
"""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.core.query import quoted, records, sql_of
from orchestration.core.settings import Settings


def filing_calendar(settings: Settings, index: Path, as_of: date) -> list[dict[str, Any]]:
    """Return one record per partner, dataset and period: period, due, state, counts and submission_id.

    The state is accepted or late, each also with `, partly`, or refused, missing, not due.

    Args:
        settings: The home.
        index: The lake's index of receipts.
        as_of: The day up to which receipts count, and periods have begun.
    """
    datasets = [
        (partner.id, dataset, agreed.period, agreed.due_day)
        for partner in settings.file.partners
        for dataset, agreed in partner.datasets.items()
    ]
    sql = sql_of("submissions/filing_calendar")
    with duckdb.connect() as con:
        con.execute("create table partner_datasets (partner_id text, dataset text, period_grain text, due_day integer)")
        con.executemany("insert into partner_datasets values (?, ?, ?, ?)", datasets)
        con.execute(f"create view receipts as select * from read_parquet({quoted(index)})")
        con.execute(f"create table moment as select date '{as_of}' as as_of")
        return records(con, sql)
