"""Secondary suppression (docs/method.md#disclosure): safe cells suppressed so that no unsafe cell can be derived.

Belongs here: the choice, from what `judge.sql` found unsafe and `linear.sql` says is linear.
Does not belong here: the primary rule (judge.sql), what a hidden cell still shows (disclose.sql), the proof (audit).
The choice depends on the keys of cells alone, never on the order of rows.

Protected are the cells of this release and of those before it, not what lies between two releases. When one holding
alone files late or corrects, a figure less the one published before is that holding's own change, however well its
cells are hidden: of a year that was 350 without its March and is 375 with it, March was 25. Hiding the figure would
hide it for good, since of every year somebody files last; who must not be seen so files before the release. Nor is
protected what contributors work out from their own figures, such as two hidden cells of one contributor each.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from orchestration.release.disclosure.intervals import (
    TOLERANCE,
    Flags,
    Floats,
    Ints,
    components,
    copies,
    incidence,
    reached,
)

LINEAR = Path(__file__).parent / "sql" / "linear.sql"

# What hiding a cell costs the reader: short periods and parts go first, the headline of a year last.
GRAIN_COST = {"month": 1.0, "quarter": 10.0, "year": 1000.0}
CORRIDOR_COST = 10.0
HEADLINE = "corridor_wtw_g_per_teu_km"
HEADLINE_COST = 10.0
# A default figure is still a figure: any is given before a cell is hidden, in the same order.
DEFAULT_COST = {"month": 0.1, "quarter": 0.2, "year": 0.4}
CORRIDOR_DEFAULT_COST = 2.0


@dataclass(frozen=True)
class Tables:
    """Everything linear among the variables of a release, and what shows each of them.

    relations: one row per relation, one column per variable.
    room_below, protection: how far an estimate may lie below the truth, and has to reach above it, per variable.
    known: the variables that an earlier release has shown. cost: of hiding a unit.
    carriers: what shows each variable; any unit of a carrier hides it, the first one at the least cost.
    """

    relations: csr_array
    room_below: Floats
    protection: Floats
    known: Flags
    carriers: list[list[tuple[str, ...]]]
    cost: dict[str, float]

    def hidden(self, units: set[str]) -> Flags:
        """Which variables nothing shows when some units are hidden."""
        unseen = [all(not units.isdisjoint(carrier) for carrier in carriers) for carriers in self.carriers]
        return np.array(unseen, dtype=bool) & ~self.known

    def units_of(self, variable: int, units: set[str]) -> list[str]:
        """What has to be hidden beside some units for a variable to be."""
        return sorted({carrier[0] for carrier in self.carriers[variable] if units.isdisjoint(carrier)})


def suppress(con: duckdb.DuckDBPyConnection) -> None:
    """Hide in `cell_verdicts` what has to be hidden beside the cells found unsafe.

    con: as `judge.sql` leaves it.
    """
    con.execute(LINEAR.read_text(encoding="utf-8"))
    tables = _read(con)
    primary = _hidden_units(con)
    complement = sorted(complementary(tables, primary) | primary)
    con.execute(
        "create or replace temp table hidden_units as select unnest(cast($units as varchar[])) as unit",
        {"units": complement},
    )
    con.execute(
        """
        update cell_verdicts set
            is_unsafe = is_unsafe or concat_ws('/', kpi_id, period_grain, period_start, dimension, dimension_value)
                in (from hidden_units),
            takes_default = takes_default or (
                has_default
                and concat_ws('/', 'default', period_grain, period_start, dimension, dimension_value)
                    in (from hidden_units)
            )
        where is_controlled
        """
    )


def complementary(tables: Tables, primary: set[str]) -> set[str]:
    """The units to hide beside the primary ones, so that every hidden cell reaches its protection.

    Raises RuntimeError when no solution is found. What earlier releases leave less room for keeps what they leave.
    """
    units = set(primary)
    exposed = _exposed(tables, units)
    tables = _as_far_as_possible(tables, exposed)
    exposed = exposed[tables.protection[exposed] > 0]
    labels = components(tables.relations)[exposed]
    # One cell of each component at a time: components do not touch each other, and one program serves them all.
    turns = np.array([np.count_nonzero(labels[:place] == label) for place, label in enumerate(labels)], dtype=np.int64)
    for turn in range(turns.max(initial=-1) + 1):
        units |= _cheapest(tables, units, exposed[turns == turn])
    return units - primary


def _as_far_as_possible(tables: Tables, exposed: Ints) -> Tables:
    """The same tables, the protection of exposed cells lowered to what hiding everything would leave them.

    That is all of it, but for what earlier releases have shown, which nothing takes back.
    """
    unknown = np.flatnonzero(~tables.known)
    wanted = tables.protection[exposed]
    cells = np.searchsorted(unknown, exposed)
    share = reached(tables.relations[:, unknown], tables.room_below[unknown], cells, wanted)
    protection = tables.protection.copy()
    protection[exposed] = np.where(share < TOLERANCE, 0, share * wanted)
    return replace(tables, protection=protection)


def _exposed(tables: Tables, units: set[str]) -> Ints:
    hidden = np.flatnonzero(tables.hidden(units))
    cells = np.flatnonzero(tables.protection[hidden] > 0)
    wanted = tables.protection[hidden][cells]
    share = reached(tables.relations[:, hidden], tables.room_below[hidden], cells, wanted)
    return hidden[cells[share < 1 - TOLERANCE]]


def _cheapest(tables: Tables, units: set[str], cells: Ints) -> set[str]:
    """The units whose hiding lets some cells, each of its own component, reach their protection at the least cost.

    When a cell moves as far as it must, others have to move with it: those are to be hidden. They cost by how far they
    move; what is hidden already costs nothing.
    """
    open_columns = np.flatnonzero(~tables.known)
    problem = copies(tables.relations[:, open_columns], np.searchsorted(open_columns, cells))
    columns = open_columns[problem.columns]
    costs = np.array([sum(tables.cost[unit] for unit in tables.units_of(column, units)) for column in columns], float)
    # Of two that cost the same the first by key, in every table alike.
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
        raise RuntimeError(f"no complement was found: {solved.message}")
    moved = np.abs(solved.x[: columns.size] - solved.x[columns.size :]) > TOLERANCE / 10
    return {unit for column in columns[moved] for unit in tables.units_of(column, units)}


def _read(con: duckdb.DuckDBPyConnection) -> Tables:
    """What `linear.sql` made of the judged cells."""
    variables = con.execute(
        """
        select
            case when least < 0 then 'infinity' else total end,
            protection,
            exists (
                select 1
                from cell_variables as cells
                inner join shown_before
                    using (release_id, kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
                where cells.variable = variables.variable
                    and not (cells.part = 'terminal' and shown_before.takes_default)
            )
        from variables order by variable
        """
    ).fetchall()
    room_below, protection, known = zip(*variables, strict=True) if variables else ((), (), ())
    terms = con.execute("select row, variable, coefficient from relation_terms order by all").fetchall()
    loose = con.execute("select distinct row from relation_terms where is_loose order by row").fetchall()
    slack = [(row, len(variables) + number, -1) for number, (row,) in enumerate(loose)]
    rows, columns, coefficients = zip(*terms, *slack, strict=True) if terms else ((), (), ())
    carriers: list[list[tuple[str, ...]]] = [[] for _ in range(len(variables) + len(slack))]
    cost: dict[str, float] = {}
    for variable, unit, default_unit, grain, dimension, kpi_id in con.execute("from carriers order by all").fetchall():
        carriers[variable].append((unit,) if default_unit is None else (default_unit, unit))
        cost[unit] = (
            GRAIN_COST[grain]
            * (CORRIDOR_COST if dimension == "corridor" else 1)
            * (HEADLINE_COST if kpi_id == HEADLINE else 1)
        )
        if default_unit is not None:
            cost[default_unit] = DEFAULT_COST[grain] * (CORRIDOR_DEFAULT_COST if dimension == "corridor" else 1)
    return Tables(
        incidence(rows, columns, coefficients, len(carriers)),
        np.array([*room_below, *([np.inf] * len(slack))], dtype=float),
        np.array([*protection, *([0.0] * len(slack))], dtype=float),
        np.array([*known, *([False] * len(slack))], dtype=bool),
        carriers,
        cost,
    )


def _hidden_units(con: duckdb.DuckDBPyConnection) -> set[str]:
    units = con.execute(
        """
        select concat_ws('/', kpi_id, period_grain, period_start, dimension, dimension_value)
        from cell_verdicts where has_value and is_unsafe
        union
        select concat_ws('/', 'default', period_grain, period_start, dimension, dimension_value)
        from cell_verdicts where has_value and takes_default
        """
    ).fetchall()
    return {unit for (unit,) in units}
