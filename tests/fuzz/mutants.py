"""Mutants of good files: bytes changed anywhere, or changed inside an archive that stays readable.

Belongs here: seeds and mutations, all from one random generator. Does not belong here: assessing them (`fuzz.py`).
"""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import xlsxwriter

from orchestration.submissions.contracts.registry import CONTRACTS
from tests.support.ovd_sample import BUNKERS, BY_NOTE, LOG

HEADING = [column.name for column in CONTRACTS["fuel_consumption"].columns]
EXAMPLE = [column.example for column in CONTRACTS["fuel_consumption"].columns]
# File names of mutants by the ending of their seed. All others are filed as fuel_consumption.
NAMES = {
    "xml": "terminal_energy_2012-03_SMPL-T1.xml",
    "log.csv": "ovd_log_abstract_2025-03.csv",
    "notes.csv": "ovd_log_abstract_2025-03.csv",
    "bunkers.csv": "ovd_bunker_report_2025-03.csv",
}
GREEN_BUTTON = Path(__file__).parents[1] / "fixtures" / "formats" / "greenbutton_1dayLP_45Days.xml"

# Text that breaks readers: separators, quotes, line ends, numbers at their limits, commands of other programs.
TOKENS = [
    b"", b"\0", b"\n", b"\r", b"\r\n", b",", b";", b'"', b'""', b"'", b"\t", b" ", b"\xff", b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"nan", b"inf", b"-0", b"1e999", b"-1", b"1_000", b"0x1F", b"1,5", b"1.234,5", b"9" * 400, b"=1+1", b"@SUM(A1)",
    b"{", b"}", b"[", b"]", b"null", b"true", b"<", b">", b"&", b"&lol;", b"<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    b"]]>", "\u202e".encode(), "\u0660".encode(), b"x" * 5000, b"2025-02-30T25:61:00Z", b"9999-12-31T23:59:59+14:00",
    b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"r=\"XFD1048576\"", b"t=\"s\"", b"<v>", b"</row>",
    b"[" * 1000, b'{"a":' * 1000, b"<a>" * 1000,
]  # fmt: skip


def seeds(scratch: Path) -> dict[str, bytes]:
    """Return a good file of every format and layout, by its ending."""
    rows = [[*EXAMPLE[:1], f"2025-03-{day:02d}T00:00:00Z", f"2025-03-{day:02d}T12:00:00Z", *EXAMPLE[3:]]
            for day in range(1, 20)]  # fmt: skip
    text = "\n".join(",".join(line) for line in [HEADING, *rows]).encode() + b"\n"
    objects = [dict(zip(HEADING, row, strict=True)) for row in rows]
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate([HEADING, *rows]):
            sheet.write_row(number, 0, row)
    (scratch / "seed.csv").write_bytes(text)
    duckdb.sql(f"copy (from '{scratch}/seed.csv') to '{scratch}/seed.parquet' (format parquet)")
    return {
        "csv": text,
        "csv.gz": gzip.compress(text, mtime=0),
        "csv.zip": _zip({"fuel.csv": text}),
        "xlsx": book.getvalue(),
        "json": json.dumps(objects).encode(),
        "jsonl": "\n".join(map(json.dumps, objects)).encode(),
        "parquet": (scratch / "seed.parquet").read_bytes(),
        "xml": GREEN_BUTTON.read_bytes(),
        "log.csv": LOG.encode(),
        "notes.csv": BY_NOTE.encode(),
        "bunkers.csv": BUNKERS.encode(),
    }


def file_name(extension: str) -> str:
    """Return the name under which a mutant is filed."""
    return NAMES.get(extension, f"fuel_consumption_2025-03.{extension}")


def mutants(files: dict[str, bytes], seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield endings and contents without end, cycling through all formats. The same seed gives the same mutants."""
    chance = random.Random(seed)
    while True:
        for extension, content in files.items():
            inside = MUTATE_INSIDE.get(extension)
            if inside and chance.random() < 0.6:
                yield extension, inside(content, chance)
            else:
                yield extension, mutated(content, chance)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Make one to five changes: insert a token, replace, delete or repeat a piece, or flip a bit."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        start = chance.randrange(len(changed) + 1)
        end = min(len(changed), start + int(chance.expovariate(0.05)))
        match chance.randrange(5):
            case 0:
                changed[start:start] = chance.choice(TOKENS)
            case 1:
                changed[start:end] = chance.choice(TOKENS)
            case 2:
                del changed[start:end]
            case 3:
                changed[start:start] = changed[start:end] * chance.randint(1, 20)
            case 4 if start < len(changed):
                changed[start] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _inside_zip(content: bytes, chance: random.Random) -> bytes:
    """Return a readable archive in which one file is mutated."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    chosen = chance.choice(sorted(files))
    return _zip({**files, chosen: mutated(files[chosen], chance)})


def _inside_gzip(content: bytes, chance: random.Random) -> bytes:
    return gzip.compress(mutated(gzip.decompress(content), chance), compresslevel=1)


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


MUTATE_INSIDE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "csv.gz": _inside_gzip,
    "csv.zip": _inside_zip,
    "xlsx": _inside_zip,
}
