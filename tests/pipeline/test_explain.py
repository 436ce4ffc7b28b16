"""`corridor explain`: parts, factors and coverage add up, and a correction is traced to its leg and submission."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.core.settings import load_settings
from orchestration.explain.record import CellRequest, explain_cell
from tests.pipeline.conftest import Ended, Published, corridor, warm_corridor

YEAR_CELLS = """
    select kpi_id, method_id, dimension_value from marts.fct_kpi
    where period_grain = 'year' and period_start = '2025-01-01' and variant = 'measured'
    qualify row_number() over (partition by kpi_id, dimension order by method_id desc, dimension_value) = 1
    order by all
"""
# A main engine's fuel row on a leg that belongs to one complete voyage: its row number in the file, its factor times
# the voyage's share, and the month of the voyage.
FUEL_ROW = """
    select fuel.submission_id, cast(split_part(fuel.fuel_row_id, '-', 2) as integer) as row_number,
        factor.value * leg.outbound_teu / (leg.laden_teu + leg.empty_teu), strftime(voyages.delivered_utc, '%Y-%m')
    from marts.fct_fuel_consumption as fuel
    join marts.dim_submission as submissions on fuel.submission_id = submissions.submission_id
    join marts.fct_voyage_legs as leg on fuel.segment_type = 'leg' and fuel.segment_id = leg.leg_id
    join marts.fct_voyages as voyages
        on voyages.imo_number = leg.imo_number and voyages.direction = 'outbound' and voyages.is_complete
        and leg.departure_utc between voyages.departed_utc and voyages.delivered_utc
    join marts.dim_factor as factor on factor.method_id = 'glec_v3_2' and factor.factor_key = 'residual_gt_0_50_s'
    where submissions.partner_id = 'SMPL-AURORA' and submissions.period = '2024-Q1' and leg.inbound_teu = 0
        and fuel.consumer = 'main_engine' and fuel.fuel_type = 'HFO'
    order by fuel.fuel_row_id limit 1
"""


def explained(home: Path, *arguments: str) -> dict[str, Any]:
    ended = corridor(home, "explain", *arguments, "--json")
    assert ended.code == 0, ended.err
    record: dict[str, Any] = json.loads(ended.out)
    return record


def warehouse(home: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(home / "releases" / "current" / "internal" / "warehouse.duckdb"), read_only=True)


def test_figure_is_the_sum_of_its_parts_and_of_its_factors(published: Published) -> None:
    settings = load_settings(published.home)
    with warehouse(published.home) as con:
        cells = con.execute(YEAR_CELLS).fetchall()
    assert len(cells) > 50
    for kpi_id, method_id, dimension_value in cells:
        record = explain_cell(settings, CellRequest(kpi_id, "2025", dimension_value, method_id))
        for term in ("numerator", "denominator"):
            parts = sum(part["amount"] for part in record["parts"] if part["term"] == term)
            assert parts == pytest.approx(record[term] or 0, rel=1e-9, abs=1e-6), (kpi_id, dimension_value)
        by_factor = sum(factor["amount"] for factor in record["factors"])
        assert not record["factors"] or by_factor == pytest.approx(record["numerator"], rel=1e-9), (
            kpi_id,
            dimension_value,
        )
        assert all(factor["source"] for factor in record["factors"])
        assert record["sources"] or not record["parts"]
        assert_coverage_is_accounted_for(record)
        assert len(record["largest"]) <= 10


def assert_coverage_is_accounted_for(record: dict[str, Any]) -> None:
    """Check that what counts and what is missing add up to all that coverage expects."""
    counted = [item for item in record["coverage_items"] if item["reason"] == "counted"]
    assert len(counted) == (record["coverage"] is not None)
    if record["coverage"]:
        assert counted[0]["share"] == pytest.approx(record["coverage"])
        assert sum(item["share"] for item in record["coverage_items"]) == pytest.approx(max(1, record["coverage"]))


def test_explanation_shows_formula_with_numerator_and_denominator(published: Published) -> None:
    record = explained(published.home, "corridor_wtw_g_per_teu_km", "--period", "2025")
    ended = corridor(published.home, "explain", "corridor_wtw_g_per_teu_km", "--period", "2025")
    assert record["value"] == pytest.approx(record["numerator"] / record["denominator"])
    for text in (
        record["formula"],
        f"= {record['numerator']:,.6g} / {record['denominator']:,.6g}",
        f"= {record['value']:.4g} g/TEU-km",
        "INTERNAL",
        "SAMPLE",
        "residual_le_0_50_s",
        record["largest"][0]["entity_id"],
        record["sources"][0]["source_key"],
        "Numerator and denominator",
        "wtw_t x 1,000,000",
        "GLEC Framework v3.2",
        "arrivals expected by the nominations",
        "There is no previous release to compare with.",
    ):
        assert text in ended.out, text


def test_formula_with_several_parts_shows_the_sum_of_each(published: Published) -> None:
    record = explained(published.home, "port_to_port_kg_per_teu", "--period", "2025")
    ended = corridor(published.home, "explain", "port_to_port_kg_per_teu", "--period", "2025")
    parts = [part["entity_type"] for part in record["parts"] if part["term"] == "numerator"]
    assert parts == ["leg", "stay", "terminal_month"]
    [filled] = [line for line in ended.out.splitlines() if line.strip().startswith("= (")]
    assert [part for part in parts if part in filled] == parts
    assert filled.endswith(f"/ {record['denominator']:,.0f}")


def test_public_figure_names_its_page_and_vintage(published: Published) -> None:
    record = explained(published.home, "port_throughput_teu", "--period", "2023", "--dimension", "USLAX")
    assert record["value"] == sum(part["amount"] for part in record["parts"])
    assert {source["source_type"] for source in record["sources"]} == {"page"}
    assert "historical-teu-statistics-2023 of" in record["sources"][0]["source_key"]


MISTAKES = {
    ("no_kpi", "--period", "2025"): "Unknown KPI 'no_kpi'. Choose one of corridor_wtw_g_per_teu_km",
    ("corridor_wtw_t", "--period", "25"): "Invalid period '25'. Use YYYY, YYYY-Qn or YYYY-MM.",
    ("corridor_wtw_t", "--period", "2019"): "corridor_wtw_t has no figure for year 2019. Choose one of 2024, 2025",
    ("cii_share_abc", "--period", "2025-03"): "cii_share_abc has no figures by month. Choose one of year.",
    ("port_throughput_teu", "--period", "2024"): "it needs --dimension. Choose one of CNSHA, USLAX, USLGB.",
    (
        "corridor_wtw_t",
        "--period",
        "2025",
        "--method",
        "x",
    ): "corridor_wtw_t is not computed with the method 'x'. Choose one of fueleu",
}


@pytest.mark.parametrize("arguments", MISTAKES)
def test_error_for_an_unknown_cell_gives_the_choices(published: Published, arguments: tuple[str, ...]) -> None:
    ended: Ended = corridor(published.home, "explain", *arguments)
    assert (ended.code, ended.out) == (1, "")
    assert MISTAKES[arguments] in ended.err


def test_corrected_fuel_row_is_traced_to_its_leg_and_submission(tiny: Published, tmp_path: Path) -> None:
    home = tiny.copy_to(tmp_path)
    with warehouse(home) as con:
        [(submission_id, row_number, wtw_t_per_t, month)] = con.execute(FUEL_ROW).fetchall()
    file_correction(home / "inbox" / "SMPL-AURORA", "fuel_consumption_2024-Q1", row_number)
    assert warm_corridor(home, "run").code == 0
    record = explained(home, "corridor_wtw_t", "--period", month)
    [change] = record["before"]["changes"]
    assert (change["term"], change["entity_type"], change["change"], change["entities"]) == (
        "numerator", "leg", "changed", 1,
    )  # fmt: skip
    assert change["difference"] == pytest.approx(wtw_t_per_t, rel=1e-6)
    assert record["before"]["cell"]["difference"] == pytest.approx(wtw_t_per_t, rel=1e-6)
    assert {(s["change"], s["partner_id"], s["dataset"], s["period"]) for s in record["before"]["sources"]} == {
        ("gone", "SMPL-AURORA", "fuel_consumption", "2024-Q1"),
        ("new", "SMPL-AURORA", "fuel_consumption", "2024-Q1"),
    }
    assert record["before"]["factors"] == []
    assert submission_id in [s["source_key"] for s in record["before"]["sources"] if s["change"] == "gone"]
    halve_distillate_factor(home / "releases" / record["before"]["release_id"])
    [factor] = explained(home, "corridor_wtw_t", "--period", month)["before"]["factors"]
    assert (factor["factor_key"], factor["change"]) == ("distillate", "changed")
    assert factor["value_before"] == factor["value_now"] / 2


def halve_distillate_factor(release: Path) -> None:
    """Change a release as if it had been made with half the factor of distillates."""
    with duckdb.connect(str(release / "internal" / "warehouse.duckdb")) as con:
        con.execute("update marts.dim_factor set value = value / 2 where factor_key = 'distillate'")


def file_correction(inbox: Path, name: str, row_number: int) -> None:
    """File a dataset again with one tonne more fuel in a row, numbered as in a spreadsheet."""
    with gzip.open(inbox / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    mass = rows[0].index("mass_t")
    rows[row_number - 1][mass] = f"{float(rows[row_number - 1][mass]) + 1:.3f}"
    with (inbox / f"{name}_corrected.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
