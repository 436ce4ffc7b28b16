"""Who is in the input, and whether an artefact names one of them.

Belongs here: the identifiers of the lake; decoding each kind of artefact to the values a reader would see.
Does not belong here: what to do about a name that is found (the gate, the tests).
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

# Columns of the lake whose values say who somebody or something of a partner is.
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
# Tables of corridor.toml in which a name is an identifier too.
NAMED_IN_CORRIDOR = ("partners", "terminals")
# A shorter one (a voyage called 12) would be found in any table of figures.
SHORTEST_IDENTIFIER = 4

# What stands between values that are looked at together: no token and no phrase reaches over it.
BETWEEN = " \n "
SHEETS = {"sheet": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
WORDS = re.compile(r"\w+(?:-\w+)*")


@dataclass(frozen=True)
class Found:
    """An identifier seen in an artefact: which file, where in it."""

    path: Path
    place: str
    identifier: str


def input_identifiers(lake: Path) -> frozenset[str]:
    """Every identifier in the accepted rows and in the corridor's tables of the lake, in lower case."""
    found: set[str] = set()
    with duckdb.connect(config=ONE_THREAD) as con:
        for folder in sorted((lake / "accepted").glob("*")):
            found |= _distinct(con, folder / "*.parquet", IDENTIFYING_COLUMNS)
        for name in NAMED_IN_CORRIDOR:
            found |= _distinct(con, lake / "corridor" / f"{name}.parquet", (*IDENTIFYING_COLUMNS, "name"))
    return frozenset(identifier for identifier in found if len(identifier) >= SHORTEST_IDENTIFIER)


def finder(identifiers: frozenset[str]) -> Callable[[str], frozenset[str]]:
    """A function that tells which identifiers stand in a text as whole tokens, whatever their case."""
    composed = identifiers.difference(WORDS.findall("\n".join(identifiers)))

    def find(text: str) -> frozenset[str]:
        text = text.lower()
        tokens = set(WORDS.findall(text))
        tokens |= {part for words in tokens if "-" in words for part in _parts(words)}
        phrases = {name for name in composed if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)}
        return frozenset(tokens & identifiers | phrases)

    return find


class NameSearch:
    """Looks for identifiers in one artefact after another, and remembers what it need not look at again."""

    def __init__(self, identifiers: frozenset[str]) -> None:
        self._find = finder(identifiers)
        self._clean: set[str] = set()

    def look_into(self, path: Path) -> list[Found]:
        """Every identifier that the artefact holds. Raises ValueError for a kind of file that cannot be decoded."""
        values = list(values_of(path))
        # The same figures stand in artefact after artefact, and nearly always nobody is named: one look at all.
        new = {text for _, text in values} - self._clean
        if self._find(BETWEEN.join(new)):
            return [Found(path, place, name) for place, text in values for name in sorted(self._find(text))]
        self._clean |= new
        return []


def values_of(path: Path) -> Iterator[tuple[str, str]]:
    """(place, text) of everything a reader of the artefact could see, descriptions and properties included."""
    decode = DECODERS.get(path.suffix)
    if decode is None:
        raise ValueError(f"{path} is no kind of file that can be searched for names: {', '.join(sorted(DECODERS))}")
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
    """Distinct values by column: a table of figures repeats itself."""
    columns = con.execute(f"select column_name, column_type from (describe {relation})").fetchall()
    # Bytes are read as the text they spell.
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
    """Distinct texts by part, all but the addresses that cells have: a sheet repeats its styles in every row."""
    from lxml import etree

    texts = etree.XPath("//text()", smart_strings=False)
    attributes = etree.XPath("//@*[not(parent::sheet:c)]", smart_strings=False, namespaces=SHEETS)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            root = etree.fromstring(archive.read(name))
            found = {*cast(list[str], texts(root)), *cast(list[str], attributes(root))}
            found |= {comment.text or "" for comment in root.iter(etree.Comment)}
            yield from ((name, text) for text in found)


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
        yield place, BETWEEN.join([element.text or "", *map(str, element.attrib.values())])


DECODERS = {
    ".duckdb": _duckdb_values,
    ".parquet": _parquet_values,
    ".csv": _csv_values,
    ".xlsx": _xlsx_values,
    ".json": _json_values,
    ".html": _html_values,
}


def _distinct(con: duckdb.DuckDBPyConnection, files: Path, columns: tuple[str, ...]) -> set[str]:
    relation = f"from read_parquet('{files}', union_by_name = true)"
    present = {name for (name,) in con.execute(f"select column_name from (describe {relation})").fetchall()}
    texts = ", ".join(f'lower(trim(cast("{name}" as varchar)))' for name in sorted(present.intersection(columns)))
    if not texts:
        return set()
    return {value for (value,) in con.execute(f"select distinct unnest([{texts}]) {relation}").fetchall() if value}


def _parts(words: str) -> Iterator[str]:
    """a-b-c holds a, b, c, a-b, b-c and a-b-c as tokens: a hyphen may join a name to another word."""
    pieces = words.split("-")
    for start in range(len(pieces)):
        for end in range(start + 1, len(pieces) + 1):
            yield "-".join(pieces[start:end])
