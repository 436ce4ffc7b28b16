"""How far a hidden cell may lie from the truth for all that a reader knows: linear programming, by HiGHS.

Belongs here: the one question both sides ask of a set of linear relations among hidden cells.
Does not belong here: which relations there are, and which cells are hidden (suppress decides, audit judges).
SciPy takes a second to import: whoever needs this room imports it when it is needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import connected_components

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
Ints = np.ndarray[tuple[int], np.dtype[np.int64]]

# Of what a cell has to reach; a solver is exact to about a hundredth of this.
TOLERANCE = 1e-6


def incidence(rows: Iterable[int], columns: Iterable[int], coefficients: Iterable[float], width: int) -> csr_array:
    """Relations as a sparse matrix: one row per relation, one column per cell; a row times the cells is nothing."""
    row = np.fromiter(rows, np.int64)
    column = np.fromiter(columns, np.int64)
    height = int(row.max()) + 1 if row.size else 0
    return csr_array((np.fromiter(coefficients, np.float64), (row, column)), shape=(height, width))


@dataclass(frozen=True)
class Copies:
    """One copy of its component for each of some cells, side by side, so that one program answers for all of them.

    matrix: the relations of all copies. columns: of which cell of the relations each variable is a copy.
    owners: for which of the cells asked about it is there. own: the variable that is the cell asked about.
    """

    matrix: csr_array
    columns: Ints
    owners: Ints
    own: Ints


def copies(relations: csr_array, cells: Ints) -> Copies:
    """The components of some cells of the relations: cells of two components say nothing of each other."""
    labels = components(relations)
    entries = relations.tocoo()
    order, starts, ranks = _grouped(labels)
    entry_order, entry_starts, _ = _grouped(labels[entries.col], starts.size - 1)
    _, row_ranks = np.unique(labels[entries.col] * relations.shape[0] + entries.row, return_inverse=True)
    columns, rows, places, coefficients, own = [], [], [], [], []
    width = height = 0
    for cell in cells:
        label = labels[cell]
        there = entry_order[entry_starts[label] : entry_starts[label + 1]]
        columns.append(order[starts[label] : starts[label + 1]])
        own.append(width + ranks[cell])
        if there.size:
            first = row_ranks[there].min()
            rows.append(row_ranks[there] - first + height)
            places.append(ranks[entries.col[there]] + width)
            coefficients.append(entries.data[there])
            height = int(rows[-1].max()) + 1
        width += columns[-1].size
    joined = (np.concatenate([[], *each]) for each in (coefficients, rows, places))
    data, row, column = joined
    return Copies(
        csr_array((data, (row.astype(np.int64), column.astype(np.int64))), shape=(height, width)),
        np.concatenate(columns),
        np.repeat(np.arange(cells.size), [each.size for each in columns]),
        np.array(own),
    )


def components(relations: csr_array) -> Ints:
    """The number of the component of each cell."""
    _, labels = connected_components(block_array([[None, relations], [relations.T, None]]), directed=False)
    return np.asarray(labels[relations.shape[0] :], dtype=np.int64)


def reached(relations: csr_array, room_below: Floats, cells: Ints, wanted: Floats) -> Floats:
    """How much of what is wanted above its truth each of some hidden cells may reach: 1 all, 0 pinned to the truth.

    relations: what the hidden cells satisfy together (rows) among all hidden cells (columns).
    room_below: how far each hidden cell may lie below its truth: its size where it cannot be negative, else infinite.
    cells, wanted: which hidden cells to judge, and how far above its truth each should reach, above 0.
    Raises RuntimeError when no solution is found; the truth is always one.
    """
    if not cells.size:
        return np.empty(0)
    problem = copies(relations, cells)
    # In units of what is wanted of the copy's own cell.
    lower = -room_below[problem.columns] / wanted[problem.owners]
    upper = np.full(lower.size, np.inf)
    upper[problem.own] = 1
    objective = np.zeros(lower.size)
    objective[problem.own] = -1
    solved = linprog(
        objective,
        A_eq=problem.matrix,
        b_eq=np.zeros(problem.matrix.shape[0]),
        bounds=np.column_stack([lower, upper]),
        method="highs",
    )
    if solved.status != 0:
        raise RuntimeError(f"the intervals of {cells.size} cells were not found: {solved.message}")
    return np.asarray(solved.x[problem.own])


def _grouped(labels: Ints, groups: int | None = None) -> tuple[Ints, Ints, Ints]:
    """The places of labels in the order of the labels, where each label begins, and the rank of each within its own."""
    order = np.argsort(labels, kind="stable")
    count = int(labels.max(initial=-1)) + 1 if groups is None else groups
    starts = np.searchsorted(labels[order], np.arange(count + 1))
    ranks = np.empty_like(order)
    ranks[order] = np.arange(order.size) - starts[labels[order]]
    return order, starts, ranks
