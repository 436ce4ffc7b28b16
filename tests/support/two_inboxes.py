"""A home with two partners' inboxes, and helpers that put files into them and query the lake.

Belongs here: what several tests of the intake need. Does not belong here: any expectation.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.core.clock import RunClock
from orchestration.core.settings import Settings, load_settings
from orchestration.submissions.inboxes.partner_folders import open_partner_folders
from orchestration.submissions.intake import IntakeSummary, take_in
from orchestration.submissions.receipt import Receipt

CORRIDOR = """
[corridor]
id = "SAMPLE-C"
name = "SMPL-Corridor"
contact = "nobody"
sample = true
as_of = 2025-06-30
origin.ports = ["CNSHA"]
destination.ports = ["USLAX"]

[[terminals]]
code = "SMPL-T1"
name = "SMPL-Pier"
port = "USLAX"
operator = "SMPL-PIER"

[[partners]]
id = "SMPL-LINE"
name = "SMPL-Line"
role = "carrier"
holding = "SMPL-H1"
inbox = "inbox/line"
outbox = "outbox/line"
datasets.rob = { period = "month" }
datasets.vessels = { period = "register" }

[[partners]]
id = "SMPL-PIER"
name = "SMPL-Pier"
role = "terminal"
holding = "SMPL-H2"
inbox = "inbox/pier"
outbox = "outbox/pier"
datasets.terminal_activity = { period = "month" }

[limits]
max_bytes = 100000
max_unpacked_bytes = 100000
max_rejected_share = 0.5
settle_seconds = 0
"""
NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
CLOCK = RunClock(date(2025, 6, 30), NOW)
ROB = "imo_number,measured_utc,fuel_type,rob_t\n"
MONDAY = "3000013,2025-03-03T12:00:00Z,VLSFO,1450\n"
TUESDAY = "3000013,2025-03-04T12:00:00Z,VLSFO,1360\n"


def two_inboxes(folder: Path) -> Settings:
    """Make a home with a carrier and a terminal that have filed nothing."""
    (folder / "corridor.toml").write_text(CORRIDOR)
    for partner in ("line", "pier"):
        (folder / "inbox" / partner).mkdir(parents=True)
    return load_settings(folder)


def put(home: Settings, name: str, content: str | bytes, partner: str = "line") -> Path:
    """Write a file into an inbox."""
    path = home.home / "inbox" / partner / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def intake(home: Settings, clock: RunClock = CLOCK) -> IntakeSummary:
    """Take in what is new in the inboxes, as a run does."""
    return take_in(home, clock, open_partner_folders(home))


def new_receipts(home: Settings) -> list[Receipt]:
    """Take in what is new, and return the receipts."""
    return intake(home).receipts


def only_receipt(home: Settings) -> Receipt:
    """Take in the only new file, and return its receipt."""
    (receipt,) = new_receipts(home)
    return receipt


def rows(home: Settings, columns: str, path: str) -> list[tuple[object, ...]]:
    """Select columns from Parquet files of the lake."""
    return duckdb.sql(f"select {columns} from '{home.lake}/{path}' order by all").fetchall()


def current(home: Settings, dataset: str) -> list[tuple[object, ...]]:
    """Return the files of current submissions, which are accepted and not superseded, from the index alone."""
    index = f"'{home.lake}/intake/submissions.parquet'"
    return duckdb.sql(
        f"select file_name from {index} where dataset = '{dataset}' and verdict like '%accepted%' "
        f"and submission_id not in (select supersedes from {index} where supersedes is not null) order by all"
    ).fetchall()
