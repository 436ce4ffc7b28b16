"""The SQL of comparisons on hand-made rows: parts of differences, suppressed figures, and altered public files."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.compare.reproduce import KEYS, compare_public
from orchestration.core.clock import run_clock
from orchestration.core.query import Record, records, sql_of
from orchestration.release import swap
from orchestration.release.candidate import build_candidate
from orchestration.release.disclosure.disclose import GATED_TABLES
from tests.support.release_home import complete, fill_home, make_home

STEPS = ["", "factor edition", "resubmission", "new submission"]
KEY = "'corridor_wtw_t', 'glec_v3_2'"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Create the tables of a comparison with three steps, without changes and states."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as warehouse; create schema kpi")
        con.execute("create macro warehouse.published(x) as cast(printf('%.9e', x) as double)")
        con.execute(sql_of("release/sql/schema_after_verdict"))
        con.execute("create temp table steps (step integer, cause varchar)")
        con.executemany("insert into steps values (?, ?)", list(enumerate(STEPS)))
        con.execute(
            "create temp table states (step integer, kpi_id varchar, method_id varchar, variant varchar, "
            "period_grain varchar, period_start date, dimension varchar, dimension_value varchar, value double, "
            "status varchar)"
        )
        yield con


def add(
    con: duckdb.DuckDBPyConnection,
    year: int,
    old: tuple[str, float | None],
    new: tuple[str, float | None],
    measured: list[float | None],
    change: str = "changed",
) -> None:
    """Add a change of a year's figure.

    Args:
        con: The comparison.
        year: The year.
        old: Status and published value in the old release.
        new: Status and published value in the new release.
        measured: The value at each step of the variant `measured`; the variant `terminal_default` is always 1.
        change: The kind of change.
    """
    start, part = date(year, 1, 1), ["corridor", "LA-SHA"]
    shown = [old[1], new[1], None if old[1] is None or new[1] is None else new[1] - old[1]]
    row = ["LA-SHA", "2", "1", "corridor_wtw_t", "glec_v3_2", "year", start, *part, change, old[0], new[0], *shown, "t"]
    con.execute(f"insert into kpi.release_changes values ({', '.join('?' * len(row))})", row)
    for step, value in enumerate(measured):
        for variant, figure in (("measured", value), ("terminal_default", 1.0)):
            status = "no_data" if figure is None else "published"
            con.execute(
                f"insert into states values (?, {KEY}, ?, 'year', ?, ?, ?, ?, ?)",
                [step, variant, start, *part, figure, status],
            )


def attributed(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    con.execute(sql_of("compare/sql/attributed"))
    order = [*STEPS, "disclosure"]
    return con.execute(
        "select year(period_start), cause, part from attributed order by 1, list_position(?, cause)", [order]
    ).fetchall()


def test_parts_add_up_to_the_difference_of_published_values(con: duckdb.DuckDBPyConnection) -> None:
    add(con, 2024, ("published", 100.0), ("published", 130.0), [100.0000000001, 110.0, 110.0, 130.0])
    assert attributed(con) == [(2024, "factor edition", 10.0), (2024, "new submission", 20.0)]


def test_part_of_a_step_without_value_goes_to_the_next_step_with_a_value(con: duckdb.DuckDBPyConnection) -> None:
    add(con, 2024, ("published", 100.0), ("published", 130.0), [100.0, None, 90.0, 130.0])
    assert attributed(con) == [(2024, "resubmission", -10.0), (2024, "new submission", 40.0)]


def test_figure_shown_in_one_release_only_has_causes_but_no_parts(con: duckdb.DuckDBPyConnection) -> None:
    add(con, 2023, ("no_data", None), ("published", 130.0), [None, None, None, 130.0], "added")
    add(con, 2024, ("published", None), ("suppressed", None), [100.0, 100.0, 90.0, 90.0], "suppressed")
    add(con, 2025, ("published", None), ("suppressed", None), [70.0, 70.0, 70.0, 70.0], "suppressed")
    assert attributed(con) == [
        (2023, "new submission", None),
        (2024, "resubmission", None),
        (2025, "disclosure", None),
    ]


def test_figure_that_becomes_terminal_default_does_not_disclose_the_measured_change(
    con: duckdb.DuckDBPyConnection,
) -> None:
    add(con, 2024, ("published", 100.0), ("terminal_default", 1.0), [100.0, 100.0, 100.0, 120.0])
    assert attributed(con) == [(2024, "new submission", None), (2024, "disclosure", None)]


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = make_home(tmp_path_factory.mktemp("compare") / "home")
    fill_home(settings)
    clock = run_clock(settings)
    candidate = build_candidate(settings, clock, 10.0)
    complete(candidate, settings)
    return swap.publish(settings.releases, candidate.path) / "public" / "kpis.duckdb"


def test_keys_identify_the_rows_of_every_gated_table(public: Path) -> None:
    assert set(KEYS) == set(GATED_TABLES)
    with duckdb.connect(public, read_only=True) as con:
        for table, key in KEYS.items():
            duplicates = records(con, f"select {key} from kpi.{table} group by all having count(*) > 1")
            assert duplicates == [], table


def test_comparison_reports_exactly_the_altered_values_of_a_public_file(public: Path, tmp_path: Path) -> None:
    equal, compared = compare_public(public, public)
    assert (equal, compared > 10_000) == ([], True)
    other = tmp_path / "kpis.duckdb"
    shutil.copy(public, other)
    with duckdb.connect(other) as con:
        con.execute(
            "update kpi.kpi_values set value = 70 where kpi_id = 'corridor_wtw_t' and method_id = 'glec_v3_2' "
            "and period_grain = 'year' and year(period_start) = 2024 and dimension = 'corridor'"
        )
        con.execute("delete from kpi.port_throughput_monthly where port_locode = 'USLGB' and month = '2024-02-01'")
    differences, _ = compare_public(other, public)
    expected: list[Record] = [
        {
            "table_name": "kpi_values",
            "row_key": "corridor_wtw_t glec_v3_2 year 2024-01-01 corridor SAMPLE-LA-LB-SHA",
            "column_name": "value",
            "published": "70.0",
            "rebuilt": "812345.6789",
        },
        {
            "table_name": "port_throughput_monthly",
            "row_key": "USLGB 2024-02-01",
            "column_name": "whole row",
            "published": "absent",
            "rebuilt": "present",
        },
    ]
    assert differences == expected
