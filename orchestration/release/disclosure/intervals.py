"""Feasibility intervals of suppressed cells, by linear programming with HiGHS.

Belongs here: how far suppressed cells may lie from their true values under a set of linear relations.
Does not belong here: which relations there are, and which cells are suppressed (suppress chooses, audit verifies).
SciPy takes a second to import. Other modules import this package where they need it.
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

# Relative to the protection level. The solver is exact to about a hundredth of it.
TOLERANCE = 1e-6


def incidence(rows: Iterable[int], columns: Iterable[int], coefficients: Iterable[float], width: int) -> csr_array:
    """Return relations as a sparse matrix: one row per relation, one column per cell. A row times the cells is zero.

    Args:
        rows: The relation of each entry.
        columns: The cell of each entry.
        coefficients: The value of each entry.
        width: The number of cells.
    """
    row = np.fromiter(rows, np.int64)
    column = np.fromiter(columns, np.int64)
    height = int(row.max()) + 1 if row.size else 0
    return csr_array((np.fromiter(coefficients, np.float64), (row, column)), shape=(height, width))


@dataclass(frozen=True)
class Copies:
    """Copies of the components of several cells in one linear program, so that one solution serves all cells.

    Attributes:
        matrix: The relations of all copies.
        columns: The cell of the relations that each variable is a copy of.
        owners: The position, among the cells asked for, of the cell that each variable's copy serves.
        own: The variable of each cell asked for, in its own copy.
    """

    matrix: csr_array
    columns: Ints
    owners: Ints
    own: Ints


def copies(relations: csr_array, cells: Ints) -> Copies:
    """Copy the component of each cell. No relation connects cells of different components."""
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
    """Return the number of each cell's component."""
    _, labels = connected_components(block_array([[None, relations], [relations.T, None]]), directed=False)
    return np.asarray(labels[relations.shape[0] :], dtype=np.int64)


def reached_share(relations: csr_array, room_below: Floats, cells: Ints, protection: Floats) -> Floats:
    """Return the share of its protection level that each cell's feasibility interval reaches above the true value.

    The share is 1 if the interval reaches the whole protection level, and 0 if the cell can be derived exactly.

    Args:
        relations: One row per relation among all suppressed cells, one column per suppressed cell.
        room_below: How far each suppressed cell may lie below its true value: its size, or infinite if the cell can be
            negative.
        cells: The suppressed cells to assess.
        protection: The protection level of each of `cells`, above 0.

    Raises:
        RuntimeError: The solver does not find a solution, although the true values are one.
    """
    if not cells.size:
        return np.empty(0)
    problem = copies(relations, cells)
    # In units of the protection level of the copy's own cell.
    lower = -room_below[problem.columns] / protection[problem.owners]
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
        raise RuntimeError(f"the solver found no feasibility intervals for {cells.size} cells: {solved.message}")
    return np.asarray(solved.x[problem.own])


def _grouped(labels: Ints, groups: int | None = None) -> tuple[Ints, Ints, Ints]:
    """Return the positions sorted by label, where each label begins in them, and each position's rank in its label."""
    order = np.argsort(labels, kind="stable")
    count = int(labels.max(initial=-1)) + 1 if groups is None else groups
    starts = np.searchsorted(labels[order], np.arange(count + 1))
    ranks = np.empty_like(order)
    ranks[order] = np.arange(order.size) - starts[labels[order]]
    return order, starts, ranks
