"""The identifiers of the input, and the search for them in artefacts.

Belongs here: reading identifiers from the lake, and decoding each kind of artefact to the text a reader can see.
Does not belong here: what follows from a match (`gate/`).
"""

import csv
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import duckdb

from orchestration.core.query import ONE_THREAD

# Columns of the lake whose values identify a partner, or a ship, a terminal or a document of a partner.
IDENTIFYING_COLUMNS = (
    "partner_id",
    "holding_id",
    "operator_partner_id",
    "submission_id",
    "imo_number",
    "vessel_name",
    "service_code",
    "voyage_number",
    "bdn_number",
    "certificate_number",
    "contract_id",
    "terminal_code",
    "visit_id",
    "carrier",
)
# Tables of corridor.toml whose column `name` is an identifier too.
CORRIDOR_TABLES_WITH_NAMES = ("partners", "terminals")
# A shorter one, such as voyage 12, would match in any table of figures.
SHORTEST_IDENTIFIER = 4

# Separates values that are searched together. No token and no phrase can extend across it.
SEPARATOR = " \n "
SHEETS = {"sheet": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
WORDS = re.compile(r"\w+(?:-\w+)*")


@dataclass(frozen=True)
class IdentifierMatch:
    """An identifier in an artefact.

    Attributes:
        path: The file of the artefact.
        place: The place in the file, such as a column or a line.
        identifier: The identifier in lower case.
    """

    path: Path
    place: str
    identifier: str


def input_identifiers(lake: Path) -> frozenset[str]:
    """Return every identifier in the lake's accepted rows and corridor tables, in lower case."""
    identifiers: set[str] = set()
    with duckdb.connect(config=ONE_THREAD) as con:
        for folder in sorted((lake / "accepted").glob("*")):
            identifiers |= _distinct_values(con, folder / "*.parquet", IDENTIFYING_COLUMNS)
        for name in CORRIDOR_TABLES_WITH_NAMES:
            identifiers |= _distinct_values(con, lake / "corridor" / f"{name}.parquet", (*IDENTIFYING_COLUMNS, "name"))
    return frozenset(identifier for identifier in identifiers if len(identifier) >= SHORTEST_IDENTIFIER)


def finder(identifiers: frozenset[str]) -> Callable[[str], frozenset[str]]:
    """Return a function that finds identifiers in a text as whole tokens, in any case."""
    multi_word = identifiers.difference(WORDS.findall("\n".join(identifiers)))

    def find(text: str) -> frozenset[str]:
        text = text.lower()
        tokens = set(WORDS.findall(text))
        tokens |= {part for token in tokens if "-" in token for part in _hyphenated_parts(token)}
        phrases = {name for name in multi_word if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)}
        return frozenset(tokens & identifiers | phrases)

    return find


class NameSearch:
    """Search for identifiers in artefacts; text without a match is not searched again."""

    def __init__(self, identifiers: frozenset[str]) -> None:
        self._find = finder(identifiers)
        self._clean: set[str] = set()

    def search(self, path: Path) -> list[IdentifierMatch]:
        """Return every identifier in an artefact.

        Raises:
            ValueError: The kind of file cannot be decoded.
        """
        values = list(values_of(path))
        # Most artefacts share their figures and have no identifier, so all new text is searched at once.
        new = {text for _, text in values} - self._clean
        if self._find(SEPARATOR.join(new)):
            return [IdentifierMatch(path, place, name) for place, text in values for name in sorted(self._find(text))]
        self._clean |= new
        return []


def values_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of everything in an artefact, with descriptions and properties.

    Raises:
        ValueError: The kind of file cannot be decoded.
    """
    decode = DECODERS.get(path.suffix)
    if decode is None:
        raise ValueError(
            f"{path} cannot be searched for identifiers, because its kind of file is not supported. "
            f"Expected one of {', '.join(sorted(DECODERS))}."
        )
    return decode(path)


def _duckdb_values(path: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(config=ONE_THREAD) as con:
        con.execute(f"attach '{path}' as artefact (read_only)")
        for source in ("duckdb_tables", "duckdb_views", "duckdb_columns", "duckdb_functions"):
            yield from _rows(con, source, f"from {source}() where database_name = 'artefact'")
        tables = con.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = 'artefact'"
        ).fetchall()
        for schema, table in tables:
            yield from _rows(con, f"{schema}.{table}", f'from artefact."{schema}"."{table}"')


def _parquet_values(path: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(config=ONE_THREAD) as con:
        for source in ("parquet_kv_metadata", "parquet_schema", "read_parquet"):
            yield from _rows(con, source, f"from {source}('{path}')")


def _rows(con: duckdb.DuckDBPyConnection, place: str, relation: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the distinct values of each column."""
    columns = con.execute(f"select column_name, column_type from (describe {relation})").fetchall()
    # Bytes are decoded, so that text stored as bytes is searched too.
    texts = [f'decode("{name}")' if kind == "BLOB" else f'cast("{name}" as varchar)' for name, kind in columns]
    rows = con.execute(f"select {', '.join(texts)} {relation}").fetchall()
    for number, (name, _) in enumerate(columns):
        yield place, name
        for value in {row[number] for row in rows} - {None}:
            yield f"{place}.{name}", value


def _csv_values(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file), start=1):
            place = f"row {number}"
            yield from ((place, value) for value in row)


def _xlsx_values(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the distinct texts and attributes of each part, without the addresses of cells."""
    # Imported here because lxml is slow to import.
    from lxml import etree

    texts = etree.XPath("//text()", smart_strings=False)
    attributes = etree.XPath("//@*[not(parent::sheet:c)]", smart_strings=False, namespaces=SHEETS)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            root = etree.fromstring(archive.read(name))
            distinct = {*cast(list[str], texts(root)), *cast(list[str], attributes(root))}
            distinct |= {comment.text or "" for comment in root.iter(etree.Comment)}
            yield from ((name, text) for text in distinct)


def _json_values(path: Path) -> Iterator[tuple[str, str]]:
    def walk(place: str, node: object) -> Iterator[tuple[str, str]]:
        if isinstance(node, dict):
            for key, value in node.items():
                yield place, str(key)
                yield from walk(f"{place}.{key}", value)
        elif isinstance(node, list):
            for number, value in enumerate(node):
                yield from walk(f"{place}[{number}]", value)
        else:
            yield place, str(node)

    return walk("$", json.loads(path.read_text(encoding="utf-8")))


def _html_values(path: Path) -> Iterator[tuple[str, str]]:
    from lxml import html

    root = html.fromstring(path.read_text(encoding="utf-8"))
    yield "text", "".join(map(str, root.itertext()))
    for element in root.iter():
        place = f"line {element.sourceline}"
        yield place, SEPARATOR.join([element.text or "", *map(str, element.attrib.values())])


DECODERS = {
    ".duckdb": _duckdb_values,
    ".parquet": _parquet_values,
    ".csv": _csv_values,
    ".xlsx": _xlsx_values,
    ".json": _json_values,
    ".html": _html_values,
}


def _distinct_values(con: duckdb.DuckDBPyConnection, files: Path, columns: tuple[str, ...]) -> set[str]:
    relation = f"from read_parquet('{files}', union_by_name = true)"
    present = {name for (name,) in con.execute(f"select column_name from (describe {relation})").fetchall()}
    texts = ", ".join(f'lower(trim(cast("{name}" as varchar)))' for name in sorted(present.intersection(columns)))
    if not texts:
        return set()
    return {value for (value,) in con.execute(f"select distinct unnest([{texts}]) {relation}").fetchall() if value}


def _hyphenated_parts(token: str) -> Iterator[str]:
    """Yield a, b, c, a-b, b-c and a-b-c for a-b-c, as a hyphen may join a name to a word."""
    pieces = token.split("-")
    for start in range(len(pieces)):
        for end in range(start + 1, len(pieces) + 1):
            yield "-".join(pieces[start:end])
