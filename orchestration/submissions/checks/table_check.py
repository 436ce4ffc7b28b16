"""Check one table of text against its contract. DuckDB does the work, in one pass over the cells.

Belongs here: the order of the steps for one file.
Does not belong here: rules (contracts), reading formats, the status of a submission (`assessment.py`).

Afterwards the connection holds the temporary tables `checked` (one row per row of the file), `failed_checks`, and
`rejected` (rows with an error, as far as they can be read).
"""

from dataclasses import dataclass, field
from typing import Any

import duckdb

from orchestration.core.contract import Contract
from orchestration.core.corridor_file import Limits
from orchestration.submissions.checks.decimal_comma import doubtful_number, has_decimal_comma
from orchestration.submissions.checks.failed_checks import (
    bad_rows,
    create_failed_checks,
    first_failed_checks,
    in_the_file_sql,
    rejected_sql,
    repeated_keys_sql,
    row_checks_sql,
)
from orchestration.submissions.checks.heading import heading_warnings, match_heading, missing_columns
from orchestration.submissions.checks.rules import Condition, conditions
from orchestration.submissions.checks.typed_rows import (
    RowCounts,
    TypedRows,
    count_lines,
    count_rows,
    some_row_is_wrong,
)
from orchestration.submissions.formats.text_table import UNREADABLE, TextTable
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import FailedCheck, Refusal, about_file, visible

DECIMAL_COMMA = about_file(
    "decimal_point_is_used",
    "warning",
    "The numbers have a decimal comma and were read that way. Use a decimal point, which leaves no doubt.",
)
NO_ROWS = about_file(
    "file_has_rows",
    "warning",
    "The file has a heading but no rows, so the period counts as filed without content. If there was something to "
    "report, send the file with its rows.",
)


@dataclass(frozen=True)
class Checked:
    """The result of checking a table.

    columns_ignored: headings that the contract does not have. findings: the first of findings_total failed checks.
    bad_rows: the first rows with failed checks, with their cells.
    """

    rows_read: int
    rows_rejected: int = 0
    columns_ignored: list[str] = field(default_factory=list)
    findings: list[FailedCheck] = field(default_factory=list)
    findings_total: int = 0
    contract_version: int | None = None
    bad_rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Loaded:
    """The conditions with which the rows were loaded, and whether numbers were read with a decimal comma."""

    tests: list[Condition]
    decimal_comma: bool = False


def check_table(
    con: duckdb.DuckDBPyConnection, contract: Contract, period: Period, table: TextTable, limits: Limits
) -> Checked:
    """Check every row of a table. Raises Refusal for what makes the whole file useless.

    Args:
        con: A connection from `connection.connect`.
        contract: The contract of the dataset.
        period: The period in the file name.
        table: The content of the file.
        limits: The limits of corridor.toml.
    """
    heading = match_heading(contract, table.heading)
    filed = contract.as_filed(heading.places, former_names=bool(heading.renamed))
    missing = heading.missing_from(filed)
    rows = TypedRows(filed, table, heading)
    loaded = _load(con, rows, [] if missing else conditions(filed, period), period)
    if isinstance(loaded, TextTable):
        return check_table(con, contract, period, loaded, limits)
    if table.comma_is_likely and (number := doubtful_number(con, filed, table, heading.places)):
        raise _doubtful(number)
    counts = count_rows(con, filed)
    if counts.filled > limits.max_rows:
        message = f"The file has {counts.filled:,} rows, more than the {limits.max_rows:,} allowed. Split it by period."
        raise Refusal("file_is_within_limits", message)
    if missing:
        raise missing_columns(missing, heading, counts.filled)
    about_all = _about_whole_file(rows, loaded, counts)
    if not (about_all or counts.wrong or counts.keyed > counts.keys or table.origins):
        return Checked(counts.filled, contract_version=filed.version)
    create_failed_checks(con, about_all)
    _check_rows(con, rows, loaded.tests, counts)
    rejected, total = con.execute("select (select count(*) from rejected), count(*) from failed_checks").fetchall()[0]
    return Checked(
        counts.filled,
        rejected,
        heading.ignored,
        first_failed_checks(con, limits.max_findings),
        total,
        filed.version,
        bad_rows(con, filed) if counts.wrong and not table.origins else [],
    )


def _load(
    con: duckdb.DuckDBPyConnection, rows: TypedRows, tests: list[Condition], period: Period
) -> _Loaded | TextTable:
    """Load the rows. Return the exact reading of the file instead if the fast one fails or misses rows."""
    table, contract = rows.table, rows.contract
    decimal_comma = False
    try:
        rows.load(con, tests)
        if tests and some_row_is_wrong(con) and has_decimal_comma(con, contract, table, rows.heading.places):
            decimal_comma = True
            tests = conditions(contract, period, decimal_comma)
            rows.load(con, tests, decimal_comma)
    except duckdb.Error as error:
        if not (type(error) is duckdb.Error or isinstance(error, UNREADABLE)):
            raise
        if table.exact is None:
            reason = visible(str(error).partition("\n")[0].removesuffix("."), 200)
            message = f"The file cannot be read to its end: {reason}. Export it again and send it again."
            raise Refusal("file_is_whole", message) from None
        return table.exact()
    if table.exact and table.rows_expected not in (None, count_lines(con)):
        return table.exact()
    return _Loaded(tests, decimal_comma)


def _about_whole_file(rows: TypedRows, loaded: _Loaded, counts: RowCounts) -> list[FailedCheck]:
    about_all = [*rows.table.failed_checks, *heading_warnings(rows.contract, rows.heading)]
    if loaded.decimal_comma:
        about_all.append(DECIMAL_COMMA)
    if not counts.filled:
        about_all.append(NO_ROWS)
    return about_all


def _check_rows(con: duckdb.DuckDBPyConnection, rows: TypedRows, tests: list[Condition], counts: RowCounts) -> None:
    """Add the failed checks of single rows and of keys, and create `rejected`."""
    origins = rows.table.origins
    if counts.wrong:
        con.execute(row_checks_sql(rows.contract, len(rows.heading.written), tests))
    if counts.keyed > counts.keys:
        con.execute(repeated_keys_sql(rows.contract))
    con.execute(rejected_sql(rows.contract, tests, origins))
    for statement in in_the_file_sql(origins) if origins else []:
        con.execute(statement)


def _doubtful(number: str) -> Refusal:
    return Refusal(
        "decimal_mark_is_clear",
        f"It is not clear whether {visible(number)} has a thousands separator or decimals. The cells are separated by "
        "semicolons, as in countries with a decimal comma, and no other number settles it. Remove the thousands "
        "separators, or separate the cells by commas.",
    )
