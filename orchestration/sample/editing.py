"""Files already written, read and changed row by row, so that a large file is never held in memory.

Belongs here: reading and rewriting. Does not belong here: which rows are changed, and why.
"""

import csv
import gzip
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from orchestration.sample.filing import open_text

Cells = dict[str, str]
Wanted = Callable[[Cells], bool]
Change = Callable[[int, Cells], Cells | None]


def read_rows(path: Path) -> Iterator[Cells]:
    """The rows of a file, one at a time."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def rewrite_rows(path: Path, change: Change, to: Path | None = None) -> None:
    """Write every row of a file anew, one at a time, to `to` or in its place; a row changed to None is left out."""
    aside = path.with_name(f"new_{path.name}")
    columns = list(next(read_rows(path)))
    with open_text(aside) as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        for i, row in enumerate(read_rows(path)):
            changed = change(i, row)
            if changed is not None:
                writer.writerow(changed)
    aside.replace(to or path)


def find_rows(path: Path, wanted: Wanted, count: int = 1) -> list[tuple[int, Cells]]:
    """(index, row) of the first `count` rows that are wanted."""
    found = list(islice(((i, row) for i, row in enumerate(read_rows(path)) if wanted(row)), count))
    if len(found) < count:
        raise LookupError(f"{path}: {count} rows to plant a fault in were wanted and {len(found)} found")
    return found


def change_row(path: Path, wanted: Wanted, **cells: str) -> str:
    """Change cells of the first row that is wanted; its number."""
    ((index, changed),) = find_rows(path, wanted)
    rewrite_rows(path, lambda i, row: changed | cells if i == index else row)
    return str(index + 2)
