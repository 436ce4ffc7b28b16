"""The table `failed_checks`: what is wrong with a file, one row per failed check.

Belongs here: SQL that fills it from `checked`, and reading it. Does not belong here: when that SQL runs
(`table_check.py`), or what a single cell may hold (`rules.py`).
"""

from collections.abc import Iterable
from typing import Any

import duckdb

from orchestration.core.contract import Contract
from orchestration.core.query import quoted
from orchestration.submissions.checks.rules import Condition, legible, shown
from orchestration.submissions.checks.typed_rows import RIGHT, WRONG, has_key
from orchestration.submissions.formats.text_table import Origins
from orchestration.submissions.receipt import FailedCheck

# The keys of a failed check in a receipt.
KEYS = ("row_number", "column", "value", "rule", "severity", "message")

# The number of rows whose cells a receipt shows.
MAX_BAD_ROWS = 50


def create_failed_checks(con: duckdb.DuckDBPyConnection, about_all: Iterable[FailedCheck]) -> None:
    """Create `failed_checks` with the failed checks of the file as a whole."""
    con.execute(
        "create or replace temp table failed_checks (row_number bigint, place integer, column_name varchar, "
        "value varchar, rule varchar, severity varchar, message varchar, made_row bigint)"
    )
    for check in about_all:
        # Literals, because binding parameters makes DuckDB import pandas.
        row_number = "null" if check["row_number"] is None else str(check["row_number"])
        texts = ["null" if check[key] is None else quoted(str(check[key])) for key in KEYS[1:]]
        con.execute(f"insert into failed_checks values ({row_number}, -1, {', '.join(texts)}, null)")


def first_failed_checks(con: duckdb.DuckDBPyConnection, limit: int) -> list[FailedCheck]:
    """Return the first failed checks, in the order of the rows of the file."""
    rows = con.execute(
        "select row_number, column_name, value, rule, severity, message from failed_checks "
        f"order by row_number nulls first, place limit {limit}"
    ).fetchall()
    return [dict(zip(KEYS, row, strict=True)) for row in rows]


def bad_rows(con: duckdb.DuckDBPyConnection, contract: Contract) -> list[dict[str, Any]]:
    """Return the first rows with failed checks, with their cells in a form that is safe to show."""
    cells = ", ".join(shown(name) for name in contract.by_name)
    rows = con.execute(f"""
        select row_number, {cells} from (select row_number, {_raw_columns(contract)} from checked where state = {WRONG})
        where row_number in (select row_number from failed_checks) order by row_number limit {MAX_BAD_ROWS}
    """).fetchall()
    return [{"row_number": row[0], "cells": dict(zip(contract.by_name, row[1:], strict=True))} for row in rows]


def row_checks_sql(contract: Contract, width: int, tests: list[Condition]) -> str:
    """Return SQL that inserts the failed checks of wrong rows.

    A ragged row fails only the check on its number of cells. A row with an unreadable cell is not tested against rules
    over several cells.

    Args:
        contract: The contract of the dataset.
        width: The number of cells of the heading.
        tests: All conditions.
    """
    structs = [_failed_check_sql(place, test) for place, test in enumerate(tests)]
    single = [sql for sql, test in zip(structs, tests, strict=True) if not test.cross_field]
    unreadable = [test.wrong_when for test in tests if test.rule == "value_has_its_type"] or ["false"]
    ragged = Condition(
        contract.columns[0].name,
        "row_has_all_its_cells",
        "true",
        f"concat('The row has ', cells_found, ' cells, but the heading has {width}. "
        "Put quotation marks around a cell that contains the delimiter; do not end rows with a delimiter.')",
    )
    return f"""
        insert into failed_checks by name
        select row_number, f.place, f.column_name, f.value, f.rule, f.severity, f.message
        from (
            select row_number, unnest(case
                when ragged then [{_failed_check_sql(0, ragged)}]
                when {" or ".join(unreadable)} then [{", ".join(single)}]
                else [{", ".join(structs)}] end) as f
            from (select *, {_raw_columns(contract)} from checked where state = {WRONG})
        )
        where f is not null
    """


def repeated_keys_sql(contract: Contract) -> str:
    """Return SQL that inserts a failed check for every row whose key another row has too.

    All of them fail, because nothing in the file says which one is right.
    """
    key = ", ".join(contract.key)
    return f"""
        insert into failed_checks by name
        with keyed as (
            select row_number, {key}, hash({key}) as key_hash from checked where {has_key(contract)}
        ),
        suspects as (select key_hash from keyed group by key_hash having count(*) > 1),
        repeated as (
            select min({contract.key[0]}::varchar) as value, list(row_number order by row_number) as numbers
            from keyed where key_hash in (select key_hash from suspects)
            group by {key} having count(*) > 1
        )
        select unnest(numbers) as row_number, {len(contract.columns) * 10} as place,
            '{contract.key[0]}' as column_name, value, 'key_is_unique' as rule, 'error' as severity,
            concat('Rows ', array_to_string(numbers[:5], ', '), case when len(numbers) > 5 then ' and more' else '' end,
                ' have the same {key}. Keep only the row that is right.') as message
        from repeated
    """


def rejected_sql(contract: Contract, tests: list[Condition], origins: Origins | None) -> str:
    """Return SQL that creates `rejected`: the rows with an error, with the cells that can be read.

    No cell of a ragged row is used, because its cells may belong to other columns.

    Args:
        contract: The contract of the dataset.
        tests: All conditions.
        origins: Where converted rows come from; None if the rows are those of the file.
    """
    of_layout = f"union select row_number from ({origins.checks_sql})" if origins and origins.checks_sql else ""
    cells = (
        f"case when state = {RIGHT} then {c.name} when not ragged then {legible(c, contract, tests)} end as {c.name}"
        for c in contract.columns
    )
    return f"""
        create or replace temp table rejected as
        with wrong as (
            select row_number from failed_checks where severity = 'error' and row_number is not null
            {f"{of_layout} where severity = 'error'" if of_layout else ""}
        )
        select row_number, {", ".join(cells)} from (
            select *, {_raw_columns(contract)} from checked where row_number in (select row_number from wrong)
        )
    """


def in_the_file_sql(origins: Origins) -> list[str]:
    """Return statements that make failed checks of converted rows point at rows and columns of the file."""
    column = f"case column_name {' '.join(f'when {quoted(k)} then {v}' for k, v in origins.columns.items())} end"
    statements = [
        f"delete from failed_checks where rule in ({', '.join(map(quoted, origins.replaced_rules)) or 'null'})",
        f"""
        update failed_checks set made_row = failed_checks.row_number, row_number = made.file_row,
            column_name = coalesce({column}, column_name)
        from {origins.rows} as made where failed_checks.row_number = made.row_number and failed_checks.place >= 0
        """,
    ]
    if origins.checks_sql:
        statements.append(f"""
            insert into failed_checks by name
            select row_number as made_row, file_row as row_number, 0 as place, file_column as column_name, value, rule,
                severity, message
            from ({origins.checks_sql})
        """)
    return statements


def _raw_columns(contract: Contract) -> str:
    return ", ".join(f"raw[{place}] as raw_{name}" for place, name in enumerate(contract.by_name, start=1))


def _failed_check_sql(place: int, test: Condition) -> str:
    fields = {
        "place": str(place),
        "column_name": quoted(test.column),
        "value": shown(test.column),
        "rule": quoted(test.rule),
        "severity": quoted(test.severity),
        "message": test.message,
    }
    return f"case when {test.wrong_when} then {{{', '.join(f'{k!r}: {sql}' for k, sql in fields.items())}}} end"
