"""A utility's feed as rows of terminal_energy, with figures added up by hand."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.core.corridor_file import Limits
from orchestration.core.settings import PROJECT_ROOT
from orchestration.submissions.checks import table_check as check
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.formats.green_button import LocalTime, as_terminal_energy, read_green_button, rule_moment
from orchestration.submissions.period import Period
from tests.support.judged import judged

SAMPLE = PROJECT_ROOT / "tests" / "fixtures" / "formats" / "greenbutton_1dayLP_45Days.xml"
FEED = SAMPLE.read_text(encoding="utf-8")
EASTERN = LocalTime(-18000, 3600, 0x360E2000, 0xB40E2000)


def rows(content: str, period: str, tmp_path: Path) -> list[tuple[object, ...]]:
    path = tmp_path / "feed.xml"
    path.write_text(content, encoding="utf-8")
    held = Period.parse(period)
    assert held
    with check.connect(tmp_path) as con:
        table = as_terminal_energy(read_green_button(path, tmp_path, Limits()), "SMPL-T1", held)
        check.check_table(con, CONTRACTS["terminal_energy"], held, table, Limits())
        return con.execute("select month::varchar, end_use, quantity, unit::varchar from checked").fetchall()


def refusal(content: str, tmp_path: Path, name: str = "terminal_energy_2012-03_SMPL-T1.xml") -> object:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    receipt = judged(path)
    assert receipt.verdict == "refused"
    return receipt.findings[0]["message"]


def test_a_whole_month_is_the_sum_of_its_readings_in_kwh(tmp_path: Path) -> None:
    values = [int(value) for value in re.findall(r"<value>(\d+)</value>\s*</IntervalReading>", FEED)]
    assert (len(values), sum(values)) == (45, 2_958_004)
    assert rows(FEED, "2012-03", tmp_path) == [("2012-03-01", "meter 01", sum(values[:31]) / 1000, "kwh")]


def test_a_month_without_all_its_readings_has_an_unknown_quantity_and_the_receipt_says_why(tmp_path: Path) -> None:
    assert rows(FEED, "2012-Q2", tmp_path) == [("2012-04-01", "meter 01", None, "kwh")]
    path = tmp_path / "terminal_energy_2012_SMPL-T1.xml"
    path.write_text(FEED, encoding="utf-8")
    receipt = judged(path)
    assert receipt.verdict == "accepted_with_warnings"
    assert receipt.findings[0]["message"] == (
        "Meter 01 has readings of 14 of the 30 days of 2012-04, so its quantity is unknown."
    )


def test_elements_within_each_other_have_a_limit(tmp_path: Path) -> None:
    nested = FEED.replace("</feed>", "<a>" * 50 + "</a>" * 50 + "</feed>")
    assert refusal(nested, tmp_path) == "The file has elements within each other more than 50 deep."


def test_a_power_of_ten_counts_and_energy_fed_back_does_not(tmp_path: Path) -> None:
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
def test_summer_time_begins_and_ends_by_the_rules_of_the_feed(moment: tuple[int, ...], local: tuple[int, ...]) -> None:
    year, month, day, hour, minute = moment
    epoch = datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()
    year, month, day, hour, minute = local
    assert EASTERN.local(epoch) == datetime(year, month, day, hour, minute)


def test_rules_name_the_first_the_second_or_the_last_sunday() -> None:
    assert rule_moment(0x360E2000, 2025) == datetime(2025, 3, 9, 2)
    assert rule_moment(0xB40E2000, 2025) == datetime(2025, 11, 2, 2)
    assert rule_moment(0x3E0E1000, 2025) == datetime(2025, 3, 30, 1)


ENTITY = '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<feed'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<uom>72<", "<uom>38<", "readings have the unit 38, and only 72 (Wh) is read"),
        ("<feed", ENTITY, "it declares a document type, which may hide other files"),
        ("</feed>", "", "Premature end of data"),
        ("<value>57751<", "<value>many<", "invalid literal"),
        ("<value>57751<", "<value>57751000000000000<", "a reading of meter 01 in 2012-03 is larger than any can be"),
        (
            '<LocalTimeParameters xmlns="http://naesb.org/espi">',
            "<LocalTimeParameters>",
            "it has 0 LocalTimeParameters",
        ),
    ],
)
def test_a_feed_that_cannot_be_trusted_is_refused(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in FEED
    content = FEED.replace(old, new)
    assert f"The file cannot be read as Green Button XML: {told}" in str(refusal(content, tmp_path))


def test_the_terminal_must_be_named(tmp_path: Path) -> None:
    assert refusal(FEED, tmp_path, "terminal_energy_2012-03.xml") == (
        "Name the terminal in the file's name: terminal_energy_<period>_<terminal code>.xml."
    )
    assert refusal(FEED, tmp_path, "rob_2012-03.xml") == "Only terminal_energy is read from .xml (Green Button)."
