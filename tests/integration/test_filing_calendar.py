"""The filing calendar: the state of each partner, dataset and period."""

from datetime import UTC, date, datetime

from orchestration.core.clock import RunClock
from orchestration.core.settings import Settings
from orchestration.submissions.filing_calendar import filing_calendar
from tests.integration.test_intake import home
from tests.support.two_inboxes import MONDAY, ROB, intake, put

__all__ = ["home"]


def at(day: date) -> RunClock:
    return RunClock(day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def calendar(home: Settings, as_of: date) -> dict[tuple[str, str], tuple[str, int]]:
    """Return state and number of superseded submissions of the carrier, by dataset and period."""
    entries = filing_calendar(home, home.lake / "intake" / "submissions.parquet", as_of)
    return {
        (entry["dataset"], entry["period"]): (entry["state"], entry["superseded"])
        for entry in entries
        if entry["partner_id"] == "SMPL-LINE"
    }


def test_every_period_has_its_state(home: Settings) -> None:
    put(home, "rob_2025-01.csv", ROB + MONDAY.replace("2025-03", "2025-01"))
    put(home, "rob_2025-03.csv", ROB + MONDAY + "3000013,2025-03-04T12:00:00Z,VLSFO,much\n")
    put(home, "rob_2025-04.csv", "nothing")
    intake(home, at(date(2025, 4, 10)))
    assert calendar(home, date(2025, 5, 25)) == {
        ("rob", "2025-01"): ("late", 0),
        ("rob", "2025-02"): ("missing", 0),
        ("rob", "2025-03"): ("accepted, partly", 0),
        ("rob", "2025-04"): ("refused", 0),
        ("vessels", "register"): ("missing", 0),
    }


def test_period_is_missing_only_after_its_due_day_and_resubmissions_are_counted(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    intake(home, at(date(2025, 4, 20)))
    put(home, "rob_2025-03.csv", ROB + MONDAY.replace("1450", "1451"))
    intake(home, at(date(2025, 4, 28)))
    rob = {key: state for key, state in calendar(home, date(2025, 5, 20)).items() if key[0] == "rob"}
    assert rob == {("rob", "2025-03"): ("accepted", 1), ("rob", "2025-04"): ("not due", 0)}
    assert calendar(home, date(2025, 4, 19))[("vessels", "register")] == ("missing", 0)


def test_calendar_counts_only_what_was_received_by_the_as_of_day(home: Settings) -> None:
    put(home, "rob_2025-03.csv", ROB + MONDAY)
    intake(home, at(date(2025, 4, 28)))
    assert ("rob", "2025-03") not in calendar(home, date(2025, 4, 25))
    assert calendar(home, date(2025, 4, 30))[("rob", "2025-03")] == ("late", 0)
