"""gzip and zip: one file out of its container, into the scratch folder, never larger than allowed.

Belongs here: unpacking, and refusing what a container may hide. A name inside a container is never a path.
Does not belong here: what the unpacked file holds.
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

# What Python's reader raises for an archive that is damaged, or packed in a way it does not know.
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
    """The content of a gzip file. Raises Refusal when it is none or holds too much."""
    try:
        with gzip.open(path, "rb") as packed:
            return _unpacked(packed, scratch, limits)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise Refusal("file_is_whole", "The file is not a whole gzip file. Compress it and send it again.") from None


def unpack_zip(path: Path, scratch: Path, limits: Limits) -> Path:
    """The one file in a zip archive. Raises Refusal when it is none, or holds another number of files, or too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
            if len(entries) != 1:
                message = f"The archive holds {len(entries)} files. Put exactly one into it."
                raise Refusal("archive_holds_one_file", message)
            with _opened(archive, entries[0]) as packed:
                return _unpacked(packed, scratch, limits)
    except _BROKEN:
        raise _not_whole("zip archive") from None


def check_document(path: Path, limits: Limits, kind: str, watch: Callable[[str, bytes], None]) -> None:
    """Raise Refusal unless every entry of a zip-based document is whole and all together are small enough.

    Every entry is unpacked once, because what an archive says of its sizes may be a lie; `watch` sees each in pieces.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise Refusal("file_is_within_limits", f"The {kind} has {len(entries):,} parts; it cannot be read.")
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
    """Whether an entry is what operating systems leave in archives."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or not parts or parts[-1] in (".DS_Store", "Thumbs.db")


def _too_large(most: int) -> Refusal:
    return Refusal("file_is_within_limits", f"Unpacked the file is larger than {most:,} bytes. Split it by period.")


def _not_whole(kind: str) -> Refusal:
    return Refusal("file_is_whole", f"The file is not a whole {kind}. Was it cut off on the way? Send it again.")
