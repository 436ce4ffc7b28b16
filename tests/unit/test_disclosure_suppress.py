"""What a reader could subtract, what is hidden so that nobody can, and the audit that finds it when it is not."""

import itertools
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.corridor_file import Waiver
from orchestration.errors import CorridorError
from orchestration.release.disclose import disclose, judge
from orchestration.release.disclosure.audit import narrowed
from orchestration.settings import Settings
from tests.release_home import (
    CORRIDOR_ID,
    ONE_OPERATOR,
    OPERATORS,
    TERMINALS,
    add_cell,
    add_ports,
    in_memory,
    make_home,
)

YEAR = ("year", date(2025, 1, 1), date(2025, 12, 31))
CORRIDOR = ("corridor", CORRIDOR_ID)
FOUR, ONE = OPERATORS, ONE_OPERATOR


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as con:
        yield con


def add_quarter(
    con: duckdb.DuckDBPyConnection, method_id: str = "glec_v3_2", late: dict[str, float] | None = None
) -> None:
    """A quarter and its months, the second of which has two carriers and those that file it late."""
    two = {"SMPL-A": 50.0, "SMPL-B": 40.0} | (late or {})
    for month, ships in ((1, FOUR), (2, two), (3, FOUR)):
        period = ("month", date(2025, month, 1), date(2025, month, 28))
        add_cell(con, "corridor_wtw_t", 90.0, ships=ships, period=period, method_id=method_id)
    ships = {name: 2 * amount + two.get(name, 0) for name, amount in FOUR.items()}
    period = ("quarter", date(2025, 1, 1), date(2025, 3, 31))
    add_cell(con, "corridor_wtw_t", 290.0, ships=ships, period=period, method_id=method_id)


def statuses(con: duckdb.DuckDBPyConnection, settings: Settings, p: float = 10.0, **known: Any) -> dict[Any, str]:
    con.execute("use kpis")
    judge(con, p, **known)
    disclose(con, settings)
    return {
        tuple(key): status
        for *key, status in con.execute(
            "select method_id, period_grain, month(period_start), dimension_value, status from kpi.kpi_values"
        ).fetchall()
    }


def test_a_port_is_not_the_corridor_less_the_other_ports(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    add_ports(con)
    found = {key[3]: status for key, status in statuses(con, settings).items()}
    assert found == {CORRIDOR_ID: "published", "USLAX": "suppressed", "USLGB": "published", "CNSHA": "suppressed"}
    assert narrowed(con) == []


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
    assert narrowed(con) == []


def test_the_audit_finds_a_leak_put_in_by_hand(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    add_ports(con)
    statuses(con, settings)
    con.execute("update kpi.kpi_values set status = 'published', value = 9 where dimension_value = 'USLAX'")
    assert narrowed(con) == [f"{TERMINALS} glec_v3_2 year 2025-01-01 CNSHA"]


def test_a_direction_is_not_the_whole_less_the_other_direction(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    two = {"SMPL-A": 50.0, "SMPL-B": 40.0}
    add_cell(con, "corridor_wtw_t", 100.0, ships=FOUR, dimension=("direction", "outbound"))
    add_cell(con, "corridor_wtw_t", 90.0, ships=two, dimension=("direction", "inbound"))
    add_cell(con, "corridor_wtw_t", 190.0, ships={name: FOUR[name] + two.get(name, 0) for name in FOUR})
    found = {key[3]: status for key, status in statuses(con, settings).items()}
    assert found == {CORRIDOR_ID: "published", "outbound": "suppressed", "inbound": "suppressed"}
    assert narrowed(con) == []
    con.execute("update kpi.kpi_values set status = 'published', value = 100 where dimension_value = 'outbound'")
    assert narrowed(con) == ["corridor_wtw_t glec_v3_2 year 2025-01-01 inbound"]


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
    assert narrowed(con) == []
    con.execute("update kpi.kpi_values set status = 'published', value = 800 where dimension_value = 'inbound'")
    assert narrowed(con) == [
        f"port_to_port_{part}kg_per_teu glec_v3_2 year 2025-01-01 outbound" for part in ("", "terminals_")
    ]


def published(con: duckdb.DuckDBPyConnection, release: Path) -> Path:
    """What has just been disclosed, kept as a release that anybody may have read."""
    for name, table in (("internal/warehouse", "marts.fct_kpi_contributions"), ("public/kpis", "kpi.kpi_values")):
        file = release / f"{name}.duckdb"
        file.parent.mkdir(parents=True)
        con.execute(f"attach '{file}' as kept; create schema kept.{table.partition('.')[0]}")
        con.execute(f"create table kept.{table} as from {file.stem}.{table}; detach kept")
    return release


def test_what_an_earlier_release_shows_is_not_subtracted_either(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    """Shanghai files for the first time. The other ports were published without it and can be looked up there."""
    add_ports(con)
    with in_memory() as before:
        add_ports(before)
        before.execute("delete from marts.fct_kpi where dimension_value = 'CNSHA'")
        before.execute("delete from marts.fct_kpi_contributions where holding_id = 'SMPL-Z'")
        assert set(statuses(before, settings).values()) == {"published"}
        earlier = [published(before, tmp_path / "2026-01-31.1")]

    statuses(con, settings)
    judge(con, 10.0, earlier=earlier)
    assert narrowed(con) == [f"{TERMINALS} glec_v3_2 year 2025-01-01 CNSHA"]

    con.execute("drop schema kpi cascade")
    found = {key[3]: status for key, status in statuses(con, settings, earlier=earlier).items()}
    assert found == {CORRIDOR_ID: "suppressed", "USLAX": "published", "USLGB": "published", "CNSHA": "suppressed"}
    assert narrowed(con) == []


def test_what_an_earlier_release_hides_is_not_given_away_by_this_one(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    """A third carrier files February late. That is safe; what the other two had without it stays hidden."""
    with in_memory() as before:
        add_quarter(before)
        statuses(before, settings)
        earlier = [published(before, tmp_path / "2025-04-30.1")]
    add_quarter(con, late={"SMPL-C": 45.0})

    assert set(statuses(con, settings).values()) == {"published"}
    judge(con, 10.0, earlier=earlier)
    assert narrowed(con) == [f"corridor_wtw_t glec_v3_2 month 2025-02-01 {CORRIDOR_ID} in 2025-04-30.1"]

    con.execute("drop schema kpi cascade")
    found = statuses(con, settings, earlier=earlier)
    assert {key[2]: status for key, status in found.items() if key[1] == "month"} == {
        1: "suppressed",
        2: "suppressed",
        3: "published",
    }
    assert narrowed(con) == []


def add_port_to_port(con: duckdb.DuckDBPyConnection, late_t: float = 0.0) -> None:
    """Four carriers sail, one of them is alone at berth, and the whole is both. late_t: filed since by the fourth."""
    sailing = FOUR | {"SMPL-D": FOUR["SMPL-D"] + late_t}
    whole = sailing | {"SMPL-A": FOUR["SMPL-A"] + 7.0}
    add_cell(con, "port_to_port_sailing_kg_per_teu", 100.0, ships=sailing)
    add_cell(con, "port_to_port_berth_kg_per_teu", 7.0, ships={"SMPL-A": 7.0})
    add_cell(con, "port_to_port_kg_per_teu", 107.0, ships=whole)


def test_parts_that_stand_as_they_were_still_belong_to_the_whole_of_the_release_before(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    """At berth nothing has changed since a release that shows the whole and the sailing: nothing hides it any more."""
    hidden = "select kpi_id from kpi.kpi_values where status = 'suppressed' order by all"
    with in_memory() as before:
        add_port_to_port(before)
        statuses(before, settings)
        assert len(before.execute(hidden).fetchall()) == 2
        earlier = [published(before, tmp_path / "as_it_was")]
        before.execute("update kpi.kpi_values set value = 1 where kpi_id <> 'port_to_port_berth_kg_per_teu'")
        given_away = [published(before, tmp_path / "given_away")]
    add_port_to_port(con, late_t=5.0)
    for releases, expected in ((earlier, 2), (given_away, 1)):
        statuses(con, settings, earlier=releases)
        assert len(con.execute(hidden).fetchall()) == expected
        assert narrowed(con) == []
        con.execute("drop schema kpi cascade")


def test_earlier_releases_are_read_once_until_they_are_gone(settings: Settings, tmp_path: Path) -> None:
    with in_memory() as before:
        add_quarter(before)
        statuses(before, settings)
        earlier = [published(before, tmp_path / name) for name in ("2025-04-30.1", "2025-04-30.2")]

    def again(earlier: list[Path], known: Path | None) -> dict[Any, str]:
        with in_memory() as con:
            add_quarter(con, late={"SMPL-C": 45.0})
            return statuses(con, settings, earlier=earlier, known=known)

    copy = tmp_path / "known.duckdb"
    found = again(earlier, None)
    assert again(earlier, copy) == found
    for release in earlier:
        shutil.rmtree(release)
    assert again(earlier, copy) == found
    assert set(again([], copy).values()) == {"published"}


def test_an_earlier_release_that_cannot_be_read_stops_disclosure_by_its_name(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    add_ports(con)
    statuses(con, settings)
    earlier = [published(con, tmp_path / "2026-01-31.1")]
    public = earlier[0] / "public" / "kpis.duckdb"
    public.write_bytes(b"something else")
    with pytest.raises(CorridorError, match=re.escape(str(public)) + " cannot be read.*restore it from a backup"):
        judge(con, 10.0, earlier=earlier)


def test_what_has_been_shown_cannot_be_taken_back_and_hides_nobody_else(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    add_ports(con)
    statuses(con, settings, waivers=[waiver("SMPL-Z", date(2026, 1, 31))])
    earlier = [published(con, tmp_path / "2026-01-31.1")]
    con.execute("drop schema kpi cascade")
    found = {key[3]: status for key, status in statuses(con, settings, earlier=earlier).items()}
    assert found == {CORRIDOR_ID: "published", "USLAX": "published", "USLGB": "published", "CNSHA": "suppressed"}
    assert narrowed(con) == []


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


def waiver(holding: str, until: date) -> Waiver:
    return Waiver(holding=holding, kpi_id="*", granted_by="SMPL-Signatory", reason="a test", until=until)


def test_who_has_waived_protection_is_published_and_hides_nobody_else(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    add_ports(con)
    found = statuses(con, settings, waivers=[waiver("SMPL-Z", date(2026, 12, 31))])
    assert set(found.values()) == {"published"}
    assert con.execute(
        "select distinct n_contributors_band from kpi.kpi_values where dimension_value = 'CNSHA'"
    ).fetchall() == [("waived",)]
    assert narrowed(con) == []


def test_a_waiver_does_not_expose_the_other_of_two(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    add_cell(con, "corridor_wtw_t", 90.0, ships={"SMPL-A": 50.0, "SMPL-Z": 40.0})
    assert set(statuses(con, settings, waivers=[waiver("SMPL-Z", date(2026, 12, 31))]).values()) == {"suppressed"}


def test_an_expired_waiver_does_nothing(settings: Settings) -> None:
    file = settings.file.model_copy(update={"waivers": [waiver("SMPL-Z", date(2026, 2, 28))]})
    assert len(file.waivers_on(date(2026, 2, 28))) == 1
    assert file.waivers_on(date(2026, 3, 1)) == []
