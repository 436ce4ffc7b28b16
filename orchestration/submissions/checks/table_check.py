"""One table of text against its contract: typed rows, findings, counts. DuckDB does all of it.

Belongs here: running the contract's SQL over a file, in one pass over its cells.
Does not belong here: what the rules are (contracts), reading formats, verdicts.

The file last checked stands in the connection as temporary `checked` (one row a row of the table), `rejected` (its
wrong rows as far as they can be read) and `findings`, from which `accepted_rows` and `rejected_rows` select.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.core.contract import Contract
from orchestration.core.corridor_file import Limits
from orchestration.core.lake import REJECTED_TYPES
from orchestration.core.query import quoted
from orchestration.submissions.checks.decimal_comma import doubtful_number, has_decimal_comma
from orchestration.submissions.checks.findings import (
    EMPTY,
    RIGHT,
    WRONG,
    columns_missing,
    has_key,
    heading_findings,
    in_the_file_sql,
    rejected_sql,
    repeated_keys_sql,
    row_findings_sql,
)
from orchestration.submissions.checks.rules import Condition, conditions, is_of_one_text, shown, typed
from orchestration.submissions.formats.text_table import UNREADABLE, TextTable
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import Finding, Refusal, file_finding, visible

SMALL_FILE_BYTES = 8_000_000
# From here on, trying each different text once is faster than trying every row's.
MANY_ROWS = 50_000
FINDING_KEYS = ("row_number", "column", "value", "rule", "severity", "message")

# Rows that a receipt shows whole.
MAX_BAD_ROWS = 50

DECIMAL_COMMA = file_finding(
    "decimal_point_is_used",
    "warning",
    "The numbers have a decimal comma, and were read so. A decimal point leaves no doubt.",
)
NO_ROWS = file_finding(
    "file_has_rows", "warning", "The file has a heading and no rows: the period counts as filed, with nothing in it."
)


@dataclass(frozen=True)
class Checked:
    """What a check found: counts of rows, headings that mean nothing here, the first of findings_total findings."""

    rows_read: int
    rows_rejected: int = 0
    columns_ignored: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    findings_total: int = 0
    contract_version: int | None = None
    bad_rows: list[dict[str, Any]] = field(default_factory=list)


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A connection for checking files; what does not fit into memory goes to the scratch folder."""
    con = duckdb.connect()
    con.execute(f"set timezone = 'UTC'; set memory_limit = '1GB'; set temp_directory = {quoted(str(scratch))}")
    # Scratch files are rewritten under the same name, within the resolution of a cache's time stamps.
    con.execute("set enable_external_file_cache = false")
    return con


def set_threads(con: duckdb.DuckDBPyConnection, size_bytes: int) -> None:
    """All cores for a large file; for a small one handing work around takes longer than the work."""
    con.execute("reset threads" if size_bytes > SMALL_FILE_BYTES else "set threads = 1")


def start_findings(con: duckdb.DuckDBPyConnection, findings: Iterable[Finding]) -> None:
    """Begin the findings of a file with those about the whole of it."""
    con.execute(
        "create or replace temp table findings (row_number bigint, place integer, column_name varchar, value varchar, "
        "rule varchar, severity varchar, message varchar, made_row bigint)"
    )
    for found in findings:
        # Literals, because binding parameters makes DuckDB import pandas.
        row_number = "null" if found["row_number"] is None else str(found["row_number"])
        texts = ["null" if found[key] is None else quoted(str(found[key])) for key in FINDING_KEYS[1:]]
        con.execute(f"insert into findings values ({row_number}, -1, {', '.join(texts)}, null)")


def check_table(
    con: duckdb.DuckDBPyConnection, contract: Contract, period: Period, table: TextTable, limits: Limits
) -> Checked:
    """Check every row of a table. Raises Refusal for what makes the whole file useless."""
    places, ignored, renamed = _match_heading(contract, table.heading)
    filed = contract.as_filed(places, former_names=bool(renamed))
    missing = [column.name for column in filed.columns if column.must_be_filled and column.name not in places]
    tests = [] if missing else conditions(filed, period)
    about_file = [*table.findings, *heading_findings(ignored, renamed)]
    try:
        _load(con, filed, table, places, tests)
        if tests and _some_wrong(con) and has_decimal_comma(con, filed, table, places):
            tests = conditions(filed, period, decimal_comma=True)
            _load(con, filed, table, places, tests, decimal_comma=True)
            about_file.append(DECIMAL_COMMA)
    except duckdb.Error as error:
        if not (type(error) is duckdb.Error or isinstance(error, UNREADABLE)):
            raise
        if table.exact is None:
            message = f"The file cannot be read to its end: {_first_line(error)}. Write it anew and send it again."
            raise Refusal("file_is_whole", message) from None
        return check_table(con, contract, period, table.exact(), limits)
    if table.exact and table.rows_expected not in (None, _rows(con)):
        return check_table(con, contract, period, table.exact(), limits)
    if table.comma_is_likely and (number := doubtful_number(con, filed, table, places)):
        raise _doubtful(number)
    rows_read, to_look_at, keyed, keys = _counts(con, filed)
    if rows_read > limits.max_rows:
        raise Refusal("file_is_within_limits", f"The file has {rows_read:,} rows; the most is {limits.max_rows:,}.")
    if missing:
        raise columns_missing(missing, table.heading, rows_read)
    if not rows_read:
        about_file.append(NO_ROWS)
    if not (about_file or to_look_at or keyed > keys or table.origins):
        return Checked(rows_read, contract_version=filed.version)
    start_findings(con, about_file)
    if to_look_at:
        con.execute(row_findings_sql(filed, len(table.heading), tests))
    if keyed > keys:
        con.execute(repeated_keys_sql(filed))
    con.execute(rejected_sql(filed, tests, table.origins))
    for statement in in_the_file_sql(table.origins) if table.origins else []:
        con.execute(statement)
    rejected, total = con.execute("select (select count(*) from rejected), count(*) from findings").fetchall()[0]
    found = _first_findings(con, limits.max_findings)
    bad_rows = _bad_rows(con, filed) if to_look_at and not table.origins else []
    return Checked(rows_read, rejected, ignored, found, total, filed.version, bad_rows)


def accepted_rows(contract: Contract, lake_values: Mapping[str, str], some_rejected: bool) -> str:
    """SQL: the accepted rows of the file last checked, as the lake keeps them. lake_values: SQL by lake column."""
    names = [f"{lake_values[name]} as {name}" if name in lake_values else name for name in contract.accepted_types]
    unless = " and row_number not in (select row_number from rejected)" if some_rejected else ""
    return f"select {', '.join(names)} from checked where state < {EMPTY}{unless}"


def rejected_rows(contract: Contract, submission_id: str, partner_id: str, some_rejected: bool) -> str:
    """SQL: the findings of the file last checked, as the lake keeps them, in the order of its rows."""
    values = {"submission_id": quoted(submission_id), "partner_id": quoted(partner_id)}
    names = [f"{values[name]} as {name}" if name in values else f"findings.{name}" for name in REJECTED_TYPES]
    cells = [f"rejected.{name}" for name in contract.own_types] if some_rejected else []
    own = "coalesce(findings.made_row, findings.row_number)"
    joined = f"left join rejected on rejected.row_number = {own} and findings.severity = 'error'" if cells else ""
    order = "findings.row_number nulls first, findings.place"
    return f"select {', '.join([*names, *cells])} from findings {joined} order by {order}"


def _first_findings(con: duckdb.DuckDBPyConnection, limit: int) -> list[Finding]:
    """The first findings of the file last checked, in the order of its rows."""
    rows = con.execute(
        "select row_number, column_name, value, rule, severity, message from findings "
        f"order by row_number nulls first, place limit {limit}"
    ).fetchall()
    return [dict(zip(FINDING_KEYS, row, strict=True)) for row in rows]


def _bad_rows(con: duckdb.DuckDBPyConnection, contract: Contract) -> list[dict[str, Any]]:
    """The first rows with findings, their cells as they may be shown."""
    raw = ", ".join(f"raw[{i}] as raw_{name}" for i, name in enumerate(contract.by_name, start=1))
    cells = ", ".join(shown(name) for name in contract.by_name)
    rows = con.execute(f"""
        select row_number, {cells} from (select row_number, {raw} from checked where state = {WRONG})
        where row_number in (select row_number from findings) order by row_number limit {MAX_BAD_ROWS}
    """).fetchall()
    return [{"row_number": row[0], "cells": dict(zip(contract.by_name, row[1:], strict=True))} for row in rows]


def _match_heading(contract: Contract, heading: list[str]) -> tuple[dict[str, int], list[str], list[str]]:
    """Where each column stands, the headings that mean nothing, and the columns under the name they had before.

    Raises Refusal on a repeat.
    """
    places: dict[str, int] = {}
    ignored, renamed = [], []
    for place, written in enumerate(heading):
        name = re.sub(r"[^a-z0-9]+", "_", written.lower()).strip("_")
        if name in contract.by_former_name:
            name = contract.by_former_name[name].name
            renamed.append(name)
        if name not in contract.by_name:
            ignored += [visible(written.strip())] if written.strip() else []
        elif name in places:
            raise Refusal("heading_is_unique", f"The column {name} stands in the heading twice. Keep one.", name)
        else:
            places[name] = place
    return places, ignored, renamed


def _load(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    table: TextTable,
    places: Mapping[str, int],
    tests: list[Condition],
    decimal_comma: bool = False,
) -> None:
    """Read the cells: `checked` holds typed rows with their state, and the text of those to be looked at.

    A long file is read once if its texts are right, each different one tried by itself; else once more, row by row.
    """
    many = (table.rows_expected or 0) > MANY_ROWS
    of_texts = [test for test in tests if many and is_of_one_text(test, contract)]
    of_rows = [test for test in tests if test not in of_texts]
    _load_rows(con, contract, table, places, of_rows, decimal_comma)
    if _some_text_wrong(con, of_texts):
        _load_rows(con, contract, table, places, tests, decimal_comma)


def _load_rows(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    table: TextTable,
    places: Mapping[str, int],
    tests: list[Condition],
    decimal_comma: bool,
) -> None:
    raw = [f"{f'c{places[c.name]}' if c.name in places else 'null::varchar'} as raw_{c.name}" for c in contract.columns]
    others = [f"c{i}" for i in range(len(table.heading)) if i not in places.values()]
    cells = [f"raw_{name}" for name in places] + (["other_content"] if others else [])
    numbers = "source_row, source_cells" if table.numbered else "null as source_row, null as source_cells"
    wrong = [test.wrong_when for test in tests] + [f"source_cells <> {len(table.heading)}"] * table.numbered
    names = ", ".join(contract.by_name)
    con.execute(f"""
        create or replace temp table cells as
        with lines as (
            select {", ".join(raw)}, {f"coalesce({', '.join(others)}, null)" if others else "null"} as other_content,
                {numbers}
            from ({table.source})
        ),
        typed as (select *, {", ".join(f"{typed(c, decimal_comma)} as {c.name}" for c in contract.columns)} from lines),
        judged as (
            select *, case when coalesce({", ".join(cells)}, null) is null then {EMPTY}
                when {" or ".join(wrong) or "false"} then {WRONG} else {RIGHT} end::utinyint as state
            from typed
        )
        select {names}, state, case when state = {WRONG} then [{", ".join(f"raw_{n}" for n in contract.by_name)}] end
            as raw {", source_row, source_cells" if table.numbered else ""}
        from judged
    """)
    whole = len(table.heading)
    numbering = (
        f"source_row as row_number, source_cells as cells_found, source_cells <> {whole} as ragged"
        if table.numbered
        else f"rowid + 2 as row_number, {whole} as cells_found, false as ragged"
    )
    con.execute(f"create or replace temp view checked as select {names}, state, raw, {numbering} from cells")


def _some_text_wrong(con: duckdb.DuckDBPyConnection, tests: list[Condition]) -> bool:
    """Whether a text of rows so far right meets one of these conditions, each on one text alone."""
    for column in dict.fromkeys(test.column for test in tests):
        wrong = " or ".join(test.wrong_when for test in tests if test.column == column)
        texts = f"select distinct {column}, {column} as raw_{column} from cells where state = {RIGHT}"
        if con.execute(f"select bool_or({wrong}) from ({texts})").fetchall()[0][0]:
            return True
    return False


def _some_wrong(con: duckdb.DuckDBPyConnection) -> bool:
    return bool(con.execute(f"select bool_or(state = {WRONG}) from checked").fetchall()[0][0])


def _rows(con: duckdb.DuckDBPyConnection) -> int:
    return int(con.execute("select count(*) from cells").fetchall()[0][0])


def _counts(con: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[int, int, int, int]:
    """Rows with content, rows to look at, rows with a whole key, and different keys."""
    key_hash = f"case when {has_key(contract)} then hash({', '.join(contract.key)}) end"
    counted = con.execute(f"""
        select count(*) filter (state < {EMPTY}), count(*) filter (state = {WRONG}), count(key), count(distinct key)
        from (select state, {key_hash} as key from checked)
    """).fetchall()[0]
    return counted[0], counted[1], counted[2], counted[3]


def _doubtful(number: str) -> Refusal:
    return Refusal(
        "decimal_mark_is_clear",
        f"Does {visible(number)} have thousands or decimals? The cells are parted by semicolons, as where the comma is "
        "decimal, and no other number tells. Take thousands separators out, or part the cells by commas.",
    )


def _first_line(error: Exception) -> str:
    return visible(str(error).partition("\n")[0].removesuffix("."), 200)
