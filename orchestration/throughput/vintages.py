"""The vintages of one source: whether a reading says something new, may be believed, and so becomes a vintage.

Belongs here: the one rule by which a page becomes a vintage, today or when pages are parsed again.
Does not belong here: getting pages, parsing them, the bounds of belief.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import Literal

import duckdb

from orchestration.core.check_result import CheckResult
from orchestration.core.corridor_file import Source as ConfiguredSource
from orchestration.core.lake import THROUGHPUT_TYPES, Lake
from orchestration.core.query import quoted
from orchestration.throughput.drift import TOLERANCE_TEU, drifts
from orchestration.throughput.sources.source import Page, Reading, Source, finding

CELL = ("port_locode", "period_grain", "period_start", "measure", "teu", "precision", "status", "citation")
NEWEST = "qualify rank() over (partition by page order by vintage_at desc) = 1"

Cells = set[tuple[object, ...]]
_cells_of = attrgetter(*CELL)


@dataclass(frozen=True)
class Judged:
    """What became of a reading. Quarantined: findings of severity error say why; the vintages stay as they are."""

    outcome: Literal["taken_in", "unchanged", "quarantined"]
    findings: list[CheckResult] = field(default_factory=list)


class Vintages:
    """What is held of a source in a lake, as one reading after the other is put to it.

    A vintage is of the moment its page was read, so that the same pages in the same order give the same vintages.
    """

    def __init__(self, lake: Lake, source: ConfiguredSource, reader: Source) -> None:
        self._lake, self._source = lake, source
        self._tolerance = getattr(reader, "TOLERANCE_TEU", TOLERANCE_TEU)
        self._con = duckdb.connect()
        load_vintages(self._con, "held", lake.vintage_files(source.id), NEWEST)
        self._cells: dict[str, Cells] = {}
        self._sha256: dict[str, str] = {}
        for page, sha256, *cell in self._con.execute(
            f"select page, content_sha256, {', '.join(CELL)} from held"
        ).fetchall():
            self._cells.setdefault(page, set()).add(tuple(cell))
            self._sha256[page] = sha256

    def put(self, page: Page, content_sha256: str, reading: Reading) -> Judged:
        """Make a reading the newest vintage of its page if it says something new that may be believed.

        A page that corridor.toml accepts by its SHA-256 is believed: what is wrong with it becomes a warning.
        """
        accepted = content_sha256 in self._source.accept
        if reading.quarantined and not (accepted and reading.observations):
            return self._quarantined(page, content_sha256, reading, [])
        findings = [_warning(row) for row in reading.findings]
        cells = {_cells_of(observation) for observation in reading.observations}
        if cells == self._cells.get(page.page, set()):
            return Judged("unchanged", findings)
        if self._sha256.get(page.page) == content_sha256:
            return Judged("unchanged", [*findings, _read_otherwise(page, len(cells ^ self._cells[page.page]))])
        rows = [asdict(observation) for observation in reading.observations]
        staged = self._lake.stage_vintage(self._source.id, page.page, rows, content_sha256, page.read_at)
        drifted = drifts(self._con, staged, page.page, self._tolerance)
        if drifted and not accepted:
            self._lake.drop_vintage(staged)
            return self._quarantined(page, content_sha256, reading, drifted)
        kept = self._lake.keep_vintage(staged, self._source.id)
        self._con.execute(f"delete from held where page = {quoted(page.page)}")
        self._con.execute(f"insert into held select * from read_parquet({quoted(kept)})")
        self._cells[page.page], self._sha256[page.page] = cells, content_sha256
        return Judged("taken_in", [*findings, *map(_warning, drifted)])

    def _quarantined(self, page: Page, content_sha256: str, reading: Reading, drifted: Sequence[CheckResult]) -> Judged:
        """Nothing of the page is taken in: the last error says so, and what a person can do after looking at it."""
        *others, last = [*reading.findings, *drifted] if drifted else sorted(reading.findings, key=_is_error)
        stays = "Its earlier figures stay in use" if page.page in self._cells else "Nothing is held of it"
        mend = (
            f'to take it in as it is, put accept = ["{content_sha256}"] into [[sources]] {self._source.id}, for good'
            if reading.observations
            else "once its parser reads it, `corridor run --reparse` makes up for it"
        )
        kept = f"lake/raw/{content_sha256[:2]}/{content_sha256}"
        told = f"{last.message}. {stays}. The page is kept as {kept}; {mend}."
        return Judged("quarantined", [*others, replace(last, message=told)])


def load_vintages(con: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path], which: str = "") -> None:
    """Make a table of vintages, shaped as THROUGHPUT_TYPES; which: the end of a select that leaves some out."""
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in THROUGHPUT_TYPES.items())
    con.execute(f"create table {table} ({columns})")
    if files:
        listed = ", ".join(quoted(path) for path in files)
        con.execute(f"insert into {table} select * from read_parquet([{listed}]) {which}")


def _is_error(row: CheckResult) -> bool:
    return row.severity == "error"


def _warning(row: CheckResult) -> CheckResult:
    if row.severity != "error":
        return row
    return replace(row, severity="warning", message=f"{row.message}; taken in, because corridor.toml accepts the page")


def _read_otherwise(page: Page, figures: int) -> CheckResult:
    message = (
        f"{page.page}: the page is as it was, but {figures} of its figures would be read otherwise today; "
        "the vintage stays until `corridor run --reparse` makes all vintages anew"
    )
    return finding("vintage_is_as_read_today", page.page, "warning", str(figures), "0", message)
