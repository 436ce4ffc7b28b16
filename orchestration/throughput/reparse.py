"""Every page ever read, parsed again with today's parsers: the vintages made anew, each of the moment it was read.

Belongs here: replaying the readings in their order, putting the outcome in place, saying which figures differ.
Does not belong here: what becomes a vintage (vintages).
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
    """Make every vintage anew, and say what that changed, figure by figure. Holder of the lock only.

    All pages are parsed before the first vintage is replaced. Vintages of which no reading is kept stay.
    Raises CorridorError when a page's bytes are no longer in the lake; nothing is changed then.
    """
    lake, readers = Lake(settings.lake), known_readers(settings)
    with lake.aside() as aside:
        readings = 0
        for source in settings.file.sources:
            vintages = Vintages(aside, source, readers[source.id])
            for card in lake.cards(source.id):
                content = lake.raw_bytes(card["content_sha256"])
                if content is None:
                    raise CorridorError(
                        f"{lake.raw_path(card['content_sha256'])} is missing or damaged: it is the page {card['page']} "
                        f"as read at {card['read_at']}. Bring it back from a backup; nothing was changed."
                    )
                page = page_of(card, content)
                vintages.put(page, card["content_sha256"], readers[source.id].parse(page))
                readings += 1
        yield f"Parsed {readings} public pages again"
        for source in settings.file.sources:
            differing = _differing(lake, aside, source.id)
            yield from (f"{source.id}: {_told(figure)}" for figure in differing)
            yield f"{source.id}: {len(differing)} figures differ"
            _put_in_place(lake, aside, source.id)


def _differing(lake: Lake, aside: Lake, source_id: str) -> list[Record]:
    with duckdb.connect() as con:
        load_vintages(con, "before", lake.vintage_files(source_id))
        load_vintages(con, "after", aside.vintage_files(source_id))
        return records(con, DIFFERING)


def _put_in_place(lake: Lake, aside: Lake, source_id: str) -> None:
    """Replace what differs, file by file: broken off, the next time completes it."""
    made = {path.name: path for path in aside.vintage_files(source_id)}
    readings = {
        lake.vintage_path(source_id, card["page"], datetime.fromisoformat(card["read_at"])).name
        for card in lake.cards(source_id)
    }
    held = {path.name: path for path in lake.vintage_files(source_id)}
    for name, path in made.items():
        if not _same(path, held.get(name)):
            lake.keep_vintage(path, source_id)
    for name in (held.keys() & readings) - made.keys():
        lake.drop_vintage(held[name])


def _same(made: Path, held: Path | None) -> bool:
    return held is not None and made.read_bytes() == held.read_bytes()


def _told(figure: Record) -> str:
    """Which figure of which reading, what it was and what it is."""
    sides = {"": (figure["old_teu"], figure["old_status"]), "now ": (figure["teu"], figure["status"])}
    said = [f"{when}{'not there' if status is None else f'{teu} {status}'}" for when, (teu, status) in sides.items()]
    period = f"{figure['period_grain']} {figure['period_start']:%Y-%m}"
    return (
        f"{figure['page']} as read at {figure['vintage_at']:%Y-%m-%d %H:%M}: {figure['port_locode']} {period} "
        f"{figure['measure']}: {', '.join(said)}"
    )
