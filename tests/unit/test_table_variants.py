"""Variants of recorded public tables: every figure that is read is the recorded one, or it is not read at all."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from orchestration.core.settings import PROJECT_ROOT
from orchestration.throughput.sources import long_beach, los_angeles
from orchestration.throughput.sources.html_tables import text
from orchestration.throughput.sources.source import Page, ParsedPage, Source

PAGES = PROJECT_ROOT / "tests" / "fixtures" / "throughput"
Grid = list[list[str]]
Key = tuple[str, date, str]
DIGITS = str.maketrans({",": ".", ".": ","})


def grid_of(path: str) -> Grid:
    """Return the first table of a SAMPLE page, with the heading first."""
    table = next(html.document_fromstring((PAGES / path).read_bytes()).iter("table"))
    return [[text(cell) for cell in row.iter("td", "th")] for row in table.iter("tr")]


def read(source: Source, page: str, content: str) -> ParsedPage:
    return source.parse(Page("any", page, page, content.encode(), {}, datetime(2026, 2, 28, tzinfo=UTC)))


def figures(reading: ParsedPage) -> dict[Key, Decimal]:
    return {(o.period_grain, o.period_start, o.measure): o.teu for o in reading.observations if o.teu is not None}


def as_html(grid: Grid) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in grid)
    return f"<html><body><table>{rows}</table></body></html>"


def as_csv(grid: Grid) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(grid)
    return file.getvalue()


def is_figure(cell: str) -> bool:
    return len(cell) > 3 and cell.replace(",", "").replace(".", "").isdigit()


def each(grid: Grid, change: Callable[[str], str], figures_only: bool = True) -> Grid:
    return [[change(cell) if is_figure(cell) or not figures_only else cell for cell in cells] for cells in grid]


def reordered(grid: Grid, random: Random) -> Grid:
    width = max(map(len, grid))
    order = random.sample(range(width), width)
    return [[cells[at] for at in order if at < len(cells)] for cells in grid]


def with_a_column_more(grid: Grid, random: Random) -> Grid:
    column = random.randrange(len(grid[0]) + 1)
    content = random.choice(["7", "March", "Jan 2024", "123,456", "8.02%"])
    return [[*cells[:column], content if at else "Remarks", *cells[column:]] for at, cells in enumerate(grid)]


def separated_otherwise(grid: Grid, random: Random) -> Grid:
    mark = random.choice([",", " ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}", "\N{NARROW NO-BREAK SPACE}", "'", "."])
    return each(grid, lambda cell: cell.replace(",", mark))


def with_headings_exchanged(grid: Grid, random: Random) -> Grid:
    one, other = random.choices(range(len(grid[0])), k=2)
    grid[0][one], grid[0][other] = grid[0][other], grid[0][one]
    return grid


def with_a_row_changed(change: Callable[[list[str], int, Random], list[str]]) -> Callable[[Grid, Random], Grid]:
    def apply(grid: Grid, random: Random) -> Grid:
        at = random.randrange(1, len(grid))
        grid[at] = change(grid[at], random.randrange(len(grid[at])), random)
        return grid

    return apply


def marked(row: list[str], at: int, random: Random) -> list[str]:
    mark = random.choice(["*", "<sup>1</sup>", " TEU", " 1", "1", "\N{SUPERSCRIPT ONE}", "<br>7", " (p)", "k"])
    return [*row[:at], row[at] + mark, *row[at + 1 :]]


def with_a_cell_across(row: list[str], at: int, random: Random) -> list[str]:
    cell = f"{row[at]}</td><td {random.choice(['colspan', 'rowspan'])}=2>"
    return [*row[:at], cell, *row[at + 1 : -1]]


def without_a_row(grid: Grid, random: Random) -> Grid:
    del grid[random.randrange(1, len(grid))]
    return grid


CHANGES: dict[str, Callable[[Grid, Random], Grid]] = {
    "columns reordered": reordered,
    "a column more": with_a_column_more,
    "capitals": lambda grid, _: each(grid, str.upper, figures_only=False),
    "another separator": separated_otherwise,
    "tags in cells": lambda grid, _: each(grid, "<div><b> {} </b></div>".format, figures_only=False),
    "decimal commas": lambda grid, _: each(grid, lambda cell: cell.translate(DIGITS)),
    "in thousands": lambda grid, _: each(grid, lambda cell: cell.partition(",")[0]),
    "headings exchanged": with_headings_exchanged,
    "a row gone": without_a_row,
    "a row twice": lambda grid, random: [*grid, random.choice(grid[1:])],
    "a mark on a cell": with_a_row_changed(marked),
    "a cell across two": with_a_row_changed(with_a_cell_across),
    "cells moved right": with_a_row_changed(lambda row, at, _: [*row[:at], "", *row[at:-1]]),
    "cells moved left": with_a_row_changed(lambda row, at, _: [*row[:at], *row[at + 1 :], ""]),
    "a cell gone": with_a_row_changed(lambda row, at, _: [*row[:at], *row[at + 1 :]]),
}
WRITTEN: dict[str, Callable[[Grid], str]] = {
    "page": as_html,
    "CSV": as_csv,
    "the table twice": lambda grid: as_html(grid) * 2,
}
CASES = (st.lists(st.sampled_from([*CHANGES]), min_size=1, max_size=3), st.sampled_from([*WRITTEN]), st.randoms())


def variant(recorded: Grid, changes: list[str], written: str, random: Random) -> str:
    """Return the table after these changes.

    Columns that are reordered and then named wrongly are left out, because one page alone cannot show this.
    """
    grid = [[*cells] for cells in recorded]
    for change in changes:
        if change == "columns reordered" and "headings exchanged" in changes:
            continue
        grid = CHANGES[change](grid, random)
    return WRITTEN[written](grid)


LA, LA_PAGE = grid_of("los_angeles/historical-teu-statistics-2018.html"), "historical-teu-statistics-2018"
LB, LB_PAGE = grid_of("long_beach/archive.html"), "archive"
RECORDED_LA = figures(read(los_angeles, LA_PAGE, as_html(LA)))
RECORDED_LB = figures(read(long_beach, LB_PAGE, as_html(LB)))
FEW = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_nothing_is_wrong(reading: ParsedPage, recorded: dict[Key, Decimal], changes: list[str]) -> None:
    """Figures are the recorded ones, and a loss is reported, unless a row is missing at the edge of the table."""
    if reading.quarantined:
        return
    read_figures = figures(reading)
    assert read_figures.items() <= recorded.items()
    assert read_figures == recorded or reading.check_results or "a row gone" in changes


def test_recorded_tables_are_read_completely() -> None:
    assert (len(RECORDED_LA), len(RECORDED_LB)) == (98, 120)
    assert figures(read(long_beach, LB_PAGE, as_csv(LB))) == RECORDED_LB


@FEW
@given(*CASES)
def test_variants_of_a_year_page_give_no_wrong_figure(changes: list[str], written: str, random: Random) -> None:
    assert_nothing_is_wrong(read(los_angeles, LA_PAGE, variant(LA, changes, written, random)), RECORDED_LA, changes)


@FEW
@given(*CASES)
def test_variants_of_the_archive_give_no_wrong_figure(changes: list[str], written: str, random: Random) -> None:
    assert_nothing_is_wrong(read(long_beach, LB_PAGE, variant(LB, changes, written, random)), RECORDED_LB, changes)
