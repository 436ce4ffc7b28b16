"""What the warehouse found in partners' standing submissions once they lay beside each other.

Belongs here: reading those findings out of the current release, by the partner whose file each is about.
Does not belong here: how they are found (dbt), or what one file alone shows (`check.py`).
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.core.query import Record, records
from orchestration.submissions.receipt import Receipt

FINDINGS = """
    select submission_id, check_name as rule, severity, observed, expected, failing_count
    from marts.fct_data_issues where submission_id is not null order by severity, check_name, submission_id
"""


def findings_by_partner(warehouse: Path, standing: Mapping[str, Receipt]) -> dict[str, list[Record]]:
    """Findings of the release's warehouse, by partner; only of submissions that still stand, by id.

    Empty where there is no release yet.
    """
    if not warehouse.is_file():
        return {}
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = records(con, FINDINGS)
    by_partner: dict[str, list[Record]] = {}
    for finding in found:
        receipt = standing.get(finding["submission_id"])
        if receipt and receipt.partner_id:
            said = {"dataset": receipt.dataset, "period": receipt.period, **finding}
            by_partner.setdefault(receipt.partner_id, []).append(said)
    return by_partner
