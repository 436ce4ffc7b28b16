"""Parquet: the columns of a file as text.

Belongs here: which columns can be read. Does not belong here: what a column means, or whether a value is right.
"""

from pathlib import Path

import duckdb

from orchestration.core.corridor_file import Limits
from orchestration.core.query import quoted
from orchestration.submissions.formats.text_table import TextTable, check_width
from orchestration.submissions.receipt import Refusal

NESTED = ("STRUCT", "MAP", "UNION", "[")


def read_parquet(path: Path, scratch: Path, limits: Limits) -> TextTable:
    """Read a Parquet file. Rows count from 1. A timestamp has an offset only if the file says it is adjusted to UTC.

    Args:
        path: The file.
        scratch: A folder for temporary files.
        limits: The limits of corridor.toml.

    Raises:
        Refusal: The content is not a complete Parquet file, or it has nested columns.
    """
    try:
        with duckdb.connect() as con:
            columns = con.execute(f"describe select * from read_parquet({quoted(path)})").fetchall()
            rows = con.execute(f"select num_rows from parquet_file_metadata({quoted(path)})").fetchall()[0][0]
    except duckdb.Error:
        raise Refusal(
            "file_is_whole", "The content is not a complete Parquet file. Export it again and send it again."
        ) from None
    heading = [name for name, *_ in columns]
    check_width(heading, limits)
    if rows > limits.max_rows:
        raise Refusal(
            "file_is_within_limits", f"The file has {rows:,} rows, more than the {limits.max_rows:,} allowed."
        )
    for name, sql_type, *_ in columns:
        if any(sign in sql_type for sign in NESTED) or sql_type == "BLOB":
            raise Refusal(
                "values_are_flat", f"The column {name[:80]} has the type {sql_type[:40]}. Give one value per cell."
            )
    cells = ", ".join(f"nullif(trim({_identifier(name)}::varchar), '') as c{i}" for i, name in enumerate(heading))
    # The unquoted name is DuckDB's own column, even if the file has a column with that name.
    source = f"select {cells}, file_row_number + 1 as source_row, {len(heading)}::bigint as source_cells"
    return TextTable(heading, f"{source} from read_parquet({quoted(path)}, file_row_number = true)", numbered=True)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
