"""The dictionary page and the data package: what the public tables hold, read from their own catalogue.

Belongs here: table and column descriptions with units; dictionary.html; datapackage.json.
Does not belong here: the descriptions themselves (comments in `sql/schema_*.sql`).
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.core.pages import render
from orchestration.core.query import records
from orchestration.release.disclosure.disclose import PUBLIC_TABLES, TABLES_AFTER_VERDICT

UNIT = re.compile(r"^(?P<meaning>.*?)\s*\[(?P<unit>[^\]]+)\]$", re.DOTALL)

FRICTIONLESS_TYPES = {"VARCHAR": "string", "DATE": "date", "TIMESTAMP": "datetime", "BOOLEAN": "boolean"}
WHOLE_NUMBERS = {"INTEGER", "BIGINT"}


@dataclass(frozen=True)
class PublicColumn:
    """A column of a public table.

    Attributes:
        name: The name of the column.
        type: Its DuckDB type.
        meaning: Its description, without the unit.
        unit: Its unit; None if it has none.
    """

    name: str
    type: str
    meaning: str
    unit: str | None


@dataclass(frozen=True)
class PublicTable:
    """A table of schema `kpi`.

    Attributes:
        name: The name of the table.
        meaning: Its description.
        columns: Its columns, in order.
        row_count: Its number of rows.
    """

    name: str
    meaning: str
    columns: tuple[PublicColumn, ...]
    row_count: int


@dataclass(frozen=True)
class ReleaseCard:
    """The release that a public file belongs to: the newest row of kpi.releases.

    Attributes:
        corridor_id: The id of the corridor.
        release_id: The id of the release.
        corridor_name: The name of the corridor.
        contact: Whom readers can ask.
        sample: Whether the data are a sample.
        as_of: The as-of day, as YYYY-MM-DD.
        published_at: The time of publication, as ISO 8601 in UTC.
        code_version: The version of the code that made the release.
    """

    corridor_id: str
    release_id: str
    corridor_name: str
    contact: str | None
    sample: bool
    as_of: str
    published_at: str
    code_version: str

    @property
    def title(self) -> str:
        """The name of the corridor, with SAMPLE before it if the data are a sample."""
        return f"{'SAMPLE: ' if self.sample else ''}{self.corridor_name}"


def release_card(con: duckdb.DuckDBPyConnection) -> ReleaseCard:
    """Return the release that a public file belongs to.

    Args:
        con: A connection with schema `kpi` of the file in use.

    Raises:
        ValueError: The table kpi.releases is empty.
    """
    row = con.execute(
        """
        select
            corridor_id, release_id, corridor_name, contact, sample, cast(as_of as varchar),
            strftime(published_at, '%Y-%m-%dT%H:%M:%SZ'), code_version
        from kpi.releases order by rowid desc limit 1
        """
    ).fetchone()
    if row is None:
        raise ValueError("Table kpi.releases is empty. Record the decision before exporting anything.")
    return ReleaseCard(*row)


def public_tables(con: duckdb.DuckDBPyConnection) -> list[PublicTable]:
    """Return every table of schema `kpi` with its columns, meanings and units, in the order of publication."""
    tables = {
        name: (comment, count)
        for name, comment, count in con.execute(
            "select table_name, comment, estimated_size from duckdb_tables() where schema_name = 'kpi'"
        ).fetchall()
    }
    columns: dict[str, list[PublicColumn]] = {name: [] for name in tables}
    for table, name, column_type, comment in con.execute(
        "select table_name, column_name, data_type, comment from duckdb_columns() where schema_name = 'kpi' "
        "order by table_name, column_index"
    ).fetchall():
        match = UNIT.match(comment)
        meaning, unit = (match["meaning"], match["unit"]) if match else (comment, None)
        columns[table].append(PublicColumn(name, column_type, meaning, unit))
    return [PublicTable(name, tables[name][0], tuple(columns[name]), tables[name][1]) for name in PUBLIC_TABLES]


def write_dictionary(con: duckdb.DuckDBPyConnection, path: Path) -> Path:
    """Write dictionary.html: what each KPI means and what each column holds."""
    kpis = records(con, "select * exclude (corridor_id) from kpi.kpi_definitions order by display_order")
    card, tables = release_card(con), public_tables(con)
    page = render("release/dictionary.html.j2", sample=card.sample, card=card, kpis=kpis, tables=tables)
    path.write_text(page, encoding="utf-8")
    return path


def write_datapackage(con: duckdb.DuckDBPyConnection, public: Path) -> Path:
    """Write datapackage.json (Frictionless Data Package v1), with a tabular resource per CSV file."""
    card = release_card(con)
    package = {
        "profile": "tabular-data-package",
        "name": _slug(card.corridor_id),
        "id": card.release_id,
        "title": f"{card.title}: key performance indicators",
        "description": f"{'SAMPLE data; do not use these figures. ' if card.sample else ''}Release {card.release_id}, "
        f"as of {card.as_of}. Figures can be suppressed to protect competing companies; see dictionary.html.",
        "version": card.release_id,
        "created": card.published_at,
        "keywords": [*(["SAMPLE"] if card.sample else []), "green shipping corridor", "emissions intensity"],
        "contributors": [{"title": card.contact or card.corridor_name, "role": "publisher"}],
        "resources": [_resource(table, public) for table in public_tables(con)],
    }
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    path = public / "datapackage.json"
    path.write_text(text, encoding="utf-8")
    return path


def _resource(table: PublicTable, public: Path) -> dict[str, object]:
    relative = f"kpi/{table.name}.csv"
    content = (public / relative).read_bytes()
    return {
        "profile": "tabular-data-resource",
        "name": _slug(table.name),
        "path": relative,
        "title": table.name,
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "writtenAfterVerdict": table.name in TABLES_AFTER_VERDICT,
        "schema": {"fields": [_field(column) for column in table.columns], "missingValues": [""]},
    }


def _field(column: PublicColumn) -> dict[str, object]:
    field_type = "integer" if column.type in WHOLE_NUMBERS else FRICTIONLESS_TYPES.get(column.type, "number")
    field: dict[str, object] = {"name": column.name, "type": field_type, "description": column.meaning}
    if field_type == "datetime":
        field["format"] = "%Y-%m-%dT%H:%M:%SZ"
    return field | ({"unit": column.unit} if column.unit else {})


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower())
