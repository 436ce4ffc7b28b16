"""How far a hidden cell may lie from the truth: a published example, and 1,000 small tables against brute force."""

import itertools
import random

import numpy as np

from orchestration.release.disclosure.intervals import incidence, reached

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
    return list(reached(incidence(row, column, coefficient, len(hidden)), room, judged, np.full(len(hidden), wanted)))


def test_one_hidden_cell_of_a_table_with_margins_is_no_secret() -> None:
    """Hundepool et al., Handbook on Statistical Disclosure Control, chapter 4: margins give a lone cell away."""
    table = {
        (i, j): value
        for i, line in enumerate([(20, 50, 10), (8, 19, 22), (17, 32, 12)])
        for j, value in enumerate(line)
    }
    assert shares(table, 3, 3, [(1, 0)], 1.0) == [0.0]
    assert shares(table, 3, 3, [(1, 0), (1, 1)], 1.0) == [0.0, 0.0]
    # Three more in a rectangle: up by at most what the two cells across can give.
    assert shares(table, 3, 3, [(1, 0), (1, 1), (0, 0), (0, 1)], 40.0) == [19 / 40, 8 / 40, 8 / 40, 19 / 40]


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
