"""A home with two partners' inboxes, and what tests of the door put into them and ask of the lake.

Belongs here: what several such tests need. Does not belong here: any expectation.
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
    """A home with a carrier and a terminal that have filed nothing."""
    (folder / "corridor.toml").write_text(CORRIDOR)
    for partner in ("line", "pier"):
        (folder / "inbox" / partner).mkdir(parents=True)
    return load_settings(folder)


def put(home: Settings, name: str, content: str | bytes, partner: str = "line") -> Path:
    path = home.home / "inbox" / partner / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def intake(home: Settings, clock: RunClock = CLOCK) -> IntakeSummary:
    """Take in what is new in the inboxes, as a run does."""
    return take_in(home, clock, open_partner_folders(home))


def look(home: Settings) -> list[Receipt]:
    return intake(home).receipts


def only(home: Settings) -> Receipt:
    (receipt,) = look(home)
    return receipt


def rows(home: Settings, columns: str, path: str) -> list[tuple[object, ...]]:
    return duckdb.sql(f"select {columns} from '{home.lake}/{path}' order by all").fetchall()


def current(home: Settings, dataset: str) -> list[tuple[object, ...]]:
    """Which files stand, from the index alone: accepted, and superseded by none."""
    index = f"'{home.lake}/intake/submissions.parquet'"
    return duckdb.sql(
        f"select file_name from {index} where dataset = '{dataset}' and verdict like '%accepted%' "
        f"and submission_id not in (select supersedes from {index} where supersedes is not null) order by all"
    ).fetchall()
