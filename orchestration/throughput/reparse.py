"""Parsing every stored page again with today's parsers: all vintages made anew, each as of the moment it was read.

Belongs here: repeating the readings in their order, replacing the vintages, reporting which figures differ.
Does not belong here: the rule for a vintage (`vintages.py`).
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.core.errors import CorridorError
from orchestration.core.lake import Lake
from orchestration.core.query import Record, records
from orchestration.core.settings import Settings
from orchestration.throughput.fetch import known_readers, page_of
from orchestration.throughput.vintages import Vintages, load_vintages

DIFFERING = """
    select page, vintage_at, port_locode, period_grain, period_start, measure,
        before.teu as old_teu, after.teu, before.status as old_status, after.status
    from before
    full join after using (page, vintage_at, port_locode, period_grain, period_start, measure)
    where before.teu is distinct from after.teu or before.precision is distinct from after.precision
        or before.status is distinct from after.status or before.citation is distinct from after.citation
    order by page, vintage_at, port_locode, period_grain, period_start, measure
"""


def reparse_pages(settings: Settings) -> Iterator[str]:
    """Make every vintage anew and yield a line per figure that differs. The caller must hold the home lock.

    All pages are parsed before the first vintage is replaced. Vintages without a stored snapshot stay.

    Raises:
        CorridorError: The bytes of a page are missing from the lake. Nothing has been changed then.
    """
    lake, readers = Lake(settings.lake), known_readers(settings)
    with lake.scratch() as scratch:
        count = 0
        for source in settings.file.sources:
            vintages = Vintages(scratch, source, readers[source.id])
            for snapshot in lake.snapshots(source.id):
                content = lake.raw_bytes(snapshot["content_sha256"])
                if content is None:
                    path = lake.raw_path(snapshot["content_sha256"])
                    raise CorridorError(
                        f"{path} is missing or damaged: it is the page {snapshot['page']} "
                        f"as read at {snapshot['read_at']}. Bring it back from a backup; nothing was changed."
                    )
                page = page_of(snapshot, content)
                vintages.add(page, snapshot["content_sha256"], readers[source.id].parse(page))
                count += 1
        yield f"Parsed {count} public pages again"
        for source in settings.file.sources:
            differing = _differing(lake, scratch, source.id)
            yield from (f"{source.id}: {_sentence(figure)}" for figure in differing)
            yield f"{source.id}: {len(differing)} figures differ"
            _replace_vintages(lake, scratch, source.id)


def _differing(lake: Lake, scratch: Lake, source_id: str) -> list[Record]:
    with duckdb.connect() as con:
        load_vintages(con, "before", lake.vintage_files(source_id))
        load_vintages(con, "after", scratch.vintage_files(source_id))
        return records(con, DIFFERING)


def _replace_vintages(lake: Lake, scratch: Lake, source_id: str) -> None:
    """Replace the vintages that differ, file by file. If it is interrupted, the next reparse completes it."""
    made = {path.name: path for path in scratch.vintage_files(source_id)}
    with_snapshot = {
        lake.vintage_path(source_id, snapshot["page"], datetime.fromisoformat(snapshot["read_at"])).name
        for snapshot in lake.snapshots(source_id)
    }
    present = {path.name: path for path in lake.vintage_files(source_id)}
    for name, path in made.items():
        if not _same_content(path, present.get(name)):
            lake.place_vintage(path, source_id)
    for name in (present.keys() & with_snapshot) - made.keys():
        lake.drop_vintage(present[name])


def _same_content(made: Path, present: Path | None) -> bool:
    return present is not None and made.read_bytes() == present.read_bytes()


def _sentence(figure: Record) -> str:
    """Describe a figure that differs: which one, its value before and its value now."""
    sides = {"": (figure["old_teu"], figure["old_status"]), "now ": (figure["teu"], figure["status"])}
    values = [f"{when}{'absent' if status is None else f'{teu} {status}'}" for when, (teu, status) in sides.items()]
    period = f"{figure['period_grain']} {figure['period_start']:%Y-%m}"
    return (
        f"{figure['page']} as read at {figure['vintage_at']:%Y-%m-%d %H:%M}: {figure['port_locode']} {period} "
        f"{figure['measure']}: {', '.join(values)}"
    )
