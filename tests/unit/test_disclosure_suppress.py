"""What a reader could subtract, what is hidden so that nobody can, and the audit that finds it when it is not."""

import itertools
from datetime import date
from typing import Any

import duckdb

from orchestration.core.settings import Settings
from orchestration.release.disclosure.audit import underprotected_cells
from tests.support.disclosed import FOUR, add_quarter, statuses, waiver
from tests.support.release_home import CORRIDOR_ID, ONE_OPERATOR, TERMINALS, add_cell, add_ports, in_memory

CORRIDOR = ("corridor", CORRIDOR_ID)
ONE = ONE_OPERATOR


def test_a_port_is_not_the_corridor_less_the_other_ports(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    add_ports(con)
    found = {key[3]: status for key, status in statuses(con, settings).items()}
    assert found == {CORRIDOR_ID: "published", "USLAX": "suppressed", "USLGB": "published", "CNSHA": "suppressed"}
    assert underprotected_cells(con) == []


def test_a_month_is_not_the_quarter_less_two_months_by_any_method(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    add_quarter(con)
    add_quarter(con, "imo_lca")
    found = statuses(con, settings)
    assert {key[2]: status for key, status in found.items() if key[:2] == ("glec_v3_2", "month")} == {
        1: "suppressed",
        2: "suppressed",
        3: "published",
    }
    assert {status for key, status in found.items() if key[1] == "quarter"} == {"published"}
    assert all(status == found["glec_v3_2", *key[1:]] for key, status in found.items())
    assert underprotected_cells(con) == []


def test_the_audit_finds_a_leak_put_in_by_hand(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    add_ports(con)
    statuses(con, settings)
    con.execute("update kpi.kpi_values set status = 'published', value = 9 where dimension_value = 'USLAX'")
    assert underprotected_cells(con) == [f"{TERMINALS} glec_v3_2 year 2025-01-01 CNSHA"]


def test_a_direction_is_not_the_whole_less_the_other_direction(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    two = {"SMPL-A": 50.0, "SMPL-B": 40.0}
    add_cell(con, "corridor_wtw_t", 100.0, ships=FOUR, dimension=("direction", "outbound"))
    add_cell(con, "corridor_wtw_t", 90.0, ships=two, dimension=("direction", "inbound"))
    add_cell(con, "corridor_wtw_t", 190.0, ships={name: FOUR[name] + two.get(name, 0) for name in FOUR})
    found = {key[3]: status for key, status in statuses(con, settings).items()}
    assert found == {CORRIDOR_ID: "published", "outbound": "suppressed", "inbound": "suppressed"}
    assert underprotected_cells(con) == []
    con.execute("update kpi.kpi_values set status = 'published', value = 100 where dimension_value = 'outbound'")
    assert underprotected_cells(con) == ["corridor_wtw_t glec_v3_2 year 2025-01-01 inbound"]


def test_terminals_behind_a_default_are_not_the_whole_less_those_that_are_measured(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    """One operator outbound: its part gives way to the default, and so does another, or it could be subtracted."""
    operators = {"SMPL-V": 9.0, "SMPL-W": 8.0, "SMPL-X": 7.0}
    for dimension, ships, terminals in (
        (("direction", "outbound"), FOUR, ONE),
        (("direction", "inbound"), FOUR, operators),
        (CORRIDOR, {name: 2 * amount for name, amount in FOUR.items()}, operators | ONE),
    ):
        for kpi_id in ("port_to_port_kg_per_teu", "port_to_port_terminals_kg_per_teu"):
            cell: dict[str, Any] = {"ships": ships, "terminals": terminals, "dimension": dimension}
            add_cell(con, kpi_id, 800.0, default_value=790.0, **cell)
    statuses(con, settings)
    rows = con.execute("select dimension_value, status, value, count(*) from kpi.kpi_values group by all").fetchall()
    assert sorted(rows) == [
        (CORRIDOR_ID, "published", 800.0, 2),
        ("inbound", "terminal_default", 790.0, 2),
        ("outbound", "terminal_default", 790.0, 2),
    ]
    assert underprotected_cells(con) == []
    con.execute("update kpi.kpi_values set status = 'published', value = 800 where dimension_value = 'inbound'")
    assert underprotected_cells(con) == [
        f"port_to_port_{part}kg_per_teu glec_v3_2 year 2025-01-01 outbound" for part in ("", "terminals_")
    ]


def test_the_order_of_rows_changes_nothing(settings: Settings) -> None:
    found = []
    for order in ("asc", "desc"):
        with in_memory() as con:
            add_quarter(con)
            add_ports(con)
            con.execute(
                f"""
                create or replace table marts.fct_kpi_contributions as
                from marts.fct_kpi_contributions order by hash(holding_id, period_start) {order}
                """
            )
            found.append(statuses(con, settings))
    assert found[0] == found[1]


def test_raising_p_publishes_nothing_more(settings: Settings) -> None:
    shown = []
    for p in (1.0, 10.0, 40.0, 90.0):
        with in_memory() as con:
            add_quarter(con)
            add_ports(con)
            shown.append({key for key, status in statuses(con, settings, p).items() if status == "published"})
    assert all(more >= fewer for more, fewer in itertools.pairwise(shown))


def test_safe_cells_alone_suppress_nothing(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    for direction in ("outbound", "inbound"):
        add_cell(con, "corridor_wtw_t", 100.0, ships=FOUR, dimension=("direction", direction))
    add_cell(con, "corridor_wtw_t", 200.0, ships={name: 2 * amount for name, amount in FOUR.items()})
    assert set(statuses(con, settings).values()) == {"published"}


def test_who_has_waived_protection_is_published_and_hides_nobody_else(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    add_ports(con)
    found = statuses(con, settings, waivers=[waiver("SMPL-Z", date(2026, 12, 31))])
    assert set(found.values()) == {"published"}
    assert con.execute(
        "select distinct n_contributors_band from kpi.kpi_values where dimension_value = 'CNSHA'"
    ).fetchall() == [("waived",)]
    assert underprotected_cells(con) == []


def test_a_waiver_does_not_expose_the_other_of_two(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    add_cell(con, "corridor_wtw_t", 90.0, ships={"SMPL-A": 50.0, "SMPL-Z": 40.0})
    assert set(statuses(con, settings, waivers=[waiver("SMPL-Z", date(2026, 12, 31))]).values()) == {"suppressed"}


def test_an_expired_waiver_does_nothing(settings: Settings) -> None:
    file = settings.file.model_copy(update={"waivers": [waiver("SMPL-Z", date(2026, 2, 28))]})
    assert len(file.waivers_on(date(2026, 2, 28))) == 1
    assert file.waivers_on(date(2026, 3, 1)) == []
