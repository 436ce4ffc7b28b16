"""Reading and changing written files row by row, so that a large file is never in memory as a whole.

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
    """Yield the rows of a file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def rewrite_rows(path: Path, change: Change, to: Path | None = None) -> None:
    """Rewrite a file row by row.

    Args:
        path: The file.
        change: Takes index and row, and returns the new row, or None to leave it out.
        to: Another file to write; without it the file is replaced.
    """
    new_file = path.with_name(f"new_{path.name}")
    columns = list(next(read_rows(path)))
    with open_text(new_file) as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        for i, row in enumerate(read_rows(path)):
            changed = change(i, row)
            if changed is not None:
                writer.writerow(changed)
    new_file.replace(to or path)


def find_rows(path: Path, wanted: Wanted, count: int = 1) -> list[tuple[int, Cells]]:
    """Return index and row of the first `count` rows that fulfil a condition."""
    found = list(islice(((i, row) for i, row in enumerate(read_rows(path)) if wanted(row)), count))
    if len(found) < count:
        raise LookupError(f"{path}: a fault needs {count} rows, but only {len(found)} fit")
    return found


def change_row(path: Path, wanted: Wanted, **cells: str) -> str:
    """Change cells of the first row that fulfils a condition; return its row number."""
    ((index, changed),) = find_rows(path, wanted)
    rewrite_rows(path, lambda i, row: changed | cells if i == index else row)
    return str(index + 2)
