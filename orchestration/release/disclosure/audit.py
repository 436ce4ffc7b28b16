"""The attacker's audit: what a reader of everything published can work out of each hidden cell, and if it is too much.

Belongs here: what the public files show, what the definitions say is the same or adds up, and the verdict on it.
Does not belong here: which cells were chosen to be hidden, and why (suppress): nothing here reads that choice.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

import duckdb
import numpy as np

from orchestration.release.disclosure.intervals import TOLERANCE, Flags, Floats, incidence, reached

# Tables that are the same by definition, whatever KPI they stand under; every other is its KPI's own.
SAME: dict[object, object] = {
    **{
        (f"port_to_port_{part}kg_per_teu", "denominator"): "TEU delivered"
        for part in ("", "sailing_", "berth_", "terminals_")
    },
    ("port_to_port_terminals_kg_per_teu", "numerator"): "emissions of voyages",
    ("port_to_port_kg_per_teu", "numerator"): "emissions of voyages",
    ("corridor_wtw_t", "numerator"): "emissions of voyages",
    ("energy_ghg_intensity_g_mj", "denominator"): "energy with a factor",
    ("certified_energy_share", "denominator"): "energy with a factor",
    ("zero_energy_share", "denominator"): "energy with a factor",
    ("shore_power_coverage", "denominator"): "window hours",
    ("controlled_coverage", "denominator"): "window hours",
    ("cii_share_abc", "denominator"): "ships rated",
    ("cii_rating_share", "denominator"): "ships rated",
}
# A whole, its parts, and which ratings are parts of it.
WHOLES = {
    ("port_to_port_kg_per_teu", "numerator"): (
        ("port_to_port_sailing_kg_per_teu", "numerator", None),
        ("port_to_port_berth_kg_per_teu", "numerator", None),
    ),
    ("cii_share_abc", "numerator"): tuple(("cii_rating_share", "numerator", rating) for rating in "ABC"),
    ("cii_share_abc", "denominator"): tuple(("cii_rating_share", "numerator", rating) for rating in "ABCDE"),
}
# No release has this id.
NOWHERE = "nowhere"
# Ships are counted anew in each period; a contract may cover more than a month; ships also bunker elsewhere.
COUNTED_ANEW, LONGER_THAN_MONTHS, MORE_THAN_PORTS = "fleet", "cargo", "certified_bunkered_t"


class Table(NamedTuple):
    """A numerator or denominator of a KPI by one method, of ships or of terminals, as one release has it."""

    release_id: str
    kpi_id: str
    additive_table: str
    method_id: str
    part: str


class Place(NamedTuple):
    """Where a cell stands in its table."""

    period_grain: str
    period_start: date
    dimension: str
    dimension_value: str


class Cell(NamedTuple):
    """A cell that somebody added to. variable: what it is a value of, shared by all that are known to be the same."""

    table: Table
    place: Place
    variable: int
    total: float
    least: float
    protection: float
    is_shown: bool
    was_shown: bool


# The variables of a whole and of its parts, and whether the whole may hold more than them.
Sum = tuple[int, frozenset[int], bool]


def narrowed(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The cells of which more can be worked out than may be, by their public keys, never a figure.

    con: `warehouse` and `kpis` of the candidate, and what `disclose.judge` made of them. A cell that only an earlier
    release has is named with its id. One that an earlier release has shown alike is not named: it cannot be taken back.
    """
    cells = list(_cells(con))
    stands_under = {tuple(key): where for *key, where in con.execute("from table_ids").fetchall()}
    families = dict(con.execute("select kpi_id, family from warehouse.seeds.kpi_definitions").fetchall())
    variables = 1 + max((cell.variable for cell in cells), default=-1)
    protection, room_below = np.zeros(variables), np.zeros(variables)
    is_waived, is_shown, was_shown = (np.zeros(variables, dtype=bool) for _ in range(3))
    for cell in cells:
        protection[cell.variable] = max(protection[cell.variable], cell.protection)
        room_below[cell.variable] = np.inf if cell.least < 0 else cell.total
        # Who has waived protection under one KPI may be known by it under all.
        is_waived[cell.variable] |= cell.is_shown and not cell.protection
        is_shown[cell.variable] |= cell.is_shown
        was_shown[cell.variable] |= cell.was_shown
    protection[is_waived | was_shown] = 0
    sums = {*_sums(cells, families), *_sums_of_kpis(cells, stands_under)}
    # What earlier releases leave cannot be widened again; what this one would narrow further is a leak.
    if was_shown.any():
        protection *= _share_left(sums, protection, room_below, was_shown)
    is_leaked = _share_left(sums, protection, room_below, is_shown | was_shown) < 1 - 10 * TOLERANCE
    current = {cell.variable for cell in cells if not cell.table.release_id}
    told = [cell for cell in cells if not cell.table.release_id or cell.variable not in current]
    return sorted({_named(cell) for cell in told if is_leaked[cell.variable]})


def _cells(con: duckdb.DuckDBPyConnection) -> Iterator[Cell]:
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
        left join (select distinct * from shown_before) as before
            using (release_id, kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
        """
    ).fetchall()
    numbers: dict[tuple[object, ...], int] = {}
    for release_id, kpi_id, additive_table, method_id, part, grain, start, dimension, value, content, *figures in rows:
        table = Table(release_id, kpi_id, additive_table, method_id, part)
        place = Place(grain, start, dimension, value)
        shared = SAME.get((kpi_id, additive_table), (kpi_id, additive_table))
        where = Place(grain, start, "", "") if shared == "ships rated" else place
        identity = (shared, method_id, part, where, content)
        yield Cell(table, place, numbers.setdefault(identity, len(numbers)), *figures)


def _sums(cells: list[Cell], families: dict[str, str]) -> Iterator[Sum]:
    """What adds up to what within a table."""
    variables = {(cell.table, cell.place): cell.variable for cell in cells}
    parts: dict[tuple[int, str, Table, bool], set[int]] = defaultdict(set)
    whole_places = {
        (cell.table, cell.place.period_grain, cell.place.period_start): cell.variable
        for cell in cells
        if cell.place.dimension == "corridor"
    }
    for table, place, variable, *_ in cells:
        family = families.get(table.kpi_id)
        longer = variables.get((table, _longer(place)))
        if longer is not None and family != COUNTED_ANEW:
            parts[longer, "periods", table, family == LONGER_THAN_MONTHS].add(variable)
        pooled = whole_places.get((table, place.period_grain, place.period_start))
        if pooled is not None and place.dimension != "corridor":
            parts[pooled, place.dimension, table, table.kpi_id == MORE_THAN_PORTS].add(variable)
    for (whole, _, _, holds_more), members in parts.items():
        yield whole, frozenset(members), holds_more


def _sums_of_kpis(cells: list[Cell], stands_under: Mapping[tuple[str, ...], str]) -> Iterator[Sum]:
    """What adds up to what between the KPIs of one release.

    stands_under: by release, KPI and method the id under which that table stands, which another release may have alike.
    """
    variables = {(cell.table, cell.place): cell.variable for cell in cells}
    releases: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for (release_id, kpi_id, method_id), where in stands_under.items():
        releases[where, kpi_id, method_id].append(release_id)
    for table, place, variable, *_ in cells:
        wholes = WHOLES.get((table.kpi_id, table.additive_table), ())
        for release_id in releases[table.release_id, table.kpi_id, table.method_id] if wholes else ():
            parts = []
            for kpi_id, additive_table, rating in wholes:
                where = stands_under.get((release_id, kpi_id, table.method_id), NOWHERE)
                part = table._replace(release_id=where, kpi_id=kpi_id, additive_table=additive_table)
                parts.append(
                    (part, place if rating is None else place._replace(dimension="rating", dimension_value=rating))
                )
            members = frozenset(variables[part] for part in parts if part in variables)
            if members:
                yield variable, members, False


def _longer(place: Place) -> Place:
    """The next longer period at the same part of the corridor; that of a year is none that exists."""
    start, quarter = place.period_start, (place.period_start.month - 1) // 3
    if place.period_grain == "month":
        return place._replace(period_grain="quarter", period_start=date(start.year, 3 * quarter + 1, 1))
    return place._replace(
        period_grain="year" if place.period_grain == "quarter" else "", period_start=date(start.year, 1, 1)
    )


def _share_left(sums: set[Sum], protection: Floats, room_below: Floats, is_known: Flags) -> Floats:
    """How much of its protection each variable keeps when some are known: 1 all of it, 0 nothing."""
    hidden = np.flatnonzero(~is_known)
    columns = {int(variable): column for column, variable in enumerate(hidden)}
    terms: list[tuple[int, int, float]] = []
    width = hidden.size
    for row, (whole, parts, holds_more) in enumerate(sorted(sums, key=lambda each: (each[0], sorted(each[1])))):
        terms += [(row, columns[variable], -1) for variable in parts if variable in columns]
        terms += [(row, columns[whole], 1)] if whole in columns else []
        if holds_more:
            terms.append((row, width, -1))
            width += 1
    rows, places, coefficients = zip(*terms, strict=True) if terms else ((), (), ())
    room = np.concatenate([room_below[hidden], np.full(width - hidden.size, np.inf)])
    judged = np.flatnonzero(protection[hidden] > 0)
    share = reached(incidence(rows, places, coefficients, width), room, judged, protection[hidden][judged])
    left = np.where(is_known & (protection > 0), 0.0, 1.0)
    left[hidden[judged]] = share
    return left


def _named(cell: Cell) -> str:
    table, place = cell.table, cell.place
    name = f"{table.kpi_id} {table.method_id} {place.period_grain} {place.period_start} {place.dimension_value}"
    return f"{name} in {table.release_id}" if table.release_id else name
