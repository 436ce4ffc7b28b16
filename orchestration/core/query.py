"""DuckDB from Python: rows as dictionaries, SQL literals, transactions, and SQL from files.

Belongs here: what every module with queries needs.
Does not belong here: any query, or which database is open.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Final

import duckdb

Record = dict[str, Any]

# For connections that work in parallel with others; tables of a release are too small for several threads.
ONE_THREAD: Final[dict[str, str | bool | int | float | list[str]]] = {"threads": 1}


def records(con: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> list[Record]:
    """Return the rows of a query as dictionaries by column name."""
    answer = con.execute(query, parameters)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def quoted(value: object) -> str:
    """Return a value as a SQL string literal, for statements that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run a block in one transaction, which is much faster than a commit per statement."""
    con.execute("begin")
    yield
    con.execute("commit")


def sql_of(place: str) -> str:
    """Return the text of a SQL file of this package, such as `release/sql/progress` (without its extension)."""
    return files("orchestration").joinpath(f"{place}.sql").read_text(encoding="utf-8")
