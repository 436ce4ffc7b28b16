"""The DuckDB connection in which files are checked.

Belongs here: its settings. Does not belong here: any query.
"""

from pathlib import Path

import duckdb

from orchestration.core.query import quoted

SMALL_FILE_BYTES = 8_000_000


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """Open a connection for checking files. What does not fit into memory goes to the scratch folder."""
    con = duckdb.connect()
    con.execute(f"set timezone = 'UTC'; set memory_limit = '1GB'; set temp_directory = {quoted(str(scratch))}")
    # Scratch files are rewritten under the same name within the resolution of a cache's time stamps.
    con.execute("set enable_external_file_cache = false")
    return con


def set_threads(con: duckdb.DuckDBPyConnection, size_bytes: int) -> None:
    """Use all cores for a large file. For a small one, distributing the work costs more than the work itself."""
    con.execute("reset threads" if size_bytes > SMALL_FILE_BYTES else "set threads = 1")
