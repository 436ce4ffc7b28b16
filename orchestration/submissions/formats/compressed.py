"""gzip and zip: unpack one file into the scratch folder, never more than allowed.

Belongs here: unpacking, and refusing dangerous archives. A name inside an archive is never used as a path.
Does not belong here: the content of the unpacked file.
"""

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import IO

from orchestration.core.corridor_file import Limits
from orchestration.submissions.receipt import Refusal

CHUNK_BYTES = 1 << 20
MAX_ENTRIES = 1000

# What Python's reader raises for an archive that is damaged, or packed with a method that it does not support.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
)


def unpack_gzip(path: Path, scratch: Path, limits: Limits) -> Path:
    """Unpack a gzip file. Raises Refusal if it is not one, or if its content is too large.

    Args:
        path: The file.
        scratch: A folder for temporary files.
        limits: The limits of corridor.toml.
    """
    try:
        with gzip.open(path, "rb") as packed:
            return _unpacked(packed, scratch, limits)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise _not_whole("gzip file") from None


def unpack_zip(path: Path, scratch: Path, limits: Limits) -> Path:
    """Unpack the only file of a zip archive.

    Args:
        path: The file.
        scratch: A folder for temporary files.
        limits: The limits of corridor.toml.

    Raises:
        Refusal: The content is not a zip archive, does not have exactly one file, or is too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
            if len(entries) != 1:
                message = f"The archive has {len(entries)} files. Put exactly one into it."
                raise Refusal("archive_holds_one_file", message)
            with _opened(archive, entries[0]) as packed:
                return _unpacked(packed, scratch, limits)
    except _BROKEN:
        raise _not_whole("zip archive") from None


def check_document(path: Path, limits: Limits, kind: str, watch: Callable[[str, bytes], None]) -> None:
    """Raise Refusal unless every entry of a zip-based document is complete, and all together are small enough.

    Every entry is unpacked once, because the sizes that an archive states may be false.

    Args:
        path: The file.
        limits: The limits of corridor.toml.
        kind: What the document is called in a message.
        watch: Called with the name and the content of each piece.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise Refusal("file_is_within_limits", f"The {kind} has {len(entries):,} parts, too many to read.")
            left = limits.max_unpacked_document_bytes
            for entry in entries:
                with _opened(archive, entry) as part:
                    while chunk := part.read(CHUNK_BYTES):
                        left -= len(chunk)
                        if left < 0:
                            raise _too_large(limits.max_unpacked_document_bytes)
                        watch(entry.filename, chunk)
    except _BROKEN:
        raise _not_whole(kind) from None


def _opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    if entry.flag_bits & 1:
        raise Refusal("file_is_not_encrypted", "The file is protected by a password. Send it without one.")
    return archive.open(entry)


def _unpacked(packed: BufferedIOBase | IO[bytes], scratch: Path, limits: Limits) -> Path:
    unpacked = scratch / "unpacked"
    left = limits.max_unpacked_bytes
    with unpacked.open("wb") as out:
        while chunk := packed.read(CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                raise _too_large(limits.max_unpacked_bytes)
            out.write(chunk)
    return unpacked


def _is_litter(name: str) -> bool:
    """Whether an entry is one that operating systems add to archives."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or not parts or parts[-1] in (".DS_Store", "Thumbs.db")


def _too_large(most: int) -> Refusal:
    return Refusal(
        "file_is_within_limits", f"The unpacked file is larger than the {most:,} bytes allowed. Split it by period."
    )


def _not_whole(kind: str) -> Refusal:
    return Refusal(
        "file_is_whole", f"The content is not a complete {kind}. Perhaps it was cut off on the way. Send it again."
    )
