"""Missing data never improves a figure: it removes the whole voyage and lowers coverage.

One ocean leg of the sample loses its fuel, a row of it, a mass or a factor; one terminal loses a month.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.pipeline.compiled import CompiledProject, compiled_project
from tests.pipeline.conftest import Published

MONTH = "2025-03-01"

OCEAN_LEG = """
    select legs.leg_id, legs.imo_number, legs.departure_utc, legs.arrival_utc
    from marts.fct_voyage_legs as legs
    join marts.fct_voyages as voyages
        on legs.imo_number = voyages.imo_number and voyages.direction = 'outbound' and voyages.is_complete
        and legs.departure_utc between voyages.departed_utc and voyages.delivered_utc
    join marts.fct_fuel_consumption as fuel on fuel.segment_id = legs.leg_id and fuel.consumer = 'main_engine'
    where voyages.delivered_utc between '2025-03-10' and '2025-03-20' and legs.sailed_distance_nm > 5000
    group by all having count(*) >= 2 order by legs.leg_id limit 1
"""

HEADLINE = f"""
    select numerator, denominator, coverage from marts.fct_kpi
    where kpi_id = 'corridor_wtw_g_per_teu_km' and method_id = 'glec_v3_2' and period_grain = 'month'
        and period_start = '{MONTH}' and dimension = 'direction' and dimension_value = 'outbound'
"""

VOYAGE = """
    select sailing_wtw_t * 1e6, delivered_teu_km from marts.fct_voyages
    where direction = 'outbound' and imo_number = ? and ? between departed_utc and delivered_utc
"""

TERMINALS = f"""
    select kpi_id, value, coverage, primary_data_share from marts.fct_kpi
    where kpi_id in ('port_to_port_terminals_kg_per_teu', 'terminal_kgco2e_per_teu') and dimension = 'corridor'
        and variant = 'measured' and period_grain = 'month' and period_start = '{MONTH}' order by kpi_id
"""

FUEL_OF_THE_LEG = "imo_number = '{imo}' and period_start_utc >= '{departure}' and period_start_utc < '{arrival}'"
FIRST_MAIN_ROW = (
    "consumer = 'main_engine' and period_start_utc = (select min(period_start_utc) from accepted "
    f"where consumer = 'main_engine' and {FUEL_OF_THE_LEG})"
)

LOSSES = {
    "all its fuel": f"from accepted where not ({FUEL_OF_THE_LEG})",
    "a row of its main engine": f"from accepted where not ({FUEL_OF_THE_LEG} and {FIRST_MAIN_ROW})",
    "a mass": f"select * replace (case when {FUEL_OF_THE_LEG} and {FIRST_MAIN_ROW} then null else mass_t end "
    "as mass_t) from accepted",
    "a factor": f"select * replace (case when {FUEL_OF_THE_LEG} and {FIRST_MAIN_ROW} then 'NH3' else fuel_type end "
    "as fuel_type) from accepted",
}


@pytest.fixture(scope="module")
def home(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published.copy_to(tmp_path_factory.mktemp("missing"))


@pytest.fixture(scope="module")
def models(published: Published) -> CompiledProject:
    return compiled_project(published.home)


@contextmanager
def rewritten(home: Path, dataset: str, query: str) -> Iterator[None]:
    """Replace the accepted rows of a dataset by those of a query over `accepted`, file by file, for a block."""
    files = sorted((home / "lake" / "accepted" / dataset).glob("*.parquet"))
    before = {file: file.read_bytes() for file in files}
    with duckdb.connect() as con:
        for file in files:
            con.execute(f"create or replace table accepted as from '{file}'")
            con.execute(f"copy ({query}) to '{file}'")
    try:
        yield
    finally:
        for file, content in before.items():
            file.write_bytes(content)


def as_published(home: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(home / "releases" / "current" / "internal" / "warehouse.duckdb"), read_only=True)


@pytest.mark.parametrize("loss", LOSSES)
def test_leg_without_fuel_removes_its_voyage_from_both_sums(home: Path, models: CompiledProject, loss: str) -> None:
    with as_published(home) as con:
        numerator, denominator, coverage = con.execute(HEADLINE).fetchall()[0]
        leg_id, imo, departure, arrival = con.execute(OCEAN_LEG).fetchall()[0]
        [(voyage_g, voyage_teu_km)] = con.execute(VOYAGE, [imo, departure]).fetchall()
    query = LOSSES[loss].format(imo=imo, departure=departure, arrival=arrival)
    with rewritten(home, "fuel_consumption", query), models.built(home / "lake") as con:
        after_g, after_teu_km, after_coverage = con.execute(HEADLINE).fetchall()[0]
        complete = con.execute("select is_complete from marts.fct_voyage_legs where leg_id = ?", [leg_id]).fetchall()
    assert complete == [(False,)]
    assert after_g == pytest.approx(numerator - voyage_g, rel=1e-9)
    assert after_teu_km == pytest.approx(denominator - voyage_teu_km, rel=1e-9)
    assert after_coverage < coverage


def test_rejected_row_makes_every_possible_segment_incomplete_and_is_reported(home: Path) -> None:
    """Row 9 of the sample's file with bad rows has no readable ship, so that it may belong to any ship of its filer."""
    with as_published(home) as con:
        told = con.execute(
            "select observed, failing_count from marts.fct_data_issues where check_name = 'fuel_rows_are_all_accepted'"
        ).fetchall()
        complete = con.execute(
            "select is_complete from marts.fct_voyage_legs where imo_number = '3000386' and departure_utc in "
            "('2024-03-30 05:14:00', '2024-04-20 04:24:00')"
        ).fetchall()
    assert told == [
        (
            "row 9 was rejected and may belong to the leg of 3000386 from USOAK on 2024-03-30 05:14:00, which stays "
            "incomplete",
            10,
        )
    ]
    assert complete == [(False,), (False,)]


def test_missing_terminal_month_takes_the_default_and_not_zero(home: Path, models: CompiledProject) -> None:
    with as_published(home) as con:
        before = {kpi_id: row for kpi_id, *row in con.execute(TERMINALS).fetchall()}
    query = f"from accepted where not (terminal_code = 'SMPL-LAX1' and month = '{MONTH}')"
    with rewritten(home, "terminal_energy", query), models.built(home / "lake") as con:
        after = {kpi_id: row for kpi_id, *row in con.execute(TERMINALS).fetchall()}
    value, _, primary_share = zip(
        before["port_to_port_terminals_kg_per_teu"], after["port_to_port_terminals_kg_per_teu"], strict=True
    )
    assert value[1] > value[0]
    assert primary_share[1] < primary_share[0]
    _, coverage, _ = zip(before["terminal_kgco2e_per_teu"], after["terminal_kgco2e_per_teu"], strict=True)
    assert coverage[1] == pytest.approx(coverage[0] - 1 / 8)
