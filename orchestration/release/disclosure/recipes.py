"""What the seed kpi_terms states about additive tables: which are the same, and which add up to which.

Belongs here: the numerators and denominators of all KPIs as sets of segments, and the relations that follow from them.
Does not belong here: cells and their amounts (audit), the relations as suppression uses them (additive_relations.sql).
The audit derives its relations here, and suppression its own in SQL, so that neither repeats a mistake of the other.
"""

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import duckdb

OWN = "own"
EXACTLY, AT_MOST, REPEATED = "exactly", "at_most", "repeated"


class TableKey(NamedTuple):
    """The numerator or denominator of a KPI, of ships or of terminals."""

    kpi_id: str
    additive_table: str
    part: str


class Recipe(NamedTuple):
    """What an additive table sums: a measure of some segments of a population, where `needs` holds.

    segments: segment types; `own` is the segment that the cell's dimension value names.
    periods_add_up, parts_add_up: whether a period is the sum of shorter ones, and the corridor that of its parts:
    exactly, at_most (the whole may hold more), no, or repeated (each part shows the whole).
    """

    population: str
    measure: str
    needs: str
    segments: tuple[str, ...]
    periods_add_up: str
    parts_add_up: str

    @property
    def source(self) -> tuple[str, str, str]:
        """What segments of two recipes must agree in to be the same amounts."""
        return self.population, self.measure, self.needs


class Part(NamedTuple):
    """A table that sums one segment. dimension_value: the cell that does so; None: the same cell as the whole's."""

    key: TableKey
    dimension_value: str | None


Recipes = dict[TableKey, Recipe]


def read_recipes(con: duckdb.DuckDBPyConnection) -> Recipes:
    """Read all recipes from the attached `warehouse`."""
    rows = con.execute(
        """
        select kpi_id, term, part, population, measure, needs, segments, periods_add_up, parts_add_up
        from warehouse.seeds.kpi_terms
        """
    ).fetchall()
    return {
        TableKey(kpi_id, term, part): Recipe(population, measure, needs, tuple(segments.split(";")), periods, parts)
        for kpi_id, term, part, population, measure, needs, segments, periods, parts in rows
    }


def shared_definition(key: TableKey, recipes: Recipes) -> tuple[object, ...]:
    """Return what identifies the table's amounts, equal for tables that sum the same measure of the same segments.

    Which segments count (`needs`) is left out: the audit takes two cells for the same only if every holding contributes
    the same to both. A table that sums a single `own` segment is like no other.
    """
    recipe = recipes.get(key)
    if recipe is None or OWN in recipe.segments:
        return (key.kpi_id, key.additive_table)
    return (recipe.population, recipe.measure, *recipe.segments)


def sums_of_tables(recipes: Recipes) -> Iterator[tuple[TableKey, tuple[Part, ...]]]:
    """Yield each table that is the sum of other tables, with those.

    Each segment of the whole is summed alone by a part. Where several tables do so, each of them gives a relation.
    """
    single = [(key, recipe) for key, recipe in recipes.items() if len(recipe.segments) == 1]
    for key, recipe in recipes.items():
        if len(recipe.segments) > 1:
            candidates = [_parts_for(segment, key, recipe, single) for segment in recipe.segments]
            for parts in itertools.product(*candidates):
                yield key, parts


def _parts_for(segment: str, key: TableKey, recipe: Recipe, single: Iterable[tuple[TableKey, Recipe]]) -> list[Part]:
    return [
        Part(part, segment if single_recipe.segments == (OWN,) else None)
        for part, single_recipe in single
        if part.part == key.part
        and single_recipe.source == recipe.source
        and single_recipe.segments[0] in (segment, OWN)
    ]
