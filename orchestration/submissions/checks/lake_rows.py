"""The rows of the file checked last, as the lake stores them.

Belongs here: SQL that selects accepted rows and failed checks. Does not belong here: writing them.
"""

from collections.abc import Mapping

from orchestration.core.contract import Contract
from orchestration.core.lake import REJECTED_TYPES
from orchestration.core.query import quoted
from orchestration.submissions.checks.typed_rows import EMPTY


def accepted_rows(contract: Contract, lake_values: Mapping[str, str], some_rejected: bool) -> str:
    """Return SQL for the accepted rows.

    Args:
        contract: The contract of the dataset.
        lake_values: SQL for each column that the lake adds.
        some_rejected: Whether `rejected` has rows to leave out.
    """
    names = [f"{lake_values[name]} as {name}" if name in lake_values else name for name in contract.accepted_types]
    unless = " and row_number not in (select row_number from rejected)" if some_rejected else ""
    return f"select {', '.join(names)} from checked where state < {EMPTY}{unless}"


def rejected_rows(contract: Contract, submission_id: str, partner_id: str, some_rejected: bool) -> str:
    """Return SQL for the failed checks, in the order of the rows of the file.

    Args:
        contract: The contract of the dataset.
        submission_id: The submission, for the lake column of that name.
        partner_id: The partner, for the lake column of that name.
        some_rejected: Whether the legible cells of rejected rows are added.
    """
    values = {"submission_id": quoted(submission_id), "partner_id": quoted(partner_id)}
    names = [f"{values[name]} as {name}" if name in values else f"failed_checks.{name}" for name in REJECTED_TYPES]
    cells = [f"rejected.{name}" for name in contract.own_types] if some_rejected else []
    own = "coalesce(failed_checks.made_row, failed_checks.row_number)"
    joined = f"left join rejected on rejected.row_number = {own} and failed_checks.severity = 'error'" if cells else ""
    order = "failed_checks.row_number nulls first, failed_checks.place"
    return f"select {', '.join([*names, *cells])} from failed_checks {joined} order by {order}"
