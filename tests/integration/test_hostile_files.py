"""Files that hang or crash their reader, links and unfinished files get a receipt, and the run continues."""

import hashlib
import io
import os
import signal
import threading
import time
import zipfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import xlsxwriter

from orchestration.core.corridor_file import Limits
from orchestration.core.errors import CorridorError
from orchestration.core.settings import Settings
from orchestration.submissions import assessment_worker
from orchestration.submissions.assessment import Case, assess
from orchestration.submissions.assessment_worker import AssessmentWorker
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.inboxes.partner_folders import open_partner_folders
from orchestration.submissions.local_check import cases_of, check_files
from orchestration.submissions.receipt import Receipt, submission_id
from tests.integration.test_intake import home
from tests.support.two_inboxes import MONDAY, ROB, intake, new_receipts, only_receipt, put

__all__ = ["home"]


def with_limits(home: Settings, **limits: float) -> Settings:
    changed = home.file.limits.model_copy(update=limits)
    return home.model_copy(update={"file": home.file.model_copy(update={"limits": changed})})


def endless_sheet() -> bytes:
    """Return a workbook whose only cell states the last position of the largest possible sheet."""
    plain, content = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "imo_number")
        sheet.write(1, 1, 1)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(content, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, old.read(entry).replace(b'"B2"', b'"XFD1048576"').replace(b'r="2"', b'r="1048576"'))
    return content.getvalue()


def test_file_that_is_too_large_for_its_reader_is_refused_and_the_next_is_assessed(home: Settings) -> None:
    put(home, "rob_2025-01.xlsx", endless_sheet())
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    verdicts = {receipt.path: receipt.verdict for receipt in new_receipts(home)}
    assert verdicts == {"rob_2025-01.xlsx": "refused", "rob_2025-03.csv": "accepted"}
    assert new_receipts(home) == []


def test_assessment_stops_at_its_time_limit_and_the_next_file_is_assessed(tmp_path: Path) -> None:
    slow, good = tmp_path / "rob_2025-03.csv", tmp_path / "rob_2025-03_good.csv"
    slow.write_text(ROB + MONDAY * 400_000)
    good.write_text(ROB + MONDAY)
    with AssessmentWorker() as worker:
        started = time.monotonic()
        (hurried,) = cases_of(slow, Limits(max_seconds=0.05))
        receipt = worker.assess(hurried)
        assert receipt.message == "Refused: Checking the file took longer than 0.05 s. Split it by period."
        assert time.monotonic() - started < 20
        (patient,) = cases_of(good, Limits())
        assert worker.assess(patient).verdict == "accepted"


def test_killed_worker_leaves_no_scratch_files_and_its_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rob_2025-03.csv"
    path.write_text(ROB + MONDAY * 400_000)
    with AssessmentWorker() as worker:
        (case,) = cases_of(path, Limits())
        pid = worker.run(os.getpid, 60)
        left = worker.scratch / "left"
        left.touch()
        threading.Timer(0.05, os.kill, (pid, signal.SIGKILL)).start()
        receipt = worker.assess(case)
        assert receipt.findings[0]["rule"] == "file_can_be_read"
        assert not left.exists()
        assert worker.scratch.exists()
    assert not worker.scratch.exists()


@pytest.mark.parametrize(
    ("fault", "rule"), [(KeyError("rob_t"), "file_can_be_judged"), (MemoryError(), "file_is_within_limits")]
)
def test_fault_of_the_program_refuses_the_file_and_a_fresh_process_goes_on(
    fault: BaseException, rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rob_2025-03.csv"
    path.write_text(ROB + MONDAY)
    (case,) = cases_of(path, Limits())
    with AssessmentWorker() as worker:
        with monkeypatch.context() as patch:
            patch.setattr(assessment_worker, "_assess", partial(assess_with_fault, fault))
            assert worker.assess(case).findings[0]["rule"] == rule
        assert worker.assess(case).verdict == "accepted"


def assess_with_fault(fault: BaseException, scratch: Path, case: Case) -> Receipt:
    if case.problem is None:
        raise fault
    return assess(connect(scratch), scratch, case)


def test_process_that_cannot_prepare_itself_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rob_2025-03.csv"
    path.write_text(ROB + MONDAY)
    (case,) = cases_of(path, Limits())
    monkeypatch.setattr(assessment_worker, "_connection", open)  # a folder cannot be opened as a file
    with AssessmentWorker() as worker, pytest.raises(CorridorError, match="did not start within 60 s"):
        worker.assess(case)


def test_link_in_an_inbox_is_refused_without_being_read(home: Settings, tmp_path: Path) -> None:
    (tmp_path / "of_another").write_text(ROB + MONDAY)
    (home.home / "inbox" / "line" / "rob_2025-03.csv").symlink_to(tmp_path / "of_another")
    receipt = only_receipt(home)
    assert (receipt.verdict, receipt.content_sha256) == ("refused", "")
    assert receipt.message == "Refused: The file is a link to another place. Put the file itself into the inbox."
    assert not list((home.lake / "raw").glob("*/*"))
    assert new_receipts(home) == []


def test_growing_file_waits_and_unfinished_name_is_ignored(home: Settings) -> None:
    growing = put(home, "rob_2025-03.csv", ROB)
    put(home, "rob_2025-04.csv.part", ROB)
    put(home, "rob_2025-05.csv", ROB.replace("2025-03", "2025-05"))

    def grow() -> None:
        with growing.open("a") as file:
            file.write(MONDAY)

    threading.Timer(0.5, grow).start()
    summary = intake(with_limits(home, settle_seconds=1.0))
    assert (summary.waiting, [receipt.path for receipt in summary.receipts]) == (["SMPL-LINE/rob_2025-03.csv"],
                                                                                 ["rob_2025-05.csv"])  # fmt: skip
    assert [(receipt.path, receipt.rows_read) for receipt in new_receipts(home)] == [("rob_2025-03.csv", 1)]


def test_old_file_is_taken_in_without_waiting(home: Settings) -> None:
    path = put(home, "rob_2025-03.csv", ROB + MONDAY)
    os.utime(path, (0, 0))
    started = time.monotonic()
    assert len(intake(with_limits(home, settle_seconds=30.0)).receipts) == 1
    assert time.monotonic() - started < 15


def test_removed_file_is_reported_and_its_submission_stays_current(home: Settings) -> None:
    path = put(home, "rob_2025-03.csv", ROB + MONDAY)
    new_receipts(home)
    path.unlink()
    summary = intake(home)
    assert (summary.receipts, summary.gone) == ([], ["SMPL-LINE/rob_2025-03.csv"])


@pytest.mark.parametrize("name", ["..", "rob_2025-03_..%2f..%2fx.csv", "rob_2025-03_\u202evsc.csv"])
def test_file_name_never_leads_out_of_the_outbox(name: str, home: Settings) -> None:
    if name != "..":
        put(home, name, ROB + MONDAY)
        receipt = only_receipt(home)
        assert [path.name for path in (home.home / "outbox" / "line").glob("*.json")] == [
            f"{receipt.submission_id}.json"
        ]
    assert [file.name for file in open_partner_folders(home).files["SMPL-LINE"]] == ([] if name == ".." else [name])


def test_corridor_check_gives_the_same_receipt_as_the_inbox(home: Settings) -> None:
    path = put(home, "rob_2025-03.csv", ROB + MONDAY)
    (offline,) = check_files([path])
    received = only_receipt(home)
    assert (offline.verdict, offline.message, offline.findings) == (
        received.verdict, received.message, received.findings,
    )  # fmt: skip
    assert datetime.fromisoformat(offline.modified).tzinfo == UTC


def test_receipt_page_marks_cells_and_escapes_what_a_sender_wrote(home: Settings) -> None:
    script = "<script>alert(1)</script>"
    put(
        home,
        "rob_2025-03.csv",
        ROB + MONDAY + f"3000013,2025-03-04T12:00:00Z,{script},1360\n" + MONDAY.replace("03-03", "03-05"),
    )
    receipt = only_receipt(home)
    page = (home.home / "outbox" / "line" / f"{receipt.submission_id}.html").read_text(encoding="utf-8")
    assert "SAMPLE" in page
    assert script not in page
    assert '<td class="error">&lt;script&gt;alert(1)&lt;/script&gt;</td>' in page
    assert "Tanks balance" in page


def test_receipt_of_a_resubmission_lists_changed_totals(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    first = only_receipt(home)
    put(home, "rob_2025-03.csv", ROB + MONDAY + "3000013,2025-03-04T12:00:00Z,VLSFO,1360.5\n")
    second = only_receipt(home)
    assert second.totals_changed == [
        {"column": "rows", "before": 1, "after": 2},
        {"column": "rob_t", "before": 1450.0, "after": 2810.5},
    ]
    assert second.message == (
        f"Accepted 2 rows. It replaces submission {first.submission_id} and changes rows 1 -> 2, "
        "rob_t 1,450 -> 2,810.5."
    )


def test_receipt_is_not_written_through_a_link_with_its_name(home: Settings, tmp_path: Path) -> None:
    """A partner can work out the name of its next receipt, and create a link with that name to another file."""
    content, of_another = (ROB + MONDAY).encode(), tmp_path / "of_another"
    of_another.write_text("theirs")
    (home.home / "inbox" / "line" / "rob_2025-03.csv").write_bytes(content)
    outbox = home.home / "outbox" / "line"
    outbox.mkdir(parents=True)
    own = submission_id("SMPL-LINE", "rob", "2025-03", hashlib.sha256(content).hexdigest(), 1)
    links = [outbox / f"{own}.json", outbox / f"{own}.html"]
    for link in links:
        link.symlink_to(of_another)
    assert only_receipt(home).submission_id == own
    assert of_another.read_text() == "theirs"
    assert [link.is_symlink() for link in links] == [False, False]


def test_file_that_becomes_a_link_or_a_pipe_after_listing_is_not_followed(home: Settings, tmp_path: Path) -> None:
    (tmp_path / "of_another").write_text(ROB + MONDAY)
    path = home.home / "inbox" / "line" / "rob_2025-03.csv"
    path.write_text(ROB + MONDAY)
    (found,) = open_partner_folders(home).files["SMPL-LINE"]
    path.unlink()
    path.symlink_to(tmp_path / "of_another")
    with pytest.raises(FileNotFoundError):
        found.open()
    path.unlink()
    os.mkfifo(path)
    with found.open() as stream:
        assert stream.read() == b""
