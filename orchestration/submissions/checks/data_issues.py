"""Data issues that the warehouse found in partners' current submissions when it compared them with others.

Belongs here: reading data issues from the current release, grouped by partner.
Does not belong here: how they are found (dbt), or what a check of one file alone finds (`table_check.py`).
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.core.query import Record, records
from orchestration.submissions.receipt import Receipt

DATA_ISSUES = """
    select submission_id, check_name as rule, severity, observed, expected, failing_count
    from marts.fct_data_issues where submission_id is not null order by severity, check_name, submission_id
"""


def data_issues_by_partner(warehouse: Path, current: Mapping[str, Receipt]) -> dict[str, list[Record]]:
    """Read the data issues of current submissions, grouped by partner. Empty before the first release.

    Args:
        warehouse: The warehouse file of the current release.
        current: The receipts of the current submissions, by submission id.
    """
    if not warehouse.is_file():
        return {}
    with duckdb.connect(str(warehouse), read_only=True) as con:
        data_issues = records(con, DATA_ISSUES)
    by_partner: dict[str, list[Record]] = {}
    for data_issue in data_issues:
        receipt = current.get(data_issue["submission_id"])
        if receipt and receipt.partner_id:
            about = {"dataset": receipt.dataset, "period": receipt.period}
            by_partner.setdefault(receipt.partner_id, []).append({**about, **data_issue})
    return by_partner
