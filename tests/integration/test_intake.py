"""Intake with real folders: what partners put into inboxes, and the receipts and rows that result."""

import gzip
import json
from datetime import date, datetime
from pathlib import Path

import pytest

from orchestration.core.errors import CorridorError
from orchestration.core.settings import Settings
from tests.support.two_inboxes import (
    MONDAY,
    ROB,
    TUESDAY,
    current,
    intake,
    new_receipts,
    only_receipt,
    put,
    rows,
    two_inboxes,
)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return two_inboxes(tmp_path)


def test_good_file_is_stored_with_typed_rows_and_answered(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + MONDAY + TUESDAY)
    receipt = only_receipt(home)
    assert (receipt.verdict, receipt.rows_read, receipt.rows_accepted, receipt.sample) == ("accepted", 2, 2, True)
    assert home.lake.joinpath("raw", receipt.content_sha256[:2], receipt.content_sha256).read_text().startswith(ROB)
    assert rows(home, "imo_number, measured_utc, rob_t, partner_id, period, row_number", "accepted/rob/*.parquet") == [
        ("3000013", datetime(2025, 3, 3, 12), 1450.0, "SMPL-LINE", "2025-03", 2),
        ("3000013", datetime(2025, 3, 4, 12), 1360.0, "SMPL-LINE", "2025-03", 3),
    ]
    copy = home.home / "outbox" / "line" / f"{receipt.submission_id}.json"
    assert json.loads(copy.read_text())["message"] == "Accepted 2 rows."
    assert copy.read_bytes() == (home.lake / "receipts" / copy.name).read_bytes()
    assert rows(home, "period_start, period_end, received_at, ordinal", "intake/submissions.parquet") == [
        (date(2025, 3, 1), date(2025, 3, 31), datetime(2025, 6, 30, 12), 1)
    ]


def test_bad_rows_are_rejected_with_their_reason_and_good_rows_are_accepted(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + MONDAY + TUESDAY.replace("1360", "much"))
    receipt = only_receipt(home)
    assert (receipt.verdict, receipt.rows_read, receipt.rows_accepted, receipt.rows_rejected) == (
        "partly_accepted", 2, 1, 1,
    )  # fmt: skip
    assert rows(home, "row_number, column_name, value, rule, severity", "rejected/rob/*.parquet") == [
        (3, "rob_t", "much", "value_has_its_type", "error")
    ]
    assert rows(home, "row_number", "accepted/rob/*.parquet") == [(2,)]


def test_second_intake_has_nothing_new_and_a_copy_is_acknowledged(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    first = only_receipt(home)
    assert new_receipts(home) == []
    put(home, "rob_2025-03_again.csv", ROB + MONDAY)
    again = only_receipt(home)
    assert (again.verdict, again.ordinal, again.rows_read) == ("acknowledged", 2, 0)
    assert (
        again.message
        == f"The file is the same as that of submission {first.submission_id}, which counts. Nothing changes."
    )
    assert current(home, "rob") == [("rob_2025-03.csv",)]


def test_resubmission_supersedes_and_the_old_bytes_again_are_a_new_submission(home: Settings) -> None:
    path = put(home, "rob_2025-03.csv", ROB + MONDAY)
    first = only_receipt(home)
    path.write_text(ROB + TUESDAY)
    second = only_receipt(home)
    assert (second.supersedes, second.ordinal) == (first.submission_id, 2)
    path.write_text(ROB + MONDAY + "\n")
    put(home, "rob_2025-03_old.csv", ROB + MONDAY)
    third, fourth = new_receipts(home)
    assert (third.supersedes, third.verdict) == (second.submission_id, "accepted")
    assert (fourth.supersedes, fourth.verdict) == (third.submission_id, "accepted")
    assert fourth.content_sha256 == first.content_sha256
    assert fourth.submission_id != first.submission_id
    assert current(home, "rob") == [("rob_2025-03_old.csv",)]


def test_files_of_one_intake_are_taken_in_by_name(home: Settings) -> None:
    put(home, "rob_2025-03_b.csv", ROB + TUESDAY)
    put(home, "rob_2025-03_a.csv", ROB + MONDAY)
    assert [receipt.file_name for receipt in new_receipts(home)] == ["rob_2025-03_a.csv", "rob_2025-03_b.csv"]
    assert current(home, "rob") == [("rob_2025-03_b.csv",)]


def test_refused_resubmission_does_not_replace_the_current_submission(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    new_receipts(home)
    put(home, "rob_2025-03_worse.csv", ROB + MONDAY.replace("VLSFO", "COAL"))
    assert (only_receipt(home).verdict, current(home, "rob")) == ("refused", [("rob_2025-03.csv",)])


def test_register_replaces_the_previous_one_whatever_the_period(home: Settings) -> None:
    heading = "imo_number,valid_from\n"
    put(home, "vessels_2024.csv", heading + "3000013,2024-01-01\n")
    put(home, "vessels_2025.csv", heading + "3000013,2024-01-01\n3000025,2025-01-01\n")
    first, second = new_receipts(home)
    assert (second.supersedes, second.ordinal) == (first.submission_id, 2)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rob_2025-03.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "The file is not text. Save it as CSV UTF-8 and send it "
         "again."),
        ("rob_2025-03.csv", b"", "The file is empty. Send the heading and the rows."),
        ("rob_2025-03.csv.gz", b"not gzip", "The file name ends in .gz, but the content is not in that format. Save "
         "the file as .gz and send it again."),
        ("rob_2025-03.csv.gz", gzip.compress(ROB.encode(), mtime=0)[:30], "The content is not a complete gzip file. "
         "Perhaps it was cut off on the way. Send it again."),
        ("rob_2025-03.csv.gz", gzip.compress(b"0" * 200_000, mtime=0), "The unpacked file is larger than the "
         "100,000 bytes allowed. Split it by period."),
        ("rob_2025-03.csv", b"0" * 200_000, "The file is larger than the 100,000 bytes allowed. Split it by period, or "
         "compress it."),
        ("rob_2025-03.csv", ROB + '3000013,"2025-03-03T12:00:00Z,VLSFO,1\n', "The file cannot be read as CSV from row "
         "2 on: unexpected end of data. Check the quotation marks there."),
        ("rob_2025-03.pdf", "x", "A file ending in .pdf cannot be read as rob. Send csv, xlsx, json, jsonl or parquet, "
         "optionally compressed as .gz or .zip."),
        ("rob_2025-Q1.csv", ROB, "The period 2025-Q1 is a quarter, but rob is filed by month. Send one file for each "
         "month."),
        ("terminal_activity_2025-03.csv", "x", "SMPL-LINE is not registered to file terminal_activity. It files "
         "rob, vessels. If that is wrong, ask the secretariat."),
        ("cargo_2025-03.csv", "x", "Unknown dataset cargo. Begin the file name with one of: vessels, "
         "service_nominations, "
         "voyage_legs, fuel_consumption, bunker_deliveries, rob, port_calls, terminal_energy, terminal_activity, "
         "vessel_annual, "
         "cargo_contracts, ovd_log_abstract, ovd_bunker_report."),
        ("rob_March.csv", ROB, "The file name rob_March.csv cannot be read. Name the file <dataset>_<period>.csv, "
         "with the "
         "period as YYYY, YYYY-Qn or YYYY-MM, for example fuel_consumption_2025-03.csv. After the period an underscore "
         "and free text may follow."),
    ],
)  # fmt: skip
def test_unusable_file_is_refused_with_a_receipt(name: str, content: str | bytes, message: str, home: Settings) -> None:
    put(home, name, content)
    put(home, "rob_2025-04.csv", ROB + MONDAY.replace("2025-03", "2025-04"))
    refused, other = sorted(new_receipts(home), key=lambda receipt: receipt.verdict, reverse=True)
    assert (refused.verdict, refused.rows_read, refused.message) == ("refused", 0, f"Refused: {message}")
    assert [finding["message"] for finding in refused.findings] == [message]
    assert other.verdict == "accepted"
    assert new_receipts(home) == []


def test_row_numbers_are_those_of_a_spreadsheet_with_ragged_and_blank_lines(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + "\n" + MONDAY + "3000013,2025-03-04T12:00:00Z\n,,,\n" + TUESDAY)
    receipt = only_receipt(home)
    assert (receipt.rows_read, receipt.rows_accepted, receipt.rows_rejected) == (3, 2, 1)
    assert rows(home, "row_number", "accepted/rob/*.parquet") == [(3,), (6,)]
    assert [(f["row_number"], f["message"]) for f in receipt.findings] == [
        (
            4,
            "The row has 2 cells, but the heading has 4. Put quotation marks around a cell that contains the "
            "delimiter; "
            "do not end rows with a delimiter.",
        )
    ]


@pytest.mark.parametrize("delimiter", [";", "\t", " , "])
def test_other_delimiters_byte_order_mark_and_blanks_around_cells_are_read(delimiter: str, home: Settings) -> None:
    text = (ROB + MONDAY).replace(",", delimiter).replace("\n", "\r\n")
    put(home, "rob_2025-03.csv.gz", gzip.compress(text.encode("utf-8-sig")))
    assert (only_receipt(home).verdict, rows(home, "imo_number, rob_t", "accepted/rob/*.parquet")) == (
        "accepted",
        [("3000013", 1450.0)],
    )


def test_run_killed_before_the_receipt_is_completed_by_the_next_run(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + MONDAY + TUESDAY.replace("1360", "much"))
    before = only_receipt(home)
    written = {path: path.read_bytes() for path in home.lake.rglob("*.*") if path.is_file()}
    receipt = home.lake / "receipts" / f"{before.submission_id}.json"
    for lost in ("accepted/rob", "rejected/rob", "intake", "receipts"):
        for path in home.lake.joinpath(lost).glob("[!_]*.*"):
            path.unlink()
        receipt.unlink(missing_ok=True)
        assert only_receipt(home) == before
        assert {path: path.read_bytes() for path in home.lake.rglob("*.*") if path.is_file()} == written


def test_order_of_arrival_does_not_change_submission_ids(home: Settings, tmp_path: Path) -> None:
    march, april = ROB + MONDAY, ROB + MONDAY.replace("2025-03", "2025-04")
    put(home, "rob_2025-03.csv", march)
    new_receipts(home)
    put(home, "rob_2025-04.csv", april)
    new_receipts(home)
    (tmp_path / "other").mkdir()
    other = two_inboxes(tmp_path / "other")
    put(other, "rob_2025-04.csv", april)
    new_receipts(other)
    put(other, "rob_2025-03.csv", march)
    new_receipts(other)
    index = "intake/submissions.parquet"
    assert rows(home, "*", index) == rows(other, "*", index)


def test_missing_inbox_is_reported_in_one_line_with_partner_and_folder(home: Settings) -> None:
    place = home.home / "inbox" / "pier"
    place.rmdir()
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    taken = intake(home)
    assert [receipt.verdict for receipt in taken.receipts] == ["accepted"]
    assert taken.unreachable == [
        f"The inbox of partner SMPL-PIER cannot be read: {place}: it does not exist. "
        f"Make it reachable, or correct partners.inbox in {home.config_path}."
    ]
    (home.home / "inbox" / "line").rename(home.home / "elsewhere")
    with pytest.raises(CorridorError, match="The inbox of partner SMPL-LINE cannot be read"):
        intake(home)


def test_unwritable_outbox_makes_only_that_partner_wait(home: Settings) -> None:
    outbox = home.home / "outbox" / "line"
    outbox.parent.mkdir(exist_ok=True)
    outbox.write_text("a file where the folder should be")
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    taken = intake(home)
    assert taken.receipts == []
    assert [problem.split(":")[0] for problem in taken.unreachable] == [
        "The outbox of partner SMPL-LINE cannot be written"
    ]
    outbox.unlink()
    assert [receipt.verdict for receipt in intake(home).receipts] == ["accepted"]


def test_files_in_an_inbox_are_not_moved_or_changed(home: Settings) -> None:
    path = put(home, "rob_2025-03.csv", ROB + MONDAY)
    before = path.stat()
    new_receipts(home)
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ino, path.read_text()) == (before.st_mtime_ns, before.st_ino, ROB + MONDAY)
