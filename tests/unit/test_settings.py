"""What corridor.toml may say, and what its writer is expected when it says something else."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from orchestration.core.clock import run_clock
from orchestration.core.errors import CorridorError
from orchestration.core.settings import Settings, load_settings

GOOD = """
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
id = "SMPL-PIER"
name = "SMPL-Pier"
role = "terminal"
holding = "SMPL-H2"
inbox = "inbox/pier"
outbox = "s3://bucket/pier"
datasets.terminal_activity = { period = "month" }
"""


def load(home: Path, text: str) -> Settings:
    (home / "corridor.toml").write_text(text)
    return load_settings(home)


def message_of(home: Path, old: str, new: str) -> str:
    assert old in GOOD
    with pytest.raises(CorridorError) as error:
        load(home, GOOD.replace(old, new))
    return str(error.value)


def test_paths_become_absolute_and_addresses_stay(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD)
    (pier,) = settings.file.partners
    assert settings.location(pier.inbox) == str(tmp_path / "inbox" / "pier")
    assert settings.location(pier.outbox) == "s3://bucket/pier"
    assert pier.datasets["terminal_activity"].due_day == 20
    assert settings.warehouse == tmp_path / "warehouse" / "corridor.duckdb"


def test_fixed_as_of_fixes_the_moment_and_an_override_only_the_day(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD)
    assert run_clock(settings).now == datetime(2025, 6, 30, 12, tzinfo=UTC)
    assert run_clock(settings, date(2025, 1, 31)).as_of == date(2025, 1, 31)
    assert run_clock(settings, date(2025, 1, 31)).now == datetime(2025, 6, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('role = "terminal"', 'role = "pier"',
         "partners.0.role: Input should be 'carrier', 'terminal', 'port' or 'cargo_owner' (got 'pier')"),
        ('holding = "SMPL-H2"\n', "", "partners.0.holding: Field required"),
        ('port = "USLAX"', 'port = "Los Angeles"', "terminals.0.port: String should match pattern "
         "'^[A-Z]{2}[A-Z0-9]{3}$' (got 'Los Angeles')"),
        ('operator = "SMPL-PIER"', 'operator = "SMPL-X"',
         "corridor.toml: terminals.SMPL-T1: unknown operator 'SMPL-X'; use the id of one of [[partners]]"),
        ('port = "USLAX"', 'port = "USLGB"',
         "corridor.toml: terminals.SMPL-T1: port USLGB is on neither side of the corridor"),
        ("sample = true", "sample = false",
         "corridor: as_of fixes the clock, which only samples may do; remove it, or pass --as-of to a run"),
        ('contact = "nobody"', 'contact = "nobody"\ncolour = "green"',
         "corridor.colour: Extra inputs are not permitted (got 'green')"),
    ],
)  # fmt: skip
def test_error_names_its_table_and_key(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert message_of(tmp_path, old, new) == f"{tmp_path / 'corridor.toml'} has errors:\n  {message}"


def test_broken_file_and_missing_file_have_different_messages(tmp_path: Path) -> None:
    assert "is not valid TOML" in message_of(tmp_path, "[corridor]", "[corridor")
    with pytest.raises(CorridorError, match="does not exist, and every home needs one"):
        load_settings(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"inbox/pier"', '"sftp://pier:hunter2@host/in"', "set CORRIDOR_STORAGE_SMPL_PIER instead"),
        ('"s3://bucket/pier"', '"https://host/out"', "outbox cannot be a web address"),
        ('"s3://bucket/pier"', '"inbox/pier/"', "used twice: inbox/pier"),
    ],
)
def test_locations_contain_no_secret_and_belong_to_one_partner(
    old: str, new: str, expected: str, tmp_path: Path
) -> None:
    message = message_of(tmp_path, old, new)
    assert expected in message
    assert "hunter2" not in message
