"""The data source through which Great Expectations reads a candidate in DuckDB.

Belongs here: the data source, its engine, and the connection that the engine keeps.
Does not belong here: the expectations (`expectations.py`), or opening the candidate's files (`release/candidate.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import duckdb
import sqlalchemy
from duckdb_engine import ConnectionWrapper
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine

EngineType = type[SqlAlchemyExecutionEngine]


class CandidateConnection(ConnectionWrapper):
    """A connection without transactions: the candidate is read-only, and an error would abort a transaction."""

    def begin(self) -> None:
        """Do nothing: each statement is complete by itself."""

    def commit(self) -> None:
        """Do nothing: there is nothing to write."""

    def rollback(self) -> None:
        """Do nothing: there is nothing to undo."""


class CandidateEngine(SqlAlchemyExecutionEngine):
    """An engine that keeps its connection: the default one closes it before the rows of a query are fetched."""

    @contextmanager
    def get_connection(self) -> Iterator[sqlalchemy.Connection]:
        """Yield the connection."""
        if self._connection is None:
            self._connection = self.engine.connect()
        yield self._connection


class CandidateDatasource(SQLDatasource):
    """The tables of a candidate. Great Expectations registers the class under its `type`."""

    type: Literal["corridor_candidate"] = "corridor_candidate"  # type: ignore[assignment]

    @property
    def execution_engine_type(self) -> EngineType:
        """The engine of the data source."""
        return CandidateEngine


def add_candidate(context: EphemeralDataContext, con: duckdb.DuckDBPyConnection) -> CandidateDatasource:
    """Add a data source that queries an open connection, with its temporary tables."""
    return context.data_sources.add_corridor_candidate(  # type: ignore[no-any-return]
        "candidate", connection_string="duckdb:///:memory:", create_temp_table=False, kwargs=_one_connection(con)
    )


def _one_connection(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    return {"creator": lambda: CandidateConnection(con), "poolclass": sqlalchemy.StaticPool}
