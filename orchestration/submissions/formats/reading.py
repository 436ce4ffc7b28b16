"""Which module reads a file: by the ending of its name, provided that its first bytes agree.

Belongs here: the list of formats, and what is inside gzip and zip. Does not belong here: any format.
"""

from collections.abc import Callable
from pathlib import Path

from orchestration.core.corridor_file import Limits
from orchestration.submissions.formats.compressed import unpack_gzip, unpack_zip
from orchestration.submissions.formats.csv_file import read_csv
from orchestration.submissions.formats.green_button import read_green_button
from orchestration.submissions.formats.json_file import read_json, read_jsonl
from orchestration.submissions.formats.parquet_file import read_parquet
from orchestration.submissions.formats.text_table import TextTable
from orchestration.submissions.formats.xlsx_file import read_xlsx
from orchestration.submissions.receipt import Refusal

Reader = Callable[[Path, Path, Limits], TextTable]
READERS: dict[str, Reader] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "json": read_json,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "xml": read_green_button,
}
UNPACKERS = {"gz": unpack_gzip, "zip": unpack_zip}
EXTENSIONS = tuple(READERS)

# How files of a kind begin; text formats have no such sign.
SIGNS = {
    b"PK\x03\x04": ("xlsx", "zip"),
    b"PAR1": ("parquet",),
    b"\x1f\x8b": ("gz",),
    b"\xd0\xcf\x11\xe0": ("xls",),
    b"%PDF": ("pdf",),
}
SIGNED = {extension for extensions in SIGNS.values() for extension in extensions}


def is_supported(extension: str) -> bool:
    """Whether files whose names end so are read: csv, csv.gz, xlsx.zip and the like; csv may be left out of none."""
    inner, _, packing = extension.partition(".")
    return inner in READERS and (not packing or packing in UNPACKERS)


def read(path: Path, extension: str, scratch: Path, limits: Limits) -> TextTable:
    """A file as a table of text. extension: as `is_supported` takes it. Raises Refusal for what cannot be read."""
    inner, _, packing = extension.partition(".")
    if packing:
        _check_sign(path, packing)
        path = UNPACKERS[packing](path, scratch, limits)
    _check_sign(path, inner)
    return READERS[inner](path, scratch, limits)


def _check_sign(path: Path, extension: str) -> None:
    """Raise Refusal when the first bytes are those of another kind of file than its name says."""
    with path.open("rb") as file:
        head = file.read(8)
    kinds = next((kinds for sign, kinds in SIGNS.items() if head.startswith(sign)), ())
    if extension in kinds or (not kinds and extension not in SIGNED):
        return
    if not head:
        raise Refusal("file_is_not_empty", "The file is empty. Send the heading and the rows.")
    if kinds:
        known = next((kind for kind in kinds if kind in READERS or kind in UNPACKERS), None)
        advice = f"Name it .{known}." if known else "Save it as .xlsx or as CSV UTF-8 and send it again."
        message = f"The name ends in .{extension}, but the file is of the kind .{kinds[0]}. {advice}"
    else:
        message = f"The name ends in .{extension}, but the file is none. Save it as .{extension} and send it again."
    raise Refusal("file_is_what_its_name_says", message)
