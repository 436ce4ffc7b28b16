"""Assess one file: read it, check it, decide its submission status, and write its rows.

Belongs here: the way from bytes at a path to a receipt, and the rows that go with it.
Does not belong here: what earlier submissions mean for this one (`intake.py`), or what happens when an assessment
crashes or hangs (`assessment_worker.py`).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.core.corridor_file import Limits
from orchestration.core.lake import Lake
from orchestration.core.query import quoted
from orchestration.submissions.checks.connection import set_threads
from orchestration.submissions.checks.failed_checks import create_failed_checks
from orchestration.submissions.checks.lake_rows import accepted_rows, rejected_rows
from orchestration.submissions.checks.table_check import Checked, check_table
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.file_name import FileName
from orchestration.submissions.formats.reading import read
from orchestration.submissions.layouts.layout import Filing
from orchestration.submissions.receipt import ACCEPTED, Receipt, Refusal, SubmissionStatus


@dataclass(frozen=True)
class Case:
    """One dataset of a file that is to be assessed.

    draft: the receipt so far. problem: why the file is refused without being read.
    lake: the folder to which the rows are written; None if they are not stored.
    """

    path: Path
    name: FileName
    draft: Receipt
    limits: Limits
    problem: Refusal | None = None
    lake: Path | None = None


def assess(con: duckdb.DuckDBPyConnection, scratch: Path, case: Case) -> Receipt:
    """Return the receipt of a file. Its rows are in the lake of the case when this returns.

    Args:
        con: A connection for checking files.
        scratch: A folder for temporary files.
        case: The file.
    """
    status: SubmissionStatus
    try:
        checked = _check_content(con, scratch, case)
        status, message = _status(checked, case.limits)
    except Refusal as refusal:
        create_failed_checks(con, [refusal.failed_check])
        checked = Checked(refusal.rows_read, refusal.rows_read, findings=[refusal.failed_check], findings_total=1)
        status, message = "refused", f"Refused: {refusal}"
    is_refused = status == "refused"
    receipt = replace(
        case.draft,
        verdict=status,
        message=message,
        rows_read=checked.rows_read,
        rows_accepted=0 if is_refused else checked.rows_read - checked.rows_rejected,
        rows_rejected=checked.rows_read if is_refused else checked.rows_rejected,
        columns_ignored=checked.columns_ignored,
        findings=checked.findings,
        findings_total=checked.findings_total,
        bad_rows=checked.bad_rows,
        contract_version=checked.contract_version or _version(case.name),
    )
    if case.lake:
        _write_rows(con, Lake(case.lake), receipt)
    return receipt


def _version(name: FileName) -> int | None:
    return CONTRACTS[name.dataset].version if name.dataset else None


def _check_content(con: duckdb.DuckDBPyConnection, scratch: Path, case: Case) -> Checked:
    name = case.name
    problem = case.problem or name.problem
    if problem:
        raise problem
    if not (name.dataset and name.period and name.layout):
        raise ValueError(f"the file name {case.draft.file_name} has neither a dataset nor a problem")
    set_threads(con, case.path.stat().st_size)
    table = read(case.path, name.extension, name.layout.readers, scratch, case.limits)
    if name.layout.convert:
        filing = Filing(name.dataset, name.period, name.free_text, case.draft.content_sha256)
        table = name.layout.convert(con, table, filing)
    return check_table(con, CONTRACTS[name.dataset], name.period, table, case.limits)


def _status(checked: Checked, limits: Limits) -> tuple[SubmissionStatus, str]:
    """Decide the submission status of a file that could be read, and say why."""
    read, rejected = checked.rows_read, checked.rows_rejected
    if read and rejected == read:
        which = "its only row is" if read == 1 else f"all of its {read:,} rows are"
        return "refused", f"Refused: {which} wrong. Correct the file and send it again."
    if rejected > limits.max_rejected_share * read:
        most = f"{limits.max_rejected_share:.0%}"
        message = f"Refused: {rejected:,} of {read:,} rows are wrong, more than the {most} allowed."
        return "refused", f"{message} Nothing was accepted. Correct the file and send it again."
    if rejected:
        message = f"Accepted {read - rejected:,} of {read:,} rows. Correct the others and send the whole file again."
        return "partly_accepted", message
    if checked.findings_total:
        return "accepted_with_warnings", f"Accepted {_rows(read)}, with warnings."
    return "accepted", f"Accepted {_rows(read)}."


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _write_rows(con: duckdb.DuckDBPyConnection, lake: Lake, receipt: Receipt) -> None:
    """Write the failed checks and the accepted rows of the file assessed last."""
    if not receipt.dataset or not receipt.partner_id:
        return
    contract, own = CONTRACTS[receipt.dataset], receipt.submission_id
    is_accepted = receipt.verdict in ACCEPTED
    if receipt.findings_total:
        some_rejected = is_accepted and receipt.rows_rejected > 0
        rows = rejected_rows(contract, own, receipt.partner_id, some_rejected)
        lake.copy_rows(con, rows, lake.rejected_path(receipt.dataset, own))
    if is_accepted:
        values = {
            "partner_id": _constant(receipt.partner_id),
            "submission_id": _constant(own),
            "period": _constant(receipt.period or ""),
            "received_at": f"timestamp {quoted(receipt.received_at.rstrip('Z'))}",
            "row_number": "row_number",
        }
        rows = accepted_rows(contract, values, receipt.rows_rejected > 0)
        lake.copy_rows(con, rows, lake.accepted_path(receipt.dataset, own))


def _constant(text: str) -> str:
    """Return SQL for the same text in every row. As an enum of one value it is written without a look-up per row."""
    return f"{quoted(text)}::enum ({quoted(text)})"
