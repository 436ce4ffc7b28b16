"""The only module that writes into the lake, and where each thing lies in it.

Belongs here: paths, Parquet shapes, writing to a temporary name and renaming, so that a file is whole or absent.
Does not belong here: deciding what is written. Any step may be repeated: writing the same thing again is success.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from io import BufferedIOBase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, unquote

import duckdb

from orchestration.core.clock import RunClock
from orchestration.core.contract import Contract
from orchestration.core.corridor_tables import CORRIDOR_SCHEMAS, corridor_rows
from orchestration.core.errors import CorridorError
from orchestration.core.settings import Settings

CHUNK_BYTES = 1 << 20

# Rows of lake/rejected: one finding each, warnings too; only errors reject their row. The dataset's own columns follow:
# of a row that an error rejects what can be read of it, else NULL.
REJECTED_TYPES = {
    "submission_id": "VARCHAR",
    "partner_id": "VARCHAR",
    "row_number": "BIGINT",
    "column_name": "VARCHAR",
    "value": "VARCHAR",
    "rule": "VARCHAR",
    "severity": "VARCHAR",
    "message": "VARCHAR",
}

# teu NULL: the page has the cell and it is blank. Current is the newest vintage of a source's page.
THROUGHPUT_TYPES = {
    "source_id": "VARCHAR",
    "page": "VARCHAR",
    "port_locode": "VARCHAR",
    "period_grain": "VARCHAR",
    "period_start": "DATE",
    "measure": "VARCHAR",
    "teu": "DECIMAL(14, 2)",
    "precision": "VARCHAR",
    "status": "VARCHAR",
    "citation": "VARCHAR",
    "vintage_at": "TIMESTAMP",
    "content_sha256": "VARCHAR",
}

SUBMISSIONS_TYPES = {
    "submission_id": "VARCHAR",
    "partner_id": "VARCHAR",
    "dataset": "VARCHAR",
    "period": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "received_at": "TIMESTAMP",
    "ordinal": "INTEGER",
    "verdict": "VARCHAR",
    "rows_read": "BIGINT",
    "rows_accepted": "BIGINT",
    "rows_rejected": "BIGINT",
    "content_sha256": "VARCHAR",
    "file_name": "VARCHAR",
    "supersedes": "VARCHAR",
}

Row = Mapping[str, object]


class TooManyBytesError(Exception):
    """A stream holds more than may be kept of it."""


@dataclass(frozen=True)
class Lake:
    """The lake of a home. Every method that writes raises CorridorError when the lake cannot be written."""

    root: Path

    @cached_property
    def _con(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect()

    def raw_path(self, sha256: str) -> Path:
        return self.root / "raw" / sha256[:2] / sha256

    def accepted_path(self, dataset: str, submission_id: str) -> Path:
        return self.root / "accepted" / dataset / f"{submission_id}.parquet"

    def rejected_path(self, dataset: str, submission_id: str) -> Path:
        return self.root / "rejected" / dataset / f"{submission_id}.parquet"

    def receipt_path(self, submission_id: str) -> Path:
        return self.root / "receipts" / f"{submission_id}.json"

    def keep_raw(self, stream: BufferedIOBase, max_bytes: int | None = None) -> str:
        """Keep bytes as received, under their SHA-256, which is returned (hex).

        Raises TooManyBytesError, keeping nothing, beyond max_bytes.
        """
        digest, received = hashlib.sha256(), 0
        with _placed(self.root / "raw" / "receiving") as temporary:
            with temporary.open("wb") as out:
                while chunk := stream.read(CHUNK_BYTES):
                    received += len(chunk)
                    if max_bytes is not None and received > max_bytes:
                        raise TooManyBytesError
                    digest.update(chunk)
                    out.write(chunk)
            kept = self.raw_path(digest.hexdigest())
            kept.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(kept)
        return digest.hexdigest()

    def raw_bytes(self, sha256: str) -> bytes | None:
        """Bytes as received; None when they are not there, or are no longer what they were."""
        try:
            content = self.raw_path(sha256).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def write_card(self, source_id: str, page: str, read_at: datetime, card: Row) -> dict[str, Any]:
        """Keep when a page was read and what its server said (address, headers, licence), once for every change.

        card: without source_id, page and read_at (UTC), which the card returned has too.
        """
        folder, name = self.root / "pages" / source_id, quote(page, safe="")
        # Under a fixed clock a changed page would take the place of the reading it revises.
        while (path := folder / f"{name}@{_stamp(read_at)}.json").exists():
            read_at += timedelta(microseconds=1)
        whole = {"source_id": source_id, "page": page, "read_at": read_at.isoformat(), **card}
        with _placed(path) as temporary:
            temporary.write_bytes(as_json(whole))
        return whole

    def cards(self, source_id: str) -> list[dict[str, Any]]:
        """Every reading of a source's pages that differed from the one before, oldest first."""
        cards = [json.loads(path.read_bytes()) for path in (self.root / "pages" / source_id).glob("*.json")]
        return sorted(cards, key=lambda card: (card["read_at"], card["page"]))

    def newest_cards(self, source_id: str) -> dict[str, dict[str, Any]]:
        """The newest reading of each page of a source."""
        paths = sorted((self.root / "pages" / source_id).glob("*.json"))
        newest = {path.name.rpartition("@")[0]: path for path in paths}
        return {unquote(name): json.loads(path.read_bytes()) for name, path in newest.items()}

    def write_looks(self, source_id: str, looks: Iterable[Row]) -> None:
        """Keep what came of the last look at each page of a source, and forget pages that it no longer has."""
        folder = self.root / "looks" / source_id
        kept = {folder / f"{quote(str(look['page']), safe='')}.json": look for look in looks}
        for path, look in kept.items():
            with _placed(path) as temporary:
                temporary.write_bytes(as_json(look))
        for path in {*folder.glob("*.json")} - {*kept}:
            path.unlink()

    def looks(self, source_id: str) -> list[dict[str, Any]]:
        """What came of the last look at each page of a source. Losing them costs one full reading of each page."""
        looks = []
        for path in sorted((self.root / "looks" / source_id).glob("*.json")):
            with suppress(OSError, ValueError):
                looks.append(json.loads(path.read_bytes()))
        return looks

    def write_receipt(self, submission_id: str, receipt: bytes) -> None:
        """Commit a submission: written last, a receipt says that everything else of it is in place."""
        with _placed(self.receipt_path(submission_id)) as temporary:
            temporary.write_bytes(receipt)

    def receipts(self) -> list[dict[str, Any]]:
        """Every receipt, in the order of their ids."""
        folder = self.root / "receipts"
        return [json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]

    def copy_rows(self, con: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
        """Write the rows of a query as Parquet."""
        with _placed(path) as temporary:
            con.execute(f"copy ({select}) to '{_quoted(temporary)}' (format parquet)")

    def write_submissions(self, rows: Iterable[Row]) -> None:
        """Rewrite the index of all receipts; rows as SUBMISSIONS_TYPES, other keys ignored."""
        self._write_rows(self.root / "intake" / "submissions.parquet", rows, SUBMISSIONS_TYPES)

    def write_corridor(self, settings: Settings, clock: RunClock, code_version: str) -> None:
        """Rewrite the tables of corridor.toml and the one row of `run`; shapes as CORRIDOR_SCHEMAS."""
        run = {"as_of": clock.as_of, "run_at": naive(clock.now), "code_version": code_version}
        for name, rows in {**corridor_rows(settings), "run": [run]}.items():
            self._write_rows(self.root / "corridor" / f"{name}.parquet", rows, CORRIDOR_SCHEMAS[name])

    def vintage_path(self, source_id: str, page: str, vintage_at: datetime) -> Path:
        return self.root / "throughput" / source_id / f"{quote(page, safe='')}@{_stamp(vintage_at)}.parquet"

    def vintage_files(self, source_id: str) -> list[Path]:
        """The vintages of a source's pages, those of one page oldest first."""
        return sorted((self.root / "throughput" / source_id).glob("*@*.parquet"))

    def stage_vintage(
        self, source_id: str, page: str, observations: Iterable[Row], content_sha256: str, vintage_at: datetime
    ) -> Path:
        """Write what a page says beside its vintages, where no reader looks; keep_vintage puts it in its place.

        observations: rows of THROUGHPUT_TYPES without source_id, page, vintage_at (UTC) and content_sha256.
        """
        path = self.vintage_path(source_id, page, vintage_at).with_suffix(".staged")
        stamp = {"vintage_at": naive(vintage_at), "content_sha256": content_sha256}
        rows = [{**row, "source_id": source_id, "page": page, **stamp} for row in observations]
        self._write_rows(path, rows, THROUGHPUT_TYPES)
        return path

    def keep_vintage(self, staged: Path, source_id: str) -> Path:
        """Put a staged vintage, or one built aside, in its place among those of its source."""
        path = self.root / "throughput" / source_id / f"{staged.stem}.parquet"
        with _placed(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(path)
        return path

    def drop_vintage(self, path: Path) -> None:
        """Remove what can be derived again: a staged vintage, or one that its page no longer gives."""
        path.unlink(missing_ok=True)

    @contextmanager
    def aside(self) -> Iterator["Lake"]:
        """An empty lake inside this one, gone when the block ends: what is built there is put in place by renaming."""
        self.root.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".aside-", dir=self.root) as folder:
            yield Lake(Path(folder))

    def write_schemas(self, contracts: Iterable[Contract], source_ids: Iterable[str]) -> None:
        """Put a file without rows where readers glob, so that a dataset nobody filed is empty, not an error."""
        for contract in contracts:
            self._write_rows(self.accepted_path(contract.dataset, "_schema"), [], contract.accepted_types)
            self._write_rows(self.rejected_path(contract.dataset, "_schema"), [], REJECTED_TYPES | contract.own_types)
        for source_id in [*source_ids] or ["none"]:
            self._write_rows(self.root / "throughput" / source_id / "_schema.parquet", [], THROUGHPUT_TYPES)

    def _write_rows(self, path: Path, rows: Iterable[Row], types: Mapping[str, str]) -> None:
        with _rows_as_sql(path, rows, types) as select:
            self.copy_rows(self._con, select, path)


def as_json(content: Row) -> bytes:
    """Cards and receipts as they are written: readable, UTF-8."""
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


@contextmanager
def _placed(path: Path) -> Iterator[Path]:
    """A temporary path that becomes `path` when the block ends well, unless the block has moved it itself."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        if temporary.exists():
            temporary.replace(path)
    except TooManyBytesError:
        temporary.unlink()
        raise
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CorridorError(f"{path} cannot be written: {reason}. The lake keeps everything received there.") from None


@contextmanager
def _rows_as_sql(path: Path, rows: Iterable[Row], types: Mapping[str, str]) -> Iterator[str]:
    """SQL that selects the rows with their types; through a JSON file, the one carrier that needs no quoting."""
    with _placed(path.with_name(f".{path.name}.jsonl")) as lines:
        lines.write_text("".join(json.dumps(dict(row), default=str) + "\n" for row in rows), encoding="utf-8")
        columns = ", ".join(f"'{name}': '{sql_type}'" for name, sql_type in types.items())
        yield f"select * from read_json('{_quoted(lines)}', format = 'newline_delimited', columns = {{{columns}}})"
        lines.unlink()


def _stamp(moment: datetime) -> str:
    """A moment (UTC) as it stands in the names of files, which then sort by it."""
    return f"{moment:%Y%m%dT%H%M%S.%fZ}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def naive(moment: datetime) -> datetime:
    """A UTC moment without its zone, as the lake's TIMESTAMP columns hold it."""
    return moment.replace(tzinfo=None)
