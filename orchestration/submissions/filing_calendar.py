"""The calendar of partners, datasets and periods: received, accepted, late, missing, superseded.

Belongs here: handing duties and receipts to `calendar.sql`. Does not belong here: how a calendar looks (console).
"""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.core.query import quoted, records, sql_of
from orchestration.core.settings import Settings


def filing_calendar(settings: Settings, index: Path, as_of: date) -> list[dict[str, Any]]:
    """One record a partner, dataset and period due or over by as_of: period, due, state, counts, submission_id.

    state: accepted, late, either `, partly`; refused, missing, not due. index: the lake's index of receipts.
    """
    duties = [
        (partner.id, dataset, duty.period, duty.due_day)
        for partner in settings.file.partners
        for dataset, duty in partner.datasets.items()
    ]
    sql = sql_of("submissions/filing_calendar")
    with duckdb.connect() as con:
        con.execute("create table duties (partner_id text, dataset text, period_grain text, due_day integer)")
        con.executemany("insert into duties values (?, ?, ?, ?)", duties)
        con.execute(f"create view received as select * from read_parquet({quoted(index)})")
        con.execute(f"create table moment as select date '{as_of}' as as_of")
        return records(con, sql)
