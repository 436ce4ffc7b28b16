"""Choose the module that reads a file, by the ending of its name, if the first bytes of the content agree.

Belongs here: the list of table formats and of compressions. Does not belong here: any format.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from orchestration.core.corridor_file import Limits
from orchestration.submissions.formats.compressed import unpack_gzip, unpack_zip
from orchestration.submissions.formats.csv_file import read_csv
from orchestration.submissions.formats.json_file import read_json, read_jsonl
from orchestration.submissions.formats.parquet_file import read_parquet
from orchestration.submissions.formats.text_table import TextTable
from orchestration.submissions.formats.xlsx_file import read_xlsx
from orchestration.submissions.receipt import Refusal

# Reads a file, with a scratch folder to write to, within limits.
Reader = Callable[[Path, Path, Limits], TextTable]

# Formats that hold one table with a heading, by the ending of the file name.
TABLE_READERS: dict[str, Reader] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "json": read_json,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
}
UNPACKERS = {"gz": unpack_gzip, "zip": unpack_zip}

# The first bytes of binary formats, and the endings that files with them may have. Text formats have no such mark.
SIGNATURES = {
    b"PK\x03\x04": ("xlsx", "zip"),
    b"PAR1": ("parquet",),
    b"\x1f\x8b": ("gz",),
    b"\xd0\xcf\x11\xe0": ("xls",),
    b"%PDF": ("pdf",),
}
BINARY = {extension for extensions in SIGNATURES.values() for extension in extensions}


def is_supported(extension: str, readers: Mapping[str, Reader]) -> bool:
    """Whether one of the readers reads files with this ending, which may name a compression too: csv, csv.gz."""
    inner, _, compression = extension.partition(".")
    return inner in readers and (not compression or compression in UNPACKERS)


def read(path: Path, extension: str, readers: Mapping[str, Reader], scratch: Path, limits: Limits) -> TextTable:
    """Read a file as a table of text. Raises Refusal if it cannot be read.

    Args:
        path: The file.
        extension: The ending of its name, for which `is_supported` must be true.
        readers: The formats of its layout.
        scratch: A folder for temporary files.
        limits: The limits of corridor.toml.
    """
    inner, _, compression = extension.partition(".")
    if compression:
        _check_signature(path, compression, readers)
        path = UNPACKERS[compression](path, scratch, limits)
    _check_signature(path, inner, readers)
    return readers[inner](path, scratch, limits)


def _check_signature(path: Path, extension: str, readers: Mapping[str, Reader]) -> None:
    """Raise Refusal if the first bytes are those of another format than the ending of the name says."""
    with path.open("rb") as file:
        head = file.read(8)
    kinds = next((kinds for signature, kinds in SIGNATURES.items() if head.startswith(signature)), ())
    if extension in kinds or (not kinds and extension not in BINARY):
        return
    if not head:
        raise Refusal("file_is_not_empty", "The file is empty. Send the heading and the rows.")
    if kinds:
        readable = next((kind for kind in kinds if kind in readers or kind in UNPACKERS), None)
        remedy = f"Rename it to .{readable}." if readable else "Save it as .xlsx or as CSV UTF-8 and send it again."
        message = f"The file name ends in .{extension}, but the content is a .{kinds[0]} file. {remedy}"
    else:
        message = (
            f"The file name ends in .{extension}, but the content is not in that format. Save the file as .{extension} "
            "and send it again."
        )
    raise Refusal("file_is_what_its_name_says", message)
