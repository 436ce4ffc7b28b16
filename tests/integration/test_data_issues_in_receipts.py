"""Data issues in a partner's files are listed in the next receipt of that partner, and of nobody else."""

from pathlib import Path

import duckdb

from orchestration.core.settings import Settings
from orchestration.release.release_folder import ReleasesRoot
from tests.integration.test_intake import home
from tests.support.two_inboxes import MONDAY, ROB, TUESDAY, new_receipts, only_receipt, put

__all__ = ["home"]


def publish(home: Settings, *data_issues: tuple[str, str]) -> None:
    """Make a release whose warehouse has these data issues: submission and what was observed."""
    release = home.releases / "2025-06-30.1" / "internal"
    release.mkdir(parents=True)
    with duckdb.connect(str(release / "warehouse.duckdb")) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.fct_data_issues (submission_id text, check_name text, severity text, observed text, "
            "expected text, failing_count bigint)"
        )
        for submission_id, observed in data_issues:
            con.execute("insert into marts.fct_data_issues values (?, 'fuel_balances', 'warning', ?, 'a balance', 1)",
                        [submission_id, observed])  # fmt: skip
    ReleasesRoot(home.releases).current.path.symlink_to(Path("2025-06-30.1"))


def test_data_issues_are_listed_for_the_partner_who_filed(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    put(home, "terminal_activity_2025-03.csv", "terminal_code,month\nSMPL-T1,2025-03\n", partner="pier")
    line, pier = sorted(new_receipts(home), key=lambda receipt: str(receipt.partner_id))
    publish(home, (line.submission_id, "7 t are missing"), (pier.submission_id, "of the pier"), ("gone", "of nobody"))
    put(home, "rob_2025-04.csv", ROB + MONDAY.replace("2025-03", "2025-04"))
    receipt = only_receipt(home)
    assert receipt.house_findings == [
        {
            "dataset": "rob", "period": "2025-03", "submission_id": line.submission_id, "rule": "fuel_balances",
            "severity": "warning", "observed": "7 t are missing", "expected": "a balance", "failing_count": 1,
        }
    ]  # fmt: skip
    page = (home.home / "outbox" / "line" / f"{receipt.submission_id}.html").read_text(encoding="utf-8")
    assert "7 t are missing" in page
    assert "of the pier" not in page
    assert "of nobody" not in page


def test_data_issue_of_a_replaced_submission_is_not_listed(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    first = only_receipt(home)
    publish(home, (first.submission_id, "7 t are missing"))
    put(home, "rob_2025-03.csv", ROB + TUESDAY)
    assert only_receipt(home).house_findings != []
    put(home, "rob_2025-04.csv", ROB + MONDAY.replace("2025-03", "2025-04"))
    assert only_receipt(home).house_findings == []
