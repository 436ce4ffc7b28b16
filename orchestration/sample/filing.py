"""Rows into files: one file per partner, dataset and period, written row by row.

Belongs here: file names, CSV, compression that gives the same bytes every time.
Does not belong here: the content of the rows.
"""

import csv
import gzip
import io
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from orchestration.core.corridor_file import PeriodGrain
from orchestration.sample.network import Partner
from orchestration.sample.timeline import moment, period_name
from orchestration.submissions.contracts.registry import CONTRACTS

# Datasets that are compressed if a file spans more than a month.
COMPRESSED = ("fuel_consumption", "voyage_legs", "rob")

Row = dict[str, str | int | float | None]


class Cabinet:
    """The open files of all partners, as a context manager. Rows that end outside [start, end) are not filed."""

    def __init__(self, inbox: Path, start: int, end: int, grain: PeriodGrain | None = None) -> None:
        self.inbox, self.start, self.end, self.grain = inbox, start, end, grain
        self._writers: dict[tuple[str, str, str], Any] = {}
        self._stack = ExitStack()

    def __enter__(self) -> "Cabinet":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def file(self, partner: Partner, dataset: str, row_end: int | date, row: Row) -> None:
        """Write a row into the file of its period; columns that it lacks stay blank.

        Args:
            partner: The partner that files it.
            dataset: The dataset.
            row_end: The minute or day on which the row ends.
            row: The cells by column.
        """
        if isinstance(row_end, int):
            if not self.start <= row_end < self.end:
                return
            row_end = moment(row_end).date()
        grain = partner.files[dataset][0]
        if self.grain and grain != "register":
            grain = self.grain
        key = (partner.id, dataset, period_name(row_end, grain))
        if key not in self._writers:
            self._writers[key] = self._open(key, compressed=dataset in COMPRESSED and grain in ("quarter", "year"))
        self._writers[key].writerow(row)

    def _open(self, key: tuple[str, str, str], compressed: bool) -> "csv.DictWriter[str]":
        partner_id, dataset, period = key
        path = self.inbox / partner_id / f"{dataset}_{period}.csv{'.gz' if compressed else ''}"
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = self._stack.enter_context(open_text(path))
        writer = csv.DictWriter(stream, list(CONTRACTS[dataset].by_name), lineterminator="\n")
        writer.writeheader()
        return writer


class _Gzip(io.TextIOWrapper):
    """A gzip text file without name and time in its header; closing it closes the underlying file too."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        super().__init__(
            gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=self._file, mtime=0),
            encoding="utf-8",
            newline="",
        )

    def close(self) -> None:
        """Close both files."""
        super().close()
        self._file.close()


def open_text(path: Path) -> IO[str]:
    """Open a text file for writing; it is compressed if its name ends in .gz."""
    return _Gzip(path) if path.suffix == ".gz" else path.open("w", encoding="utf-8", newline="")
