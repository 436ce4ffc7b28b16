"""A utility's feed as rows of terminal_energy, with totals worked out by hand."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.core.corridor_file import Limits
from orchestration.core.settings import PROJECT_ROOT
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.checks.table_check import check_table
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.layouts.green_button import LocalTime, read_green_button, rule_moment, to_terminal_energy
from orchestration.submissions.layouts.layout import Filing
from orchestration.submissions.period import Period
from tests.support.assessed import assessed

SAMPLE = PROJECT_ROOT / "tests" / "fixtures" / "formats" / "greenbutton_1dayLP_45Days.xml"
FEED = SAMPLE.read_text(encoding="utf-8")
EASTERN = LocalTime(-18000, 3600, 0x360E2000, 0xB40E2000)


def rows(content: str, period: str, tmp_path: Path) -> list[tuple[object, ...]]:
    path = tmp_path / "feed.xml"
    path.write_text(content, encoding="utf-8")
    held = Period.parse(period)
    assert held
    filing = Filing("terminal_energy", held, "SMPL-T1")
    with connect(tmp_path) as con:
        table = to_terminal_energy(con, read_green_button(path, tmp_path, Limits()), filing)
        check_table(con, CONTRACTS["terminal_energy"], held, table, Limits())
        return con.execute("select month::varchar, end_use, quantity, unit::varchar from checked").fetchall()


def refusal(content: str, tmp_path: Path, name: str = "terminal_energy_2012-03_SMPL-T1.xml") -> object:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    receipt = assessed(path)
    assert receipt.verdict == "refused"
    return receipt.findings[0]["message"]


def test_complete_month_is_the_sum_of_its_readings_in_kwh(tmp_path: Path) -> None:
    values = [int(value) for value in re.findall(r"<value>(\d+)</value>\s*</IntervalReading>", FEED)]
    assert (len(values), sum(values)) == (45, 2_958_004)
    assert rows(FEED, "2012-03", tmp_path) == [("2012-03-01", "meter 01", sum(values[:31]) / 1000, "kwh")]


def test_incomplete_month_has_an_unknown_quantity_and_a_warning(tmp_path: Path) -> None:
    assert rows(FEED, "2012-Q2", tmp_path) == [("2012-04-01", "meter 01", None, "kwh")]
    path = tmp_path / "terminal_energy_2012_SMPL-T1.xml"
    path.write_text(FEED, encoding="utf-8")
    receipt = assessed(path)
    assert receipt.verdict == "accepted_with_warnings"
    assert receipt.findings[0]["message"] == (
        "The readings of meter 01 cover 14 of the 30 days of 2012-04, so its quantity is unknown. Ask the utility "
        "for the "
        "missing readings, or file the month as CSV."
    )


def test_nesting_of_elements_is_limited(tmp_path: Path) -> None:
    nested = FEED.replace("</feed>", "<a>" * 50 + "</a>" * 50 + "</feed>")
    assert refusal(nested, tmp_path) == (
        "The XML elements are nested more than 50 deep. Send the feed as the utility provides it."
    )


def test_power_of_ten_is_applied_and_energy_fed_back_is_left_out(tmp_path: Path) -> None:
    watt_hours = rows(FEED, "2012-03", tmp_path)[0][2]
    kilo = FEED.replace("<powerOfTenMultiplier>0<", "<powerOfTenMultiplier>3<")
    assert rows(kilo, "2012-03", tmp_path)[0][2] == pytest.approx(1000 * float(str(watt_hours)), rel=1e-12)
    assert rows(FEED.replace("<flowDirection>1<", "<flowDirection>19<"), "2012-03", tmp_path) == []


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        ((2012, 3, 11, 6, 59), (2012, 3, 11, 1, 59)),
        ((2012, 3, 11, 7, 0), (2012, 3, 11, 3, 0)),
        ((2012, 11, 4, 5, 59), (2012, 11, 4, 1, 59)),
        ((2012, 11, 4, 6, 0), (2012, 11, 4, 1, 0)),
        ((2012, 7, 1, 3, 59), (2012, 6, 30, 23, 59)),
    ],
)
def test_summer_time_follows_the_rules_of_the_feed(moment: tuple[int, ...], local: tuple[int, ...]) -> None:
    year, month, day, hour, minute = moment
    epoch = datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()
    year, month, day, hour, minute = local
    assert EASTERN.local(epoch) == datetime(year, month, day, hour, minute)


def test_rules_can_name_the_first_second_or_last_sunday() -> None:
    assert rule_moment(0x360E2000, 2025) == datetime(2025, 3, 9, 2)
    assert rule_moment(0xB40E2000, 2025) == datetime(2025, 11, 2, 2)
    assert rule_moment(0x3E0E1000, 2025) == datetime(2025, 3, 30, 1)


ENTITY = '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<feed'


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<uom>72<", "<uom>38<", "the unit of readings is 38, expected 72 (Wh)"),
        ("<feed", ENTITY, "it declares a document type, which may refer to other files"),
        ("</feed>", "", "Premature end of data"),
        ("<value>57751<", "<value>many<", "invalid literal"),
        (
            "<value>57751<",
            "<value>57751000000000000<",
            "a reading of meter 01 in 2012-03 is outside any possible range",
        ),
        (
            '<LocalTimeParameters xmlns="http://naesb.org/espi">',
            "<LocalTimeParameters>",
            "it has 0 LocalTimeParameters",
        ),
    ],
)
def test_feed_that_cannot_be_trusted_is_refused(old: str, new: str, reason: str, tmp_path: Path) -> None:
    assert old in FEED
    content = FEED.replace(old, new)
    assert f"The file cannot be read as Green Button XML: {reason}" in str(refusal(content, tmp_path))


def test_file_name_must_have_the_terminal(tmp_path: Path) -> None:
    assert refusal(FEED, tmp_path, "terminal_energy_2012-03.xml") == (
        "The file name lacks the terminal. Name the file terminal_energy_<period>_<terminal code>.xml."
    )
    assert refusal(FEED, tmp_path, "rob_2012-03.xml") == (
        "A file ending in .xml cannot be read as rob. Send csv, xlsx, json, jsonl or parquet, optionally compressed "
        "as .gz "
        "or .zip."
    )
