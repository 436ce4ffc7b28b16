"""How far a hidden cell may lie from the truth: published examples, and 1,000 small tables against brute force.

The Handbook is the Handbook on Statistical Disclosure Control, edition of the web, chapter 4: Magnitude tabular data,
https://sdctools.github.io/HandbookSDC/04-magnitude-tabular-data.html.
"""

import itertools
import random

import numpy as np
import pytest

from orchestration.release.disclosure.intervals import incidence, reached_share

Table = dict[tuple[int, int], int]


def shares(table: Table, rows: int, columns: int, hidden: list[tuple[int, int]], wanted: float) -> list[float]:
    """How much of `wanted` each hidden cell of a table with all margins published reaches."""
    place = {cell: number for number, cell in enumerate(hidden)}
    lines = [[(i, j) for j in range(columns)] for i in range(rows)]
    lines += [[(i, j) for i in range(rows)] for j in range(columns)]
    terms = [(n, place[cell], 1.0) for n, line in enumerate(lines) for cell in line if cell in place]
    row, column, coefficient = zip(*terms, strict=True)
    room = np.array([float(table[cell]) for cell in hidden])
    judged = np.arange(len(hidden))
    return list(
        reached_share(incidence(row, column, coefficient, len(hidden)), room, judged, np.full(len(hidden), wanted))
    )


def test_one_hidden_part_is_the_whole_less_the_others() -> None:
    """Handbook, example 1a of 4.1: 56,600 less 47,600 and 8,002 is 998; hiding one of the two as well avoids that."""
    alone, two = incidence([0], [0], [1], 1), incidence([0, 0], [0, 1], [1, 1], 2)
    wanted = np.array([998.0])
    assert reached_share(alone, np.array([998.0]), np.array([0]), wanted) == pytest.approx([0])
    assert reached_share(two, np.array([998.0, 8002.0]), np.array([0]), wanted) == pytest.approx([1])


def test_the_feasible_values_of_a_hidden_cell_are_those_of_a_published_example() -> None:
    """Handbook, example 3 of 4.2.2 (Geurts 1992, table 10): with margins 7, 3, 6 and 9, 7 the first cell is 3 to 6."""
    # One of the fillings that the margins and the last row allow.
    table = {(0, 0): 4, (0, 1): 3, (1, 0): 2, (1, 1): 1, (2, 0): 3, (2, 1): 3}
    hidden = [(0, 0), (0, 1), (1, 0), (1, 1)]
    upper = [table[cell] + 10 * share for cell, share in zip(hidden, shares(table, 3, 2, hidden, 10.0), strict=True)]
    assert upper[0] == pytest.approx(6)
    # The least it can be is 7 less the most that its neighbour can be.
    assert 7 - upper[1] == pytest.approx(3)


def test_a_thousand_random_tables_agree_with_brute_force() -> None:
    dice = random.Random(20261126)
    for _ in range(1000):
        rows, columns = dice.choice([(2, 2), (2, 3), (3, 3)])
        cells = list(itertools.product(range(rows), range(columns)))
        table = {cell: dice.randint(0, 3) for cell in cells}
        hidden = sorted(dice.sample(cells, dice.randint(1, min(len(cells), 6))))
        found = shares(table, rows, columns, hidden, 3.0)
        most = greatest(table, rows, columns, hidden)
        expected = [min(most[cell] - table[cell], 3) / 3 for cell in hidden]
        np.testing.assert_allclose(found, expected, atol=1e-6, err_msg=f"{table} {hidden}")


def greatest(table: Table, rows: int, columns: int, hidden: list[tuple[int, int]]) -> Table:
    """By trying every filling with whole numbers that keeps the margins: transport tables have whole extremes."""
    row_left = [sum(table[c] for c in hidden if c[0] == i) for i in range(rows)]
    column_left = [sum(table[c] for c in hidden if c[1] == j) for j in range(columns)]
    most = dict.fromkeys(hidden, 0)

    def fill(number: int, chosen: list[int]) -> None:
        if number == len(hidden):
            if not any(row_left) and not any(column_left):
                most.update((cell, max(most[cell], value)) for cell, value in zip(hidden, chosen, strict=True))
            return
        i, j = hidden[number]
        for value in range(min(row_left[i], column_left[j]) + 1):
            row_left[i] -= value
            column_left[j] -= value
            fill(number + 1, [*chosen, value])
            row_left[i] += value
            column_left[j] += value

    fill(0, [])
    return most
