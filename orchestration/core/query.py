"""Asking DuckDB from Python: rows by the names of their columns, and text as SQL spells it.

Belongs here: what every module that asks needs, where its SQL is in files too.
Does not belong here: any query, or which database is open.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Final

import duckdb

Record = dict[str, Any]

# To connect with where other work goes on beside: tables of a release are too small to be divided without loss.
ONE_THREAD: Final[dict[str, str | bool | int | float | list[str]]] = {"threads": 1}


def records(con: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> list[Record]:
    """The rows of a query, each by the names of its columns."""
    answer = con.execute(query, parameters)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def quoted(value: object) -> str:
    """A value as a SQL string, for the statements that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """One commit for all: a commit for each statement would wait for the disk some hundred times."""
    con.execute("begin")
    yield
    con.execute("commit")


def sql_of(place: str) -> str:
    """The text of a .sql file, by its place in this package without its ending, such as `release/sql/progress`."""
    return files("orchestration").joinpath(f"{place}.sql").read_text(encoding="utf-8")
