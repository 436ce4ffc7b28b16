"""OVD files in a real inbox: several datasets from one file."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.core.settings import Settings, load_settings
from tests.support.ovd_sample import BUNKERS, LOG
from tests.support.two_inboxes import CORRIDOR, MONDAY, ROB, current, new_receipts, only_receipt, put, rows, two_inboxes


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return two_inboxes(tmp_path)


def allowed(home: Settings, *datasets: str) -> Settings:
    """Return the home, in which SMPL-LINE files these datasets by month too."""
    settings = "".join(f'datasets.{name} = {{ period = "month" }}\n' for name in datasets)
    (home.home / "corridor.toml").write_text(CORRIDOR.replace("datasets.vessels", f"{settings}datasets.vessels"))
    return load_settings(home.home)


def masses(home: Settings, dataset: str, condition: str) -> list[tuple[object, ...]]:
    """Return the accepted tonnes of each fuel that meet a condition."""
    source = f"'{home.lake}/accepted/{dataset}/*.parquet' where {condition}"
    return duckdb.sql(f"select fuel_type::varchar, sum(mass_t) from {source} group by all order by all").fetchall()


def test_ovd_files_become_rows_of_four_datasets_whose_tanks_balance(home: Settings) -> None:
    home = allowed(home, "voyage_legs", "fuel_consumption", "bunker_deliveries")
    put(home, "ovd_log_abstract_2025-03.csv", LOG)
    put(home, "ovd_bunker_report_2025-03.csv", BUNKERS)
    receipts = new_receipts(home)
    accepted = {receipt.dataset: receipt.rows_accepted for receipt in receipts}
    assert accepted == {"voyage_legs": 1, "fuel_consumption": 15, "rob": 10, "bunker_deliveries": 3}
    assert len({receipt.submission_id for receipt in receipts}) == 4
    assert new_receipts(home) == []
    tanks = rows(home, "fuel_type::varchar, measured_utc, rob_t", "accepted/rob/*.parquet")
    ends = (datetime(2025, 3, 1, 2), datetime(2025, 3, 5))
    assert [row for row in tanks if row[1] in ends] == [
        ("HFO", ends[0], 2000), ("HFO", ends[1], 1660.25), ("MGO", ends[0], 300), ("MGO", ends[1], 333.5),
    ]  # fmt: skip
    # 2000 - 1660.25 + 0 and 300 - 333.5 + (60 - 10)
    assert masses(home, "fuel_consumption", "period_start_utc >= '2025-03-01 02:00'") == [
        ("HFO", 339.75),
        ("MGO", 16.5),
    ]
    assert masses(home, "bunker_deliveries", "delivered_utc > '2025-03-01 02:00'") == [("MGO", 50)]


def test_plain_file_replaces_one_dataset_of_an_ovd_file(home: Settings) -> None:
    home = allowed(home, "voyage_legs", "fuel_consumption")
    put(home, "ovd_log_abstract_2025-03.csv", LOG)
    of_ovd = {receipt.dataset: receipt.submission_id for receipt in new_receipts(home)}
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    assert only_receipt(home).supersedes == of_ovd["rob"]
    assert current(home, "rob") == [("rob_2025-03.csv",)]
    assert current(home, "voyage_legs") == [("ovd_log_abstract_2025-03.csv",)]


def test_datasets_of_an_ovd_file_that_the_partner_does_not_file_are_refused_once(home: Settings) -> None:
    put(home, "ovd_log_abstract_2025-03.csv", LOG)
    assert {receipt.dataset: receipt.verdict for receipt in new_receipts(home)} == {
        "voyage_legs": "refused", "fuel_consumption": "refused", "rob": "accepted_with_warnings",
    }  # fmt: skip
    assert new_receipts(home) == []
