"""What earlier releases show and hide counts as well: nobody subtracts one release from another."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.core.errors import CorridorError
from orchestration.core.settings import Settings
from orchestration.release.disclosure.audit import underprotected_cells
from orchestration.release.disclosure.disclose import find_unsafe_cells
from tests.support.disclosed import FOUR, add_quarter, statuses, waiver
from tests.support.release_home import CORRIDOR_ID, TERMINALS, add_cell, add_ports, in_memory


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
    find_unsafe_cells(con, 10.0, earlier=earlier)
    assert underprotected_cells(con) == [f"{TERMINALS} glec_v3_2 year 2025-01-01 CNSHA"]

    con.execute("drop schema kpi cascade")
    found = {key[3]: status for key, status in statuses(con, settings, earlier=earlier).items()}
    assert found == {CORRIDOR_ID: "suppressed", "USLAX": "published", "USLGB": "published", "CNSHA": "suppressed"}
    assert underprotected_cells(con) == []


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
    find_unsafe_cells(con, 10.0, earlier=earlier)
    assert underprotected_cells(con) == [f"corridor_wtw_t glec_v3_2 month 2025-02-01 {CORRIDOR_ID} in 2025-04-30.1"]

    con.execute("drop schema kpi cascade")
    found = statuses(con, settings, earlier=earlier)
    assert {key[2]: status for key, status in found.items() if key[1] == "month"} == {
        1: "suppressed",
        2: "suppressed",
        3: "published",
    }
    assert underprotected_cells(con) == []


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
        assert underprotected_cells(con) == []
        con.execute("drop schema kpi cascade")


def test_earlier_releases_are_read_once_until_they_are_gone(settings: Settings, tmp_path: Path) -> None:
    with in_memory() as before:
        add_quarter(before)
        statuses(before, settings)
        earlier = [published(before, tmp_path / name) for name in ("2025-04-30.1", "2025-04-30.2")]

    def again(earlier: list[Path], store: Path | None) -> dict[Any, str]:
        with in_memory() as con:
            add_quarter(con, late={"SMPL-C": 45.0})
            return statuses(con, settings, earlier=earlier, store=store)

    copy = tmp_path / "earlier_cells.duckdb"
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
    with pytest.raises(CorridorError, match=re.escape(str(public)) + " cannot be read.*restore the file from a backup"):
        find_unsafe_cells(con, 10.0, earlier=earlier)


def test_what_has_been_shown_cannot_be_taken_back_and_hides_nobody_else(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    add_ports(con)
    statuses(con, settings, waivers=[waiver("SMPL-Z", date(2026, 1, 31))])
    earlier = [published(con, tmp_path / "2026-01-31.1")]
    con.execute("drop schema kpi cascade")
    found = {key[3]: status for key, status in statuses(con, settings, earlier=earlier).items()}
    assert found == {CORRIDOR_ID: "published", "USLAX": "published", "USLGB": "published", "CNSHA": "suppressed"}
    assert underprotected_cells(con) == []
