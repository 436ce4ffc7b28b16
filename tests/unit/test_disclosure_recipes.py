"""The seed kpi_terms as the source of all relations of disclosure control, in the audit and in suppression."""

from collections import defaultdict

import duckdb
import pytest

from orchestration.core.errors import CorridorError
from orchestration.core.settings import DBT_PROJECT_DIR, Settings
from orchestration.release.disclosure.audit import underprotected_cells
from orchestration.release.disclosure.recipes import (
    Part,
    Recipes,
    TableKey,
    read_recipes,
    shared_definition,
    sums_of_tables,
)
from tests.support.disclosed import FOUR, statuses
from tests.support.release_home import add_cell

# The sum of sailing and berth, which corridor_wtw_t already is: a KPI of an existing kind, without any SQL.
NEW_KPI = """
    insert into seeds.kpi_definitions by name
    select * replace ('new_kpi_t' as kpi_id) from seeds.kpi_definitions where kpi_id = 'corridor_wtw_t';
    insert into seeds.kpi_terms by name
    select * replace ('new_kpi_t' as kpi_id) from seeds.kpi_terms where kpi_id = 'corridor_wtw_t'
"""
SAME_TABLES = [
    {("certified_energy_share", "D"), ("energy_ghg_intensity_g_mj", "D"), ("zero_energy_share", "D")},
    {("cii_rating_share", "D"), ("cii_share_abc", "D")},
    {("capable_calls", "D"), ("certified_fuelled_calls", "D"), ("connected_calls", "D")},
    {("controlled_coverage", "D"), ("shore_power_coverage", "D")},
    {("corridor_wtw_g_per_teu_km", "N"), ("port_to_port_sailing_kg_per_teu", "N")},
    {("corridor_wtw_t", "N"), ("port_to_port_kg_per_teu", "N")},
    {("operated_wtw_g_per_teu_km", "N"), ("unallocated_wtw_t", "N")},
    {("port_to_port_kg_per_teu", "N"), ("port_to_port_terminals_kg_per_teu", "N")},
    {(f"port_to_port_{part}kg_per_teu", "D") for part in ("", "sailing_", "berth_", "terminals_")},
    {(f"terminal_{part}_per_teu", "D") for part in ("kgco2e", "market_kgco2e", "kwh")},
]


@pytest.fixture
def recipes(con: duckdb.DuckDBPyConnection) -> Recipes:
    return read_recipes(con)


def ships(kpi_id: str, additive_table: str) -> TableKey:
    return TableKey(kpi_id, additive_table, "ship")


def test_every_kpi_has_the_terms_of_its_kind(con: duckdb.DuckDBPyConnection) -> None:
    wrong = con.execute(
        """
        select kpi_id from seeds.kpi_definitions as definitions left join seeds.kpi_terms as terms using (kpi_id)
        group by kpi_id, kind
        having not coalesce(bool_or(term = 'numerator'), false)
            or coalesce(bool_or(term = 'denominator'), false) <> (kind = 'ratio')
        """
    ).fetchall()
    assert wrong == []


def test_every_word_of_a_recipe_has_a_phrase_in_the_formula(con: duckdb.DuckDBPyConnection) -> None:
    words = DBT_PROJECT_DIR / "seeds" / "method" / "kpi_words.csv"
    without_phrase = con.execute(
        """
        select word from (
            select unnest([measure, population || ' ' || segments, needs]) as word,
                unnest(['measure', 'segments', 'needs']) as kind
            from seeds.kpi_terms
        )
        anti join read_csv($words, header = true, all_varchar = true) using (kind, word)
        """,
        {"words": str(words)},
    ).fetchall()
    assert without_phrase == []


def test_tables_of_the_same_measure_and_segments_are_the_same(recipes: Recipes) -> None:
    found = defaultdict(set)
    for key in recipes:
        found[shared_definition(key, recipes), key.part].add((key.kpi_id, key.additive_table[0].upper()))
    shared = [keys for keys in found.values() if len(keys) > 1]
    assert sorted(map(sorted, shared)) == sorted(map(sorted, SAME_TABLES))


def test_wholes_and_their_parts_follow_from_the_recipes(recipes: Recipes) -> None:
    sailing_and_berth = tuple(
        Part(ships(f"port_to_port_{part}_kg_per_teu", "numerator"), None) for part in ("sailing", "berth")
    )
    ratings = {letter: Part(ships("cii_rating_share", "numerator"), letter) for letter in "ABCDE"}
    assert dict(sums_of_tables(recipes)) == {
        ships("corridor_wtw_t", "numerator"): sailing_and_berth,
        ships("port_to_port_kg_per_teu", "numerator"): sailing_and_berth,
        ships("cii_share_abc", "numerator"): tuple(ratings[letter] for letter in "ABC"),
        ships("cii_share_abc", "denominator"): tuple(ratings.values()),
        ships("cii_rating_share", "denominator"): tuple(ratings.values()),
    }


def test_suppression_derives_the_same_wholes_and_parts_in_sql(
    con: duckdb.DuckDBPyConnection, settings: Settings, recipes: Recipes
) -> None:
    statuses(con, settings)
    in_sql = con.execute(
        "select whole_kpi_id, whole_table, part, part_kpi_id, part_table, part_dimension_value from recipe_parts"
    ).fetchall()
    in_python = [
        (*whole, part.key.kpi_id, part.key.additive_table, part.dimension_value)
        for whole, parts in sums_of_tables(recipes)
        for part in parts
    ]
    assert sorted(in_sql, key=str) == sorted(in_python, key=str)


def test_new_kpi_is_in_the_relations_of_audit_and_suppression(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(NEW_KPI)
    whole = ships("new_kpi_t", "numerator")
    recipes = read_recipes(con)
    assert dict(sums_of_tables(recipes))[whole] == dict(sums_of_tables(recipes))[ships("corridor_wtw_t", "numerator")]
    assert shared_definition(whole, recipes) == shared_definition(ships("corridor_wtw_t", "numerator"), recipes)
    statuses(con, settings)
    derived = con.execute(
        "select part_kpi_id from recipe_parts where whole_kpi_id = 'new_kpi_t' order by all"
    ).fetchall()
    assert derived == [("port_to_port_berth_kg_per_teu",), ("port_to_port_sailing_kg_per_teu",)]


def test_part_cannot_be_derived_from_the_total_of_a_new_kpi(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Sailing is safe, berth has two carriers: published sailing and total would give berth away."""
    con.execute(NEW_KPI)
    berth = {"SMPL-A": 0.3, "SMPL-B": 0.2}
    kpi_ships = {
        "new_kpi_t": {name: amount + berth.get(name, 0) for name, amount in FOUR.items()},
        "port_to_port_sailing_kg_per_teu": {name: 1000 * amount for name, amount in FOUR.items()},
        "port_to_port_berth_kg_per_teu": {name: 1000 * amount for name, amount in berth.items()},
    }
    for kpi_id, amounts in kpi_ships.items():
        add_cell(con, kpi_id, 1.0, ships=amounts)
    con.execute("update marts.fct_kpi_contributions set denominator = 100 where denominator is not null")
    statuses(con, settings)
    found = dict(con.execute("select kpi_id, status from kpi.kpi_values").fetchall())
    assert found["port_to_port_berth_kg_per_teu"] == "suppressed"
    assert underprotected_cells(con) == []
    assert list(found.values()).count("published") < len(found) - 1
    con.execute(
        "update kpi.kpi_values set status = 'published', value = 1 where kpi_id <> 'port_to_port_berth_kg_per_teu'"
    )
    named = [key.split()[0] for key in underprotected_cells(con)]
    assert named == ["port_to_port_berth_kg_per_teu"]


@pytest.mark.parametrize("table", ["numerator", "denominator"])
def test_audit_refuses_a_kpi_without_a_recipe(con: duckdb.DuckDBPyConnection, settings: Settings, table: str) -> None:
    add_cell(con, "corridor_wtw_g_per_teu_km", 90.0, ships=FOUR)
    statuses(con, settings)
    con.execute(
        f"delete from warehouse.seeds.kpi_terms where kpi_id = 'corridor_wtw_g_per_teu_km' and term = '{table}'"
    )
    with pytest.raises(CorridorError, match=f"The {table} of corridor_wtw_g_per_teu_km .ship. has no row in the seed"):
        underprotected_cells(con)
