"""The primary disclosure rule (docs/method.md#disclosure), one cell at a time; p is 10 % unless a test sets it."""

from typing import Any

import pytest

from orchestration.core.settings import Settings
from orchestration.release.disclosure.disclose import disclose, find_unsafe_cells
from tests.support.release_home import add_cell, in_memory

KPI = "corridor_wtw_g_per_teu_km"
FOUR = {"SMPL-A": 40.0, "SMPL-B": 30.0, "SMPL-C": 20.0, "SMPL-D": 10.0}
ONE = {"SMPL-Z": 50.0}
FIGURES = (
    "value",
    "lower",
    "upper",
    "coverage",
    "primary_data_share",
    "energy_without_factor_share",
    "factor_evidence",
    "factor_lag_years",
    "n_contributors_band",
)


def disclosed(
    settings: Settings,
    kpi_id: str = KPI,
    value: float | None = 66.6412341234567,
    p: float = 10.0,
    sql: str = "",
    **cell: Any,
) -> dict[str, Any]:
    """The public row of the only cell of a warehouse; sql changes the warehouse before it is read."""
    with in_memory() as con:
        add_cell(con, kpi_id, value, **cell)
        con.execute(sql)
        con.execute("use kpis")
        find_unsafe_cells(con, p)
        disclose(con, settings)
        result = con.execute("from kpi.kpi_values")
        names = [column[0] for column in result.description or []]
        (row,) = result.fetchall()
    return dict(zip(names, row, strict=True))


def test_a_cell_of_four_comparable_holdings_is_published_at_ten_digits(settings: Settings) -> None:
    row = disclosed(settings, ships=FOUR)
    assert (row["status"], row["value"], row["n_contributors_band"]) == ("published", 66.64123412, "3-4")


def test_five_holdings_and_more_are_one_band(settings: Settings) -> None:
    assert disclosed(settings, ships={**FOUR, "SMPL-E": 9.0})["n_contributors_band"] == "5+"


def test_two_holdings_are_too_few_and_the_row_keeps_its_key_alone(settings: Settings) -> None:
    row = disclosed(settings, ships={"SMPL-A": 50.0, "SMPL-B": 50.0})
    assert row["status"] == "suppressed"
    assert [row[name] for name in FIGURES] == [None] * len(FIGURES)
    assert (row["kpi_id"], row["period_grain"], row["dimension"], row["unit"]) == (KPI, "year", "corridor", "g/TEU-km")


def test_a_holding_that_contributes_exactly_nothing_does_not_count(settings: Settings) -> None:
    assert disclosed(settings, ships={"SMPL-A": 50.0, "SMPL-B": 50.0, "SMPL-C": 0.0})["status"] == "suppressed"


@pytest.mark.parametrize(("p", "status"), [(10.0, "published"), (10.1, "suppressed")])
def test_the_rest_must_reach_p_percent_of_the_largest(settings: Settings, p: float, status: str) -> None:
    ships = {"SMPL-A": 100.0, "SMPL-B": 50.0, "SMPL-C": 10.0}
    assert disclosed(settings, ships=ships, p=p)["status"] == status


@pytest.mark.parametrize(
    ("largest", "second", "total", "p", "status"),
    [
        # 51,000 is an estimate of 50,000 that is 2 % too high.
        (50_000, 49_000, 100_000, 1.9, "published"),
        (50_000, 49_000, 100_000, 2.1, "suppressed"),
        # 60,000 of 52,000 is 15.4 % too high: safe at p = 10.
        (52_000, 50_000, 110_000, 10.0, "published"),
        (52_000, 50_000, 110_000, 15.4, "suppressed"),
    ],
)
def test_the_p_percent_rule_says_what_it_says_in_published_examples(
    settings: Settings, largest: float, second: float, total: float, p: float, status: str
) -> None:
    """Handbook on Statistical Disclosure Control, examples 1 and 2 of 4.2.1; the rest is one holding's here.

    https://sdctools.github.io/HandbookSDC/04-magnitude-tabular-data.html
    """
    ships = {"SMPL-A": largest, "SMPL-B": second, "SMPL-C": total - largest - second}
    assert disclosed(settings, ships=ships, p=p)["status"] == status


def test_negative_contributions_count_by_their_size(settings: Settings) -> None:
    ships = {"SMPL-A": -100.0, "SMPL-B": 50.0, "SMPL-C": -30.0}
    assert disclosed(settings, ships=ships)["status"] == "published"


def test_an_unsafe_denominator_suppresses_a_cell_with_a_safe_numerator(settings: Settings) -> None:
    sql = "update marts.fct_kpi_contributions set denominator = 0.01 where holding_id <> 'SMPL-A'"
    assert disclosed(settings, ships=FOUR, sql=sql)["status"] == "suppressed"


def test_a_total_has_no_denominator_to_judge(settings: Settings) -> None:
    sql = "update marts.fct_kpi_contributions set denominator = null"
    assert disclosed(settings, "corridor_wtw_t", ships=FOUR, sql=sql)["status"] == "published"


def test_a_cell_without_contributions_is_unsafe(settings: Settings) -> None:
    assert disclosed(settings)["status"] == "suppressed"


def test_a_kpi_nobody_defined_is_controlled(settings: Settings) -> None:
    assert disclosed(settings, ships=ONE, sql="delete from seeds.kpi_definitions")["status"] == "suppressed"


def test_public_statistics_are_passed_on_whoever_made_them(settings: Settings) -> None:
    row = disclosed(settings, "port_throughput_teu", 850_000.0, method_id="none", dimension=("port", "USLAX"))
    assert (row["status"], row["value"], row["n_contributors_band"]) == ("published", 850_000.0, None)


def test_a_cell_that_cannot_be_computed_says_so_rather_than_suppressed(settings: Settings) -> None:
    row = disclosed(settings, value=None, status="not_computable", ships=ONE)
    assert (row["status"], row["coverage"]) == ("not_computable", None)


def test_port_to_port_with_one_terminal_operator_takes_the_default_figure(settings: Settings) -> None:
    row = disclosed(settings, "port_to_port_kg_per_teu", 803.4, default_value=799.1, ships=FOUR, terminals=ONE)
    assert (row["status"], row["value"], row["n_contributors_band"]) == ("terminal_default", 799.1, "3-4")


def test_port_to_port_with_safe_terminals_keeps_the_measured_figure(settings: Settings) -> None:
    row = disclosed(settings, "port_to_port_kg_per_teu", 803.4, default_value=799.1, ships=FOUR, terminals=FOUR)
    assert (row["status"], row["value"]) == ("published", 803.4)


def test_port_to_port_with_too_few_carriers_is_suppressed_whatever_the_terminals(settings: Settings) -> None:
    row = disclosed(settings, "port_to_port_kg_per_teu", 803.4, default_value=799.1, ships=ONE, terminals=FOUR)
    assert (row["status"], row["value"]) == ("suppressed", None)


def test_a_terminal_kpi_of_one_operator_has_no_default_to_take(settings: Settings) -> None:
    row = disclosed(settings, "terminal_kgco2e_per_teu", 9.8, terminals=ONE, dimension=("port", "CNSHA"))
    assert (row["status"], row["value"]) == ("suppressed", None)
