"""Public figures as they are published: months side by side, what was revised or corrected, what contradicts."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.core.clock import RunClock
from orchestration.core.query import Record, records
from orchestration.core.settings import Settings
from orchestration.release.disclosure.disclose import ReleaseEntry, disclose, find_unsafe_cells, record_decision
from tests.support.release_home import in_memory

# January: revised by its source, and its loaded imports are known to be wrong. February: two sources contradict each
# other. March: due, and nobody has published it. A correction that no longer finds its figure is told as well.
MARTS = """
insert into marts.fct_port_throughput values
    ('USLAX', '2025-01-01', 'total_teu', 924245, false, 'port', 'hundredth', 'final', 'page', '2025-03-20'),
    ('USLAX', '2025-01-01', 'loaded_imports', null, true, 'press', 'whole', 'preliminary', 'paper', '2025-04-01'),
    ('USLAX', '2025-02-01', 'total_teu', 800000, false, 'press', 'whole', 'final', 'paper', '2025-03-01'),
    ('USLAX', '2025-02-01', 'total_empty', 200000, false, 'port', 'hundredth', 'preliminary', 'page', '2025-03-20');
insert into marts.fct_port_throughput_totals values
    ('USLAX', '2025-01-01', 924245, 1 / 3.0, 0.08, null),
    ('USLAX', '2025-02-01', 800000, null, null, 10000000),
    ('USLAX', '2025-03-01', null, null, null, null);
insert into marts.fct_port_throughput_vintages values
    ('USLAX', 'month', '2025-01-01', 'total_teu', 'port', '2025-02-20', 924000, null, false),
    ('USLAX', 'month', '2025-01-01', 'total_teu', 'port', '2025-03-01', 924100, 924000, true),
    ('USLAX', 'month', '2025-01-01', 'total_teu', 'port', '2025-03-20', 924245, 924100, true),
    ('USLAX', 'month', '2025-02-01', 'total_teu', 'port', '2025-03-20', 1, 2, true);
insert into marts.fct_port_throughput_comparisons values
    ('sources_agree', 'port', 'USLAX', 'month', '2025-02-01', 'total_teu', 'what press says', 'press', 80000, 800000, 3,
        false, false),
    ('sources_agree', 'blog', 'USLAX', 'month', '2025-01-01', 'total_teu', 'what port says', 'port', 1, 1, 3, false,
        true),
    ('totals_are_sums_of_their_parts', 'port', 'USLAX', 'month', '2025-01-01', 'total_teu', 'its parts', 'port, press',
        924245, 924145, 3, true, false),
    ('years_are_sums_of_their_months', 'port', 'USLAX', 'calendar_year', '2024-01-01', 'total_teu',
        'the sum of its months', 'port', 5, 5, 3, false, true),
    ('corrections_find_what_they_correct', 'press', 'USLAX', 'month', '2024-04-01', 'total_empty',
        'the wrong figure of the correction', 'press', null, 220262, 0, false, false);
"""


@pytest.fixture(scope="module")
def months(settings: Settings) -> list[Record]:
    with in_memory() as con:
        publish(con, settings)
        return records(con, "from kpi.port_throughput_monthly order by month")


def publish(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    con.execute(MARTS)
    con.execute("use kpis")
    find_unsafe_cells(con, 10.0)
    disclose(con, settings)


def test_measures_stand_side_by_side_with_the_weakest_precision(months: list[Record]) -> None:
    february = months[1]
    assert (february["total_teu"], february["total_empty_teu"]) == (800000, 200000)
    assert (february["precision"], february["status"], february["source"]) == ("whole", "preliminary", "port; press")
    assert (february["trailing_12_months_teu"], february["share_of_side"]) == (10000000, None)


def test_what_is_corrected_to_unknown_lends_its_row_nothing(months: list[Record]) -> None:
    january = months[0]
    assert (january["loaded_imports_teu"], january["corrected"]) == (None, "loaded_imports")
    assert (january["precision"], january["status"], january["source"]) == ("hundredth", "final", "port")


def test_the_newest_revision_of_the_source_that_counts_is_shown(months: list[Record]) -> None:
    shown = [(row["total_teu_before_revision"], row["revised_at"]) for row in months]
    assert shown == [(924100, datetime(2025, 3, 20)), (None, None), (None, None)]


def test_published_ratios_have_ten_significant_digits(months: list[Record]) -> None:
    assert (months[0]["share_of_side"], months[0]["change_on_year"]) == (0.3333333333, 0.08)


def test_a_month_due_that_nobody_has_published_is_a_row_that_says_so(months: list[Record]) -> None:
    march = months[2]
    assert (march["month"], march["status"], march["total_teu"], march["source"]) == (
        *(date(2025, 3, 1), "not_published", None, None),
    )


def test_a_month_names_the_checks_it_fails_but_for_what_is_corrected(months: list[Record]) -> None:
    assert [row["failed_checks"] for row in months] == [None, "sources_agree", None]


def test_each_contradiction_is_a_check_result_and_so_is_each_check_without_one(
    settings: Settings, tmp_path: Path
) -> None:
    clock = RunClock(date(2026, 2, 28), datetime(2026, 2, 28, 12, tzinfo=UTC))
    with in_memory() as con:
        publish(con, settings)
        record_decision(con, settings, ReleaseEntry("2026-02-28.1", clock, "code"), [], frozenset())
        told = con.sql("select check_name, target, verdict, message from kpi.check_results order by all").fetchall()
    assert told == [
        (
            *("corrections_find_what_they_correct", "USLAX total_empty of 2024-04 by press", "failed"),
            "press says nothing and no longer 220,262.00, so the correction of that has no effect",
        ),
        (
            *("sources_agree", "USLAX total_teu of 2025-02 by port", "failed"),
            "port says 80,000.00 where press says 800,000.00; as published they may be 3.00 TEU apart",
        ),
        (
            *("totals_are_sums_of_their_parts", "USLAX total_teu of 2025-01 by port", "failed"),
            "port says 924,245.00 where its parts would be 924,145.00; as published they may be 3.00 TEU apart. "
            "Corrected: see port_throughput_monthly",
        ),
        ("years_are_sums_of_their_months", "public figures", "passed", ""),
    ]
