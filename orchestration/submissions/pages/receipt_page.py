"""The page of a receipt, for the person who corrects the file.

Belongs here: what the page needs besides the receipt. Does not belong here: what a receipt says.
"""

from orchestration.core.pages import render
from orchestration.submissions.checks.totals import total_in_words
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.receipt import FailedCheck, Receipt, visible

# The number of failed checks on a page. The JSON of the receipt has more.
FINDINGS_SHOWN = 500


def receipt_page(receipt: Receipt) -> bytes:
    """Return the page in HTML as UTF-8. Everything that a sender wrote is escaped."""
    errors_last = sorted(receipt.findings, key=lambda check: check["severity"] == "error")
    marks = {(check["row_number"], check["column"]): check["severity"] for check in errors_last}
    contract = CONTRACTS.get(receipt.dataset or "")
    page = render(
        "submissions/pages/receipt.html.j2",
        sample=receipt.sample,
        receipt=receipt,
        shown_name=visible(receipt.file_name, 200),
        marks=marks,
        kinds=_by_kind(receipt.findings),
        most=FINDINGS_SHOWN,
        figure=total_in_words,
        elsewhere=contract.elsewhere if contract and receipt.rows_accepted else (),
    )
    return page.encode()


def _by_kind(failed_checks: list[FailedCheck]) -> list[tuple[tuple[str, str], list[FailedCheck]]]:
    """Group failed checks by rule and column, the most frequent first."""
    kinds: dict[tuple[str, str], list[FailedCheck]] = {}
    for check in failed_checks:
        kinds.setdefault((str(check["rule"]), str(check["column"])), []).append(check)
    return sorted(kinds.items(), key=lambda kind: -len(kind[1]))
