"""The audit: the feasibility interval of every suppressed cell, from everything that is published.

Belongs here: what the public files show, which cells are the same or add up, and which intervals are too narrow.
Does not belong here: which cells were chosen for suppression, and why (suppress). Nothing here reads that choice.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

import duckdb
import numpy as np

from orchestration.core.errors import CorridorError
from orchestration.release.disclosure.intervals import TOLERANCE, Flags, Floats, incidence, reached_share
from orchestration.release.disclosure.recipes import (
    AT_MOST,
    EXACTLY,
    REPEATED,
    Recipes,
    TableKey,
    read_recipes,
    shared_definition,
    sums_of_tables,
)

# No release has this id.
NO_RELEASE = "none"


class Table(NamedTuple):
    """A numerator or denominator of a KPI by one method, of ships or of terminals, as one release has it."""

    release_id: str
    kpi_id: str
    additive_table: str
    method_id: str
    part: str

    @property
    def key(self) -> TableKey:
        """The table's recipe, whatever the release and method."""
        return TableKey(self.kpi_id, self.additive_table, self.part)


class Place(NamedTuple):
    """The period and the part of the corridor of a cell."""

    period_grain: str
    period_start: date
    dimension: str
    dimension_value: str


class Cell(NamedTuple):
    """A cell with contributions. variable: its number, shared by all cells that must have the same value."""

    table: Table
    place: Place
    variable: int
    total: float
    least: float
    protection: float
    is_shown: bool
    was_shown: bool


# The variables of a whole and of its parts, and whether the whole may hold more than its parts.
Sum = tuple[int, frozenset[int], bool]


def underprotected_cells(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the public keys of suppressed cells whose feasibility interval is too narrow, and never a figure.

    A cell that only an earlier release has is named with that release. A cell that an earlier release published with
    equal contributions is not named, because publication cannot be undone.

    Args:
        con: `warehouse` and `kpis` of the candidate, and the tables that `find_unsafe_cells` made of them.

    Raises:
        CorridorError: A KPI of the candidate has no rows in kpi_terms, so that its relations are unknown.
    """
    recipes = read_recipes(con)
    cells = list(_cells(con, recipes))
    table_ids = {tuple(key): stored_under for *key, stored_under in con.execute("from table_ids").fetchall()}
    variables = 1 + max((cell.variable for cell in cells), default=-1)
    protection, room_below = np.zeros(variables), np.zeros(variables)
    is_waived, is_shown, was_shown = (np.zeros(variables, dtype=bool) for _ in range(3))
    for cell in cells:
        protection[cell.variable] = max(protection[cell.variable], cell.protection)
        room_below[cell.variable] = np.inf if cell.least < 0 else cell.total
        # A waiver for one KPI makes the holding's values known in every KPI.
        is_waived[cell.variable] |= cell.is_shown and not cell.protection
        is_shown[cell.variable] |= cell.is_shown
        was_shown[cell.variable] |= cell.was_shown
    protection[is_waived | was_shown] = 0
    sums = {*_sums_within_tables(cells, recipes), *_sums_of_tables(cells, recipes, table_ids)}
    # The interval that earlier releases left cannot be widened. Only a further narrowing by this release is a fault.
    if was_shown.any():
        protection *= _remaining_share(sums, protection, room_below, was_shown)
    is_narrowed = _remaining_share(sums, protection, room_below, is_shown | was_shown) < 1 - 10 * TOLERANCE
    current = {cell.variable for cell in cells if not cell.table.release_id}
    reported = [cell for cell in cells if not cell.table.release_id or cell.variable not in current]
    return sorted({_public_key(cell) for cell in reported if is_narrowed[cell.variable]})


def _cells(con: duckdb.DuckDBPyConnection, recipes: Recipes) -> Iterator[Cell]:
    rows = con.execute(
        """
        select
            release_id, kpi_id, additive_table, method_id, part,
            period_grain, period_start, dimension, dimension_value,
            coalesce(fingerprint, ''), total, least, protection,
            release_id = '' and now.value is not null
                and not (part = 'terminal' and now.status = 'terminal_default') as is_shown,
            before.kpi_id is not null and not (part = 'terminal' and before.takes_default) as was_shown
        from additive_cells
        left join kpis.kpi.kpi_values as now
            using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
        left join (select distinct * from published_before) as before
            using (release_id, kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
        """
    ).fetchall()
    numbers: dict[tuple[object, ...], int] = {}
    for *names, grain, start, dimension, value, content, total, least, protection, is_shown, was_shown in rows:
        table, place = Table(*names), Place(grain, start, dimension, value)
        if not table.release_id and table.key not in recipes:
            raise CorridorError(
                f"The {table.additive_table} of {table.kpi_id} ({table.part}) has no row in the seed kpi_terms. "
                "Add it: without it the audit cannot relate the KPI to others."
            )
        is_repeated = table.key in recipes and recipes[table.key].parts_add_up == REPEATED
        where = Place(grain, start, "", "") if is_repeated or dimension == "corridor" else place
        identity = (shared_definition(table.key, recipes), table.method_id, table.part, where, content)
        number = numbers.setdefault(identity, len(numbers))
        yield Cell(table, place, number, total, least, protection, is_shown, was_shown)


def _sums_within_tables(cells: list[Cell], recipes: Recipes) -> Iterator[Sum]:
    """Yield the sums of shorter periods and of the corridor's parts, each within one table."""
    variables = {(cell.table, cell.place): cell.variable for cell in cells}
    parts: dict[tuple[int, str, Table, bool], set[int]] = defaultdict(set)
    pooled_cells = {
        (cell.table, cell.place.period_grain, cell.place.period_start): cell.variable
        for cell in cells
        if cell.place.dimension == "corridor"
    }
    for table, place, variable, *_ in cells:
        # A KPI that only earlier releases have is assumed to add up.
        recipe = recipes.get(table.key)
        periods, dimensions = (recipe.periods_add_up, recipe.parts_add_up) if recipe else (EXACTLY, EXACTLY)
        longer = variables.get((table, _longer_period(place)))
        if longer is not None and periods in (EXACTLY, AT_MOST):
            parts[longer, "periods", table, periods == AT_MOST].add(variable)
        pooled = pooled_cells.get((table, place.period_grain, place.period_start))
        if pooled is not None and place.dimension != "corridor" and dimensions in (EXACTLY, AT_MOST):
            parts[pooled, place.dimension, table, dimensions == AT_MOST].add(variable)
    for (whole, _, _, is_loose), members in parts.items():
        yield whole, frozenset(members), is_loose


def _sums_of_tables(cells: list[Cell], recipes: Recipes, table_ids: Mapping[tuple[str, ...], str]) -> Iterator[Sum]:
    """Yield the sums of cells of several KPIs, each within one release.

    Args:
        cells: Of all releases.
        recipes: Of all KPIs.
        table_ids: By release, KPI and method the id under which that table is stored, which may be another release's.
    """
    variables = {
        (cell.table, cell.place.period_grain, cell.place.period_start, cell.place.dimension_value): cell.variable
        for cell in cells
    }
    releases: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for (release_id, kpi_id, method_id), stored_under in table_ids.items():
        releases[stored_under, kpi_id, method_id].append(release_id)
    sums = defaultdict(list)
    for key, parts in sums_of_tables(recipes):
        sums[key].append(parts)
    for table, place, variable, *_ in cells:
        stored_releases = releases[table.release_id, table.kpi_id, table.method_id]
        for release_id, parts in itertools.product(stored_releases, sums[table.key]):
            members = set()
            for (kpi_id, additive_table, part), dimension_value in parts:
                stored_under = table_ids.get((release_id, kpi_id, table.method_id), NO_RELEASE)
                part_table = Table(stored_under, kpi_id, additive_table, table.method_id, part)
                value = dimension_value or place.dimension_value
                members.add(variables.get((part_table, place.period_grain, place.period_start, value)))
            # Nothing contributes to a part without a cell.
            if present := frozenset(member for member in members if member is not None):
                yield variable, present, False


def _longer_period(place: Place) -> Place:
    """Return the next longer period at the same part of the corridor; for a year, a place that does not exist."""
    start, quarter = place.period_start, (place.period_start.month - 1) // 3
    if place.period_grain == "month":
        return place._replace(period_grain="quarter", period_start=date(start.year, 3 * quarter + 1, 1))
    return place._replace(
        period_grain="year" if place.period_grain == "quarter" else "", period_start=date(start.year, 1, 1)
    )


def _remaining_share(sums: set[Sum], protection: Floats, room_below: Floats, is_public: Flags) -> Floats:
    """Return the share of its protection that each variable has left when some are public: 1 all of it, 0 nothing."""
    hidden = np.flatnonzero(~is_public)
    columns = {int(variable): column for column, variable in enumerate(hidden)}
    terms: list[tuple[int, int, float]] = []
    width = hidden.size
    for row, (whole, parts, is_loose) in enumerate(sorted(sums, key=lambda each: (each[0], sorted(each[1])))):
        terms += [(row, columns[variable], -1) for variable in parts if variable in columns]
        terms += [(row, columns[whole], 1)] if whole in columns else []
        if is_loose:
            terms.append((row, width, -1))
            width += 1
    rows, places, coefficients = zip(*terms, strict=True) if terms else ((), (), ())
    room = np.concatenate([room_below[hidden], np.full(width - hidden.size, np.inf)])
    protected = np.flatnonzero(protection[hidden] > 0)
    share = reached_share(incidence(rows, places, coefficients, width), room, protected, protection[hidden][protected])
    remaining = np.where(is_public & (protection > 0), 0.0, 1.0)
    remaining[hidden[protected]] = share
    return remaining


def _public_key(cell: Cell) -> str:
    table, place = cell.table, cell.place
    key = f"{table.kpi_id} {table.method_id} {place.period_grain} {place.period_start} {place.dimension_value}"
    return f"{key} in {table.release_id}" if table.release_id else key
