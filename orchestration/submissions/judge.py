"""The verdict on one file: its name, its format, its rows, in one receipt.

Belongs here: from bytes at a path to a judged receipt.
Does not belong here: keeping anything, or what earlier submissions mean for this one.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.settings import Limits
from orchestration.submissions import check
from orchestration.submissions.contracts import CONTRACTS
from orchestration.submissions.formats.csv import read_csv, unpack_gzip
from orchestration.submissions.inbox import FileName
from orchestration.submissions.receipt import Receipt, Refusal, Verdict


def judge(
    con: duckdb.DuckDBPyConnection,
    scratch: Path,
    path: Path,
    name: FileName,
    draft: Receipt,
    limits: Limits,
    permit: Callable[[FileName], None] = lambda _: None,
) -> Receipt:
    """The draft with its verdict, counts and findings; rows and findings stay in the connection (`check.py`).

    permit: raises Refusal when this name may not be filed here.
    """
    verdict: Verdict
    try:
        if name.problem:
            raise name.problem
        permit(name)
        if draft.size > limits.max_bytes:
            raise Refusal("file_is_within_limits", f"The file has more than {limits.max_bytes:,} bytes.")
        checked = _check_content(con, scratch, path, name, limits)
        verdict, message = _verdict(checked)
    except Refusal as refusal:
        check.start_findings(con, [refusal.finding])
        checked = check.Checked(refusal.rows_read, refusal.rows_read, [], [refusal.finding], 1)
        verdict, message = "refused", f"Refused: {refusal}"
    return replace(
        draft,
        verdict=verdict,
        message=message,
        rows_read=checked.rows_read,
        rows_accepted=checked.rows_read - checked.rows_rejected,
        rows_rejected=checked.rows_rejected,
        columns_ignored=checked.columns_ignored,
        findings=checked.findings,
        findings_total=checked.findings_total,
        contract_version=CONTRACTS[name.dataset].version if name.dataset else None,
    )


def _check_content(
    con: duckdb.DuckDBPyConnection, scratch: Path, path: Path, name: FileName, limits: Limits
) -> check.Checked:
    assert name.dataset and name.period
    text = unpack_gzip(path, scratch, limits.max_bytes) if name.extension.endswith(".gz") else path
    check.set_threads(con, text.stat().st_size)
    return check.check_table(con, CONTRACTS[name.dataset], name.period, read_csv(text, scratch), limits)


def _verdict(checked: check.Checked) -> tuple[Verdict, str]:
    read, accepted = checked.rows_read, checked.rows_read - checked.rows_rejected
    if read and not accepted:
        return "refused", f"Refused: none of the {read:,} rows is right."
    if accepted < read:
        message = f"Accepted {accepted:,} of {read:,} rows; correct the others and send the whole file again."
        return "partly_accepted", message
    if checked.findings_total:
        return "accepted_with_warnings", f"Accepted {read:,} rows, with warnings."
    return "accepted", f"Accepted {read:,} rows."
