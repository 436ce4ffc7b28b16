"""JSON: a list of objects, or one object per line (jsonl). Values stay as they are written.

Belongs here: turning objects into rows. Does not belong here: what a value means.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from orchestration.core.corridor_file import Limits
from orchestration.submissions.formats.text_table import TextTable, check_width, rewritten
from orchestration.submissions.receipt import Refusal

# Everything up to the next bracket, inside strings or outside. The possessive quantifiers read each byte only once.
_TO_BRACKET = re.compile(rb"""(?s)(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+"?)*+([\[\]{}]|\Z)""")

Record = dict[str, str]
Numbered = Callable[[], Iterable[tuple[int, object]]]


def read_json(path: Path, scratch: Path, limits: Limits) -> TextTable:
    """Read a list of objects with one value per name. Rows count from 1.

    Args:
        path: The file.
        scratch: A folder for temporary files.
        limits: The limits of corridor.toml.

    Raises:
        Refusal: The file is something else, or is larger than documents may be.
    """
    if path.stat().st_size > limits.max_document_bytes:
        message = f"The file is larger than the {limits.max_document_bytes:,} bytes allowed for .json."
        raise Refusal("file_is_within_limits", f"{message} Send it as .jsonl, .csv or .parquet.")
    content = _parsed(path.read_bytes(), "The file", limits)
    if not isinstance(content, list):
        raise Refusal("file_is_json", "The file is JSON, but not a list of objects. Write it as [{...}, {...}].")
    return _table(lambda: enumerate(content, start=1), scratch, limits)


def read_jsonl(path: Path, scratch: Path, limits: Limits) -> TextTable:
    """Read one object per line. Row numbers are line numbers. Raises Refusal for anything else.

    Args:
        path: The file.
        scratch: A folder for temporary files.
        limits: The limits of corridor.toml.
    """

    def lines() -> Iterator[tuple[int, object]]:
        most = limits.max_columns * limits.max_cell_characters
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(most + 1), b""), start=1):
                if len(line) > most:
                    raise Refusal("file_is_within_limits", f"Line {number} is longer than the {most:,} bytes allowed.")
                if line.strip():
                    yield number, _parsed(line, f"Line {number}", limits)

    return _table(lines, scratch, limits)


def _table(numbered: Numbered, scratch: Path, limits: Limits) -> TextTable:
    """Collect the names in a first pass, and the rows in a second."""
    heading: dict[str, None] = {}
    for number, item in numbered():
        heading.update(dict.fromkeys(_record(number, item)))
        check_width(list(heading), limits)
    if not heading:
        raise Refusal("file_is_not_empty", "The file has no objects with values. Send the rows.")
    rows = ((number, [_record(number, item).get(name, "") for name in heading]) for number, item in numbered())
    return rewritten(list(heading), rows, scratch, limits)


def _parsed(content: bytes, what: str, limits: Limits) -> object:
    """Parse JSON with numbers as the text that is written. Nesting is counted first, because the parser recurses."""
    if _nests_deeper(content, limits.max_nesting):
        raise Refusal(
            "file_is_within_limits",
            f"{what} has lists or objects nested more than {limits.max_nesting} deep. "
            "Send objects with one value for each name.",
        )
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            parse_int=str,
            parse_float=str,
            parse_constant=str,
            object_pairs_hook=_without_repeats,
        )
    except json.JSONDecodeError as error:
        place = f" in line {error.lineno}" if what == "The file" else ""
        raise Refusal(
            "file_is_json", f"{what} is not JSON: {error.msg}{place}, column {error.colno}. Correct it there."
        ) from None
    except UnicodeDecodeError:
        raise Refusal("file_is_utf8", f"{what} is not in UTF-8. Save it as UTF-8 and send it again.") from None


def _nests_deeper(content: bytes, most: int) -> bool:
    if content.count(b"[") + content.count(b"{") <= most:
        return False
    depth = 0
    for bracket in _TO_BRACKET.finditer(content):
        depth += 1 if bracket[1] in (b"[", b"{") else -1
        if depth > most:
            return True
    return False


def _without_repeats(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, value in pairs:
        if name in values:
            raise Refusal("names_are_unique", f"An object has the name {name[:80]} twice. Keep only one of them.")
        values[name] = value
    return values


def _record(number: int, item: object) -> Record:
    if not isinstance(item, dict):
        raise Refusal("file_is_json", f"Row {number} is not an object with names and values.")
    return {name.strip(): _text(number, name, value) for name, value in item.items()}


def _text(number: int, name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
    raise Refusal(
        "values_are_flat", f"The value of {name[:80]} in row {number} is a list or an object. Give one value."
    )
