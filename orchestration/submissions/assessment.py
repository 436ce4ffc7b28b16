"""The verdict on one file: its name, its format, its rows, in one receipt.

Belongs here: from bytes at a path to a judged receipt, and the rows that go with it.
Does not belong here: what earlier submissions mean for this one, or what happens when judging goes wrong.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.core.corridor_file import Limits
from orchestration.core.lake import Lake
from orchestration.core.query import quoted
from orchestration.submissions.checks import table_check as check
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.file_name import FileName
from orchestration.submissions.formats.green_button import as_terminal_energy
from orchestration.submissions.formats.ovd import from_ovd
from orchestration.submissions.formats.reading import read
from orchestration.submissions.receipt import ACCEPTED, Decision, Receipt, Refusal


@dataclass(frozen=True)
class Case:
    """One file to be judged. problem: why it is refused unread. lake: where its rows are kept; None: nowhere."""

    path: Path
    name: FileName
    draft: Receipt
    limits: Limits
    problem: Refusal | None = None
    lake: Path | None = None


def judge(con: duckdb.DuckDBPyConnection, scratch: Path, case: Case) -> Receipt:
    """The draft with its verdict, counts and findings; its rows are in the lake of the case when this returns."""
    verdict: Decision
    try:
        if case.problem or case.name.problem:
            raise case.problem or case.name.problem or AssertionError
        checked = _check_content(con, scratch, case)
        verdict, message = _verdict(checked, case.limits)
    except Refusal as refusal:
        check.start_findings(con, [refusal.finding])
        checked = check.Checked(refusal.rows_read, refusal.rows_read, [], [refusal.finding], 1)
        verdict, message = "refused", f"Refused: {refusal}"
    receipt = replace(
        case.draft,
        verdict=verdict,
        message=message,
        rows_read=checked.rows_read,
        rows_accepted=checked.rows_read - checked.rows_rejected if verdict != "refused" else 0,
        rows_rejected=checked.rows_rejected if verdict != "refused" else checked.rows_read,
        columns_ignored=checked.columns_ignored,
        findings=checked.findings,
        findings_total=checked.findings_total,
        bad_rows=checked.bad_rows,
        contract_version=checked.contract_version or _version(case.name),
    )
    if case.lake:
        _keep_rows(con, Lake(case.lake), receipt)
    return receipt


def _version(name: FileName) -> int | None:
    return CONTRACTS[name.dataset].version if name.dataset else None


def _check_content(con: duckdb.DuckDBPyConnection, scratch: Path, case: Case) -> check.Checked:
    assert case.name.dataset and case.name.period
    check.set_threads(con, case.path.stat().st_size)
    table = read(case.path, case.name.extension, scratch, case.limits)
    if case.name.extension.startswith("xml"):
        table = as_terminal_energy(table, case.name.free_text, case.name.period)
    elif case.name.layout:
        name, sha256 = case.name, case.draft.content_sha256
        table = from_ovd(con, table, case.name.dataset, case.name.period, name.free_text, sha256)
    return check.check_table(con, CONTRACTS[case.name.dataset], case.name.period, table, case.limits)


def _verdict(checked: check.Checked, limits: Limits) -> tuple[Decision, str]:
    read, rejected = checked.rows_read, checked.rows_rejected
    if read and rejected == read:
        none = "its only row is wrong" if read == 1 else f"none of its {read:,} rows is right"
        return "refused", f"Refused: {none}."
    if rejected > limits.max_rejected_share * read:
        most = f"{limits.max_rejected_share:.0%}"
        message = f"Refused: {rejected:,} of {read:,} rows are wrong, more than the {most} allowed."
        return "refused", f"{message} Nothing was accepted."
    if rejected:
        message = f"Accepted {read - rejected:,} of {read:,} rows; correct the others and send the whole file again."
        return "partly_accepted", message
    if checked.findings_total:
        return "accepted_with_warnings", f"Accepted {_rows(read)}, with warnings."
    return "accepted", f"Accepted {_rows(read)}."


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _keep_rows(con: duckdb.DuckDBPyConnection, lake: Lake, receipt: Receipt) -> None:
    """Write the findings and the accepted rows of the file just judged."""
    if not receipt.dataset or not receipt.partner_id:
        return
    own = receipt.submission_id
    if receipt.findings_total:
        some_rejected = receipt.verdict in ACCEPTED and receipt.rows_rejected > 0
        rows = check.rejected_rows(CONTRACTS[receipt.dataset], own, receipt.partner_id, some_rejected)
        lake.copy_rows(con, rows, lake.rejected_path(receipt.dataset, own))
    if receipt.verdict in ACCEPTED:
        values = {
            "partner_id": _constant(receipt.partner_id),
            "submission_id": _constant(own),
            "period": _constant(receipt.period or ""),
            "received_at": f"timestamp {quoted(receipt.received_at.rstrip('Z'))}",
            "row_number": "row_number",
        }
        rows = check.accepted_rows(CONTRACTS[receipt.dataset], values, receipt.rows_rejected > 0)
        lake.copy_rows(con, rows, lake.accepted_path(receipt.dataset, own))


def _constant(text: str) -> str:
    """SQL: the same text in every row. As the one value of an enum it is written without being looked up in each."""
    return f"{quoted(text)}::enum ({quoted(text)})"
