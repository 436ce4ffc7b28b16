"""The vintages of one source: whether a parsed page has new figures that pass the checks, and so becomes a vintage.

Belongs here: the one rule by which a page becomes a vintage, at a fetch and when pages are parsed again.
Does not belong here: getting pages, parsing them, the bounds of drift.
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
from orchestration.throughput.drift import TOLERANCE_TEU, drift_results
from orchestration.throughput.sources.source import Page, ParsedPage, Source, page_check

CELL = ("port_locode", "period_grain", "period_start", "measure", "teu", "precision", "status", "citation")
NEWEST = "qualify rank() over (partition by page order by vintage_at desc) = 1"

Cells = set[tuple[object, ...]]
_cell_of = attrgetter(*CELL)


@dataclass(frozen=True)
class AddedPage:
    """What became of a parsed page. If it is quarantined, results of severity error say why and no vintage changes."""

    outcome: Literal["taken_in", "unchanged", "quarantined"]
    check_results: list[CheckResult] = field(default_factory=list)


class Vintages:
    """The vintages of a source in a lake, to which parsed pages are added one after the other.

    A vintage carries the moment at which its page was read, so that the same pages in the same order give the same
    vintages.
    """

    def __init__(self, lake: Lake, source: ConfiguredSource, reader: Source) -> None:
        self._lake, self._source = lake, source
        self._tolerance = getattr(reader, "TOLERANCE_TEU", TOLERANCE_TEU)
        self._con = duckdb.connect()
        load_vintages(self._con, "current_figures", lake.vintage_files(source.id), NEWEST)
        self._cells: dict[str, Cells] = {}
        self._sha256: dict[str, str] = {}
        for page, sha256, *cell in self._con.execute(
            f"select page, content_sha256, {', '.join(CELL)} from current_figures"
        ).fetchall():
            self._cells.setdefault(page, set()).add(tuple(cell))
            self._sha256[page] = sha256

    def add(self, page: Page, content_sha256: str, parsed: ParsedPage) -> AddedPage:
        """Make a parsed page the newest vintage of its page if its figures are new and pass the checks.

        A page that corridor.toml accepts by its SHA-256 passes; its errors become warnings.

        Args:
            page: The page as it was read.
            content_sha256: The hash of its bytes.
            parsed: Its figures and check results.
        """
        accepted = content_sha256 in self._source.accept
        if parsed.quarantined and not (accepted and parsed.observations):
            return self._quarantined(page, content_sha256, parsed, [])
        results = [_as_warning(result) for result in parsed.check_results]
        cells = {_cell_of(observation) for observation in parsed.observations}
        if cells == self._cells.get(page.page, set()):
            return AddedPage("unchanged", results)
        if self._sha256.get(page.page) == content_sha256:
            differing = len(cells ^ self._cells[page.page])
            return AddedPage("unchanged", [*results, _parsed_differently(page, differing)])
        rows = [asdict(observation) for observation in parsed.observations]
        staged = self._lake.stage_vintage(self._source.id, page.page, rows, content_sha256, page.read_at)
        drifted = drift_results(self._con, staged, page.page, self._tolerance)
        if drifted and not accepted:
            self._lake.drop_vintage(staged)
            return self._quarantined(page, content_sha256, parsed, drifted)
        stored = self._lake.place_vintage(staged, self._source.id)
        self._con.execute(f"delete from current_figures where page = {quoted(page.page)}")
        self._con.execute(f"insert into current_figures select * from read_parquet({quoted(stored)})")
        self._cells[page.page], self._sha256[page.page] = cells, content_sha256
        return AddedPage("taken_in", [*results, *map(_as_warning, drifted)])

    def _quarantined(
        self, page: Page, content_sha256: str, parsed: ParsedPage, drifted: Sequence[CheckResult]
    ) -> AddedPage:
        """Return the outcome of a page that adds no vintage; its last error says what a person can do."""
        *others, last = [*parsed.check_results, *drifted] if drifted else sorted(parsed.check_results, key=_is_error)
        in_use = "Its earlier figures stay in use" if page.page in self._cells else "The lake has no figures of it"
        repair = (
            f'To accept it as it is, add accept = ["{content_sha256}"] to [[sources]] {self._source.id} for good'
            if parsed.observations
            else "Once its parser can read it, run `corridor run --reparse`"
        )
        path = f"lake/raw/{content_sha256[:2]}/{content_sha256}"
        message = f"{last.message}. {in_use}. The page is stored as {path}. {repair}."
        return AddedPage("quarantined", [*others, replace(last, message=message)])


def load_vintages(con: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path], which: str = "") -> None:
    """Create a table of vintages.

    Args:
        con: The connection that gets the table.
        table: Its name. Its columns are THROUGHPUT_TYPES.
        files: The Parquet files of the vintages.
        which: The end of a select statement that leaves some rows out.
    """
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in THROUGHPUT_TYPES.items())
    con.execute(f"create table {table} ({columns})")
    if files:
        listed = ", ".join(quoted(path) for path in files)
        con.execute(f"insert into {table} select * from read_parquet([{listed}]) {which}")


def _is_error(result: CheckResult) -> bool:
    return result.severity == "error"


def _as_warning(result: CheckResult) -> CheckResult:
    if result.severity != "error":
        return result
    message = f"{result.message}; taken in, because corridor.toml accepts the page"
    return replace(result, severity="warning", message=message)


def _parsed_differently(page: Page, figures: int) -> CheckResult:
    message = (
        f"{page.page}: the page is unchanged, but today's parser reads {figures} of its figures differently. "
        "The vintage stays until `corridor run --reparse` makes all vintages anew"
    )
    return page_check("vintage_is_as_read_today", page.page, "warning", str(figures), "0", message)
