"""The lake: its paths, its Parquet columns, and the only code that writes into it.

Belongs here: paths, columns, and writing to a temporary name before renaming, so that a file is whole or absent.
Does not belong here: deciding what is written. Every step may be repeated: writing the same content again succeeds.
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

# Rows of lake/rejected: one check result each, warnings included; only errors reject their row. The columns of the
# dataset follow. They have the readable cells of a rejected row, and NULL otherwise.
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

# teu is NULL where the page has a blank cell. The newest vintage of a page is the current one.
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
    """A stream is longer than allowed."""


@dataclass(frozen=True)
class Lake:
    """The lake of a home. Every method that writes raises CorridorError if the lake cannot be written."""

    root: Path

    @cached_property
    def _con(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect()

    def raw_path(self, sha256: str) -> Path:
        """Return the path of bytes as received."""
        return self.root / "raw" / sha256[:2] / sha256

    def accepted_path(self, dataset: str, submission_id: str) -> Path:
        """Return the path of the accepted rows of a submission."""
        return self.root / "accepted" / dataset / f"{submission_id}.parquet"

    def rejected_path(self, dataset: str, submission_id: str) -> Path:
        """Return the path of the rejected rows of a submission."""
        return self.root / "rejected" / dataset / f"{submission_id}.parquet"

    def receipt_path(self, submission_id: str) -> Path:
        """Return the path of the receipt of a submission."""
        return self.root / "receipts" / f"{submission_id}.json"

    def keep_raw(self, stream: BufferedIOBase, max_bytes: int | None = None) -> str:
        """Store bytes as received and return their SHA-256 (hex), which names the file.

        Raises:
            TooManyBytesError: The stream is longer than max_bytes. Nothing is stored then.
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
            stored = self.raw_path(digest.hexdigest())
            stored.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(stored)
        return digest.hexdigest()

    def raw_bytes(self, sha256: str) -> bytes | None:
        """Return bytes as received; None if they are missing or damaged."""
        try:
            content = self.raw_path(sha256).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def write_snapshot(self, source_id: str, page: str, read_at: datetime, facts: Row) -> dict[str, Any]:
        """Store the facts of a page's new bytes: hash, address, headers, licence, and when they were first read.

        Args:
            source_id: The source.
            page: The lasting name of the page.
            read_at: The moment of the fetch, UTC.
            facts: The other facts.

        Returns:
            The whole snapshot, with source_id, page and read_at.
        """
        folder, name = self.root / "pages" / source_id, quote(page, safe="")
        # Under a fixed clock, a changed page would otherwise overwrite the snapshot that it revises.
        while (path := folder / f"{name}@{_stamp(read_at)}.json").exists():
            read_at += timedelta(microseconds=1)
        snapshot = {"source_id": source_id, "page": page, "read_at": read_at.isoformat(), **facts}
        with _placed(path) as temporary:
            temporary.write_bytes(as_json(snapshot))
        return snapshot

    def snapshots(self, source_id: str) -> list[dict[str, Any]]:
        """Return the snapshots of a source's pages, one per change of a page's bytes, oldest first."""
        snapshots = [json.loads(path.read_bytes()) for path in (self.root / "pages" / source_id).glob("*.json")]
        return sorted(snapshots, key=lambda snapshot: (snapshot["read_at"], snapshot["page"]))

    def newest_snapshots(self, source_id: str) -> dict[str, dict[str, Any]]:
        """Return the newest snapshot of each page of a source."""
        paths = sorted((self.root / "pages" / source_id).glob("*.json"))
        newest = {path.name.rpartition("@")[0]: path for path in paths}
        return {unquote(name): json.loads(path.read_bytes()) for name, path in newest.items()}

    def write_fetch_records(self, source_id: str, fetches: Iterable[Row]) -> None:
        """Store the last fetch of each page of a source, and delete records of pages that it no longer has."""
        folder = self.root / "fetches" / source_id
        by_path = {folder / f"{quote(str(fetch['page']), safe='')}.json": fetch for fetch in fetches}
        for path, fetch in by_path.items():
            with _placed(path) as temporary:
                temporary.write_bytes(as_json(fetch))
        for path in {*folder.glob("*.json")} - {*by_path}:
            path.unlink()

    def fetch_records(self, source_id: str) -> list[dict[str, Any]]:
        """Return the last fetch of each page of a source. If records are lost, the next fetch requests whole pages."""
        fetches = []
        for path in sorted((self.root / "fetches" / source_id).glob("*.json")):
            with suppress(OSError, ValueError):
                fetches.append(json.loads(path.read_bytes()))
        return fetches

    def write_receipt(self, submission_id: str, receipt: bytes) -> None:
        """Commit a submission. The receipt is written last; it proves that everything else is in place."""
        with _placed(self.receipt_path(submission_id)) as temporary:
            temporary.write_bytes(receipt)

    def receipts(self) -> list[dict[str, Any]]:
        """Return every receipt, in the order of submission ids."""
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
        """Return the path of a vintage of a page."""
        return self.root / "throughput" / source_id / f"{quote(page, safe='')}@{_stamp(vintage_at)}.parquet"

    def vintage_files(self, source_id: str) -> list[Path]:
        """Return the vintages of a source's pages; those of one page are ordered oldest first."""
        return sorted((self.root / "throughput" / source_id).glob("*@*.parquet"))

    def stage_vintage(
        self, source_id: str, page: str, observations: Iterable[Row], content_sha256: str, vintage_at: datetime
    ) -> Path:
        """Write a vintage under a name that no reader uses; `place_vintage` makes it visible.

        Args:
            source_id: The source.
            page: The lasting name of the page.
            observations: Rows of THROUGHPUT_TYPES without source_id, page, vintage_at and content_sha256.
            content_sha256: The hash of the page's bytes.
            vintage_at: The moment at which the page was read, UTC.
        """
        path = self.vintage_path(source_id, page, vintage_at).with_suffix(".staged")
        stamp = {"vintage_at": naive(vintage_at), "content_sha256": content_sha256}
        rows = [{**row, "source_id": source_id, "page": page, **stamp} for row in observations]
        self._write_rows(path, rows, THROUGHPUT_TYPES)
        return path

    def place_vintage(self, staged: Path, source_id: str) -> Path:
        """Make a staged vintage, or one from a scratch lake, visible among those of its source."""
        path = self.root / "throughput" / source_id / f"{staged.stem}.parquet"
        with _placed(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(path)
        return path

    def drop_vintage(self, path: Path) -> None:
        """Delete a staged vintage, or one that its page no longer gives; both can be derived again."""
        path.unlink(missing_ok=True)

    @contextmanager
    def scratch(self) -> Iterator["Lake"]:
        """Yield an empty lake inside this one, deleted at the end; its files are moved here by renaming."""
        self.root.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".scratch-", dir=self.root) as folder:
            yield Lake(Path(folder))

    def write_schemas(self, contracts: Iterable[Contract], source_ids: Iterable[str]) -> None:
        """Write files without rows, so that a dataset that nobody filed is empty instead of an error."""
        for contract in contracts:
            self._write_rows(self.accepted_path(contract.dataset, "_schema"), [], contract.accepted_types)
            self._write_rows(self.rejected_path(contract.dataset, "_schema"), [], REJECTED_TYPES | contract.own_types)
        for source_id in [*source_ids] or ["none"]:
            self._write_rows(self.root / "throughput" / source_id / "_schema.parquet", [], THROUGHPUT_TYPES)

    def _write_rows(self, path: Path, rows: Iterable[Row], types: Mapping[str, str]) -> None:
        with _rows_as_sql(path, rows, types) as select:
            self.copy_rows(self._con, select, path)


def as_json(content: Row) -> bytes:
    """Return a snapshot or receipt as indented JSON in UTF-8."""
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


@contextmanager
def _placed(path: Path) -> Iterator[Path]:
    """Yield a temporary path that is renamed to `path` at the end, unless the block has moved it itself."""
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
        raise CorridorError(f"{path} cannot be written: {reason}. Received data is stored there.") from None


@contextmanager
def _rows_as_sql(path: Path, rows: Iterable[Row], types: Mapping[str, str]) -> Iterator[str]:
    """Yield SQL that selects the rows with their types, through a JSON file, which needs no quoting."""
    with _placed(path.with_name(f".{path.name}.jsonl")) as lines:
        lines.write_text("".join(json.dumps(dict(row), default=str) + "\n" for row in rows), encoding="utf-8")
        columns = ", ".join(f"'{name}': '{sql_type}'" for name, sql_type in types.items())
        yield f"select * from read_json('{_quoted(lines)}', format = 'newline_delimited', columns = {{{columns}}})"
        lines.unlink()


def _stamp(moment: datetime) -> str:
    """Return a moment (UTC) as text for file names, which then sort by time."""
    return f"{moment:%Y%m%dT%H%M%S.%fZ}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def naive(moment: datetime) -> datetime:
    """Return a UTC moment without its zone, as the lake's TIMESTAMP columns need it."""
    return moment.replace(tzinfo=None)
