"""Secondary suppression (docs/method.md#disclosure): safe cells suppressed so that no unsafe cell can be derived.

Belongs here: the choice, from the unsafe cells and the relations in `additive_relations.sql`.
Does not belong here: primary suppression (primary_suppression.sql), what a suppressed row shows (publish_cells.sql),
the proof (audit). The choice depends on the keys of cells alone, never on the order of rows.

Protected are the cells of this release and of earlier ones, but not the difference between two releases. When one
holding alone files late or corrects a figure, the difference between the two published figures is that holding's
change: if a year was 350 without its March and is 375 with it, March was 25. Suppressing the figure would suppress it
for good, since some holding is always the last to file. A holding that must not be seen files before the release.
Nor does this protect against contributors who subtract their own figures, such as two suppressed cells with one
contributor each.
"""

from dataclasses import dataclass, replace

import duckdb
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from orchestration.core.query import sql_of
from orchestration.release.disclosure.intervals import (
    TOLERANCE,
    Flags,
    Floats,
    Ints,
    components,
    copies,
    incidence,
    reached_share,
)

# Information lost with a cell: short periods and parts are suppressed first, the headline of a year last.
GRAIN_COST = {"month": 1.0, "quarter": 10.0, "year": 1000.0}
CORRIDOR_COST = 10.0
HEADLINE = "corridor_wtw_g_per_teu_km"
HEADLINE_COST = 10.0
# A figure with the terminal default is still a figure. Defaults are taken before any cell is suppressed.
DEFAULT_COST = {"month": 0.1, "quarter": 0.2, "year": 0.4}
CORRIDOR_DEFAULT_COST = 2.0


@dataclass(frozen=True)
class AdditiveTables:
    """All linear relations among the variables of a release, and the groups of cells that publish each variable.

    Attributes:
        relations: One row per relation, one column per variable.
        room_below: How far an estimate may lie below each variable's true value.
        protection: How far above its true value each variable's feasibility interval must reach.
        published_before: The variables that an earlier release published.
        publishers: Per variable the cells that publish it, each as a tuple of groups. Suppressing any group of the
            tuple suppresses the variable there; the first one costs least.
        cost: The information lost by suppressing a group.
    """

    relations: csr_array
    room_below: Floats
    protection: Floats
    published_before: Flags
    publishers: list[list[tuple[str, ...]]]
    cost: dict[str, float]

    def suppressed(self, groups: set[str]) -> Flags:
        """Return the variables that nothing publishes when some groups are suppressed."""
        unpublished = [all(not groups.isdisjoint(cell) for cell in cells) for cells in self.publishers]
        return np.array(unpublished, dtype=bool) & ~self.published_before

    def missing_groups(self, variable: int, groups: set[str]) -> list[str]:
        """Return the groups to suppress, in addition to `groups`, so that the variable is suppressed."""
        return sorted({cell[0] for cell in self.publishers[variable] if groups.isdisjoint(cell)})


def suppress(con: duckdb.DuckDBPyConnection) -> None:
    """Add secondary suppression to the primary one in `cell_suppression`.

    con: as `find_unsafe_cells` leaves it.
    """
    con.execute(sql_of("release/disclosure/sql/additive_relations"))
    tables = _read_tables(con)
    primary = _primary_groups(con)
    suppressed = sorted(secondary_groups(tables, primary) | primary)
    con.execute(
        "create or replace temp table suppressed_groups as select unnest(cast($groups as varchar[])) as cell_group",
        {"groups": suppressed},
    )
    con.execute(
        """
        update cell_suppression set
            is_suppressed = is_suppressed
                or concat_ws('/', kpi_id, period_grain, period_start, dimension, dimension_value)
                in (from suppressed_groups),
            takes_default = takes_default or (
                has_default
                and concat_ws('/', 'default', period_grain, period_start, dimension, dimension_value)
                    in (from suppressed_groups)
            )
        where is_controlled
        """
    )


def secondary_groups(tables: AdditiveTables, primary: set[str]) -> set[str]:
    """Return the groups to suppress in addition to the primary ones, so that every interval reaches its protection.

    Where earlier releases left a narrower interval, the cell has that interval.

    Raises:
        RuntimeError: The solver does not find a solution.
    """
    groups = set(primary)
    exposed = _underprotected(tables, groups)
    tables = _with_attainable_protection(tables, exposed)
    exposed = exposed[tables.protection[exposed] > 0]
    labels = components(tables.relations)[exposed]
    # One cell of each component at a time: components are independent, and one program serves all of them.
    turns = np.array([np.count_nonzero(labels[:place] == label) for place, label in enumerate(labels)], dtype=np.int64)
    for turn in range(turns.max(initial=-1) + 1):
        groups |= _cheapest_groups(tables, groups, exposed[turns == turn])
    return groups - primary


def _with_attainable_protection(tables: AdditiveTables, exposed: Ints) -> AdditiveTables:
    """Lower the protection of cells to what suppressing everything would give them.

    That is all of it, except where earlier releases published cells, which cannot be undone.
    """
    unpublished = np.flatnonzero(~tables.published_before)
    wanted = tables.protection[exposed]
    cells = np.searchsorted(unpublished, exposed)
    share = reached_share(tables.relations[:, unpublished], tables.room_below[unpublished], cells, wanted)
    protection = tables.protection.copy()
    protection[exposed] = np.where(share < TOLERANCE, 0, share * wanted)
    return replace(tables, protection=protection)


def _underprotected(tables: AdditiveTables, groups: set[str]) -> Ints:
    suppressed = np.flatnonzero(tables.suppressed(groups))
    cells = np.flatnonzero(tables.protection[suppressed] > 0)
    wanted = tables.protection[suppressed][cells]
    share = reached_share(tables.relations[:, suppressed], tables.room_below[suppressed], cells, wanted)
    return suppressed[cells[share < 1 - TOLERANCE]]


def _cheapest_groups(tables: AdditiveTables, groups: set[str], cells: Ints) -> set[str]:
    """Return the groups whose suppression protects some cells, each of its own component, at the least cost.

    When a cell moves by its protection level, other cells must move with it. Those are to be suppressed. They cost in
    proportion to how far they move; what is already suppressed costs nothing.
    """
    open_columns = np.flatnonzero(~tables.published_before)
    problem = copies(tables.relations[:, open_columns], np.searchsorted(open_columns, cells))
    columns = open_columns[problem.columns]
    costs = np.array(
        [sum(tables.cost[group] for group in tables.missing_groups(column, groups)) for column in columns], float
    )
    # Of two with equal cost, choose the first by key.
    costs *= 1 + 0.1 * columns / tables.protection.size
    up, down = np.full(columns.size, np.inf), tables.room_below[columns] / tables.protection[cells][problem.owners]
    fixed = np.zeros(columns.size)
    fixed[problem.own] = 1
    up[problem.own], down[problem.own] = 1, 0
    solved = linprog(
        np.concatenate([costs, costs]),
        A_eq=hstack([problem.matrix, -problem.matrix], format="csr"),
        b_eq=np.zeros(problem.matrix.shape[0]),
        bounds=np.column_stack([np.concatenate([fixed, np.zeros(columns.size)]), np.concatenate([up, down])]),
        method="highs",
    )
    if solved.status != 0:
        raise RuntimeError(f"the solver found no secondary suppression: {solved.message}")
    moved = np.abs(solved.x[: columns.size] - solved.x[columns.size :]) > TOLERANCE / 10
    return {group for column in columns[moved] for group in tables.missing_groups(column, groups)}


def _read_tables(con: duckdb.DuckDBPyConnection) -> AdditiveTables:
    """Read the tables that `additive_relations.sql` makes."""
    variables = con.execute(
        """
        select
            case when least < 0 then 'infinity' else total end,
            protection,
            exists (
                select 1
                from cell_variables as cells
                inner join published_before
                    using (release_id, kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
                where cells.variable = variables.variable
                    and not (cells.part = 'terminal' and published_before.takes_default)
            )
        from variables order by variable
        """
    ).fetchall()
    room_below, protection, published_before = zip(*variables, strict=True) if variables else ((), (), ())
    terms = con.execute("select row, variable, coefficient from relation_terms order by all").fetchall()
    loose = con.execute("select distinct row from relation_terms where is_loose order by row").fetchall()
    slack = [(row, len(variables) + number, -1) for number, (row,) in enumerate(loose)]
    rows, columns, coefficients = zip(*terms, *slack, strict=True) if terms else ((), (), ())
    publishers: list[list[tuple[str, ...]]] = [[] for _ in range(len(variables) + len(slack))]
    cost: dict[str, float] = {}
    groups = con.execute("from publishing_groups order by all").fetchall()
    for variable, cell_group, default_group, grain, dimension, kpi_id in groups:
        publishers[variable].append((cell_group,) if default_group is None else (default_group, cell_group))
        cost[cell_group] = (
            GRAIN_COST[grain]
            * (CORRIDOR_COST if dimension == "corridor" else 1)
            * (HEADLINE_COST if kpi_id == HEADLINE else 1)
        )
        if default_group is not None:
            cost[default_group] = DEFAULT_COST[grain] * (CORRIDOR_DEFAULT_COST if dimension == "corridor" else 1)
    return AdditiveTables(
        incidence(rows, columns, coefficients, len(publishers)),
        np.array([*room_below, *([np.inf] * len(slack))], dtype=float),
        np.array([*protection, *([0.0] * len(slack))], dtype=float),
        np.array([*published_before, *([False] * len(slack))], dtype=bool),
        publishers,
        cost,
    )


def _primary_groups(con: duckdb.DuckDBPyConnection) -> set[str]:
    groups = con.execute(
        """
        select concat_ws('/', kpi_id, period_grain, period_start, dimension, dimension_value)
        from cell_suppression where has_value and is_suppressed
        union
        select concat_ws('/', 'default', period_grain, period_start, dimension, dimension_value)
        from cell_suppression where has_value and takes_default
        """
    ).fetchall()
    return {group for (group,) in groups}
