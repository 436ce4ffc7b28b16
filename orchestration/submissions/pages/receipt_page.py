"""A receipt as a page for the person who mends the file. Does not belong here: what a receipt says."""

from orchestration.core.pages import render
from orchestration.submissions.checks.totals import total_in_words
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.receipt import Finding, Receipt, visible

# Beyond this a page is no help; the JSON beside it has more.
FINDINGS_SHOWN = 500


def receipt_page(receipt: Receipt) -> bytes:
    """HTML in UTF-8; everything a sender wrote is escaped."""
    errors_last = sorted(receipt.findings, key=lambda found: found["severity"] == "error")
    marks = {(found["row_number"], found["column"]): found["severity"] for found in errors_last}
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


def _by_kind(findings: list[Finding]) -> list[tuple[tuple[str, str], list[Finding]]]:
    """Findings by rule and column, the most frequent first."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for found in findings:
        kinds.setdefault((str(found["rule"]), str(found["column"])), []).append(found)
    return sorted(kinds.items(), key=lambda kind: -len(kind[1]))
