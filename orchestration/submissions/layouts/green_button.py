"""Green Button (ESPI): turn a utility's feed of meter readings into rows of `terminal_energy`.

Belongs here: which readings belong to which meter and calendar month, and whether a month is complete.
Does not belong here: whether a row is right (the contract).

A reading belongs to the month in which its middle lies, in the local time of the feed. Energy that flowed back to the
grid (flow 19) is not negative consumption and gives no row. The feed does not name the terminal, so the file name does.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from lxml import etree

from orchestration.core.corridor_file import Limits
from orchestration.core.query import quoted
from orchestration.submissions.formats.text_table import TextTable, rewritten
from orchestration.submissions.layouts.layout import Filing, Layout
from orchestration.submissions.receipt import FailedCheck, Refusal, about_file, visible

ESPI = "{http://naesb.org/espi}"
ATOM = "{http://www.w3.org/2005/Atom}"
WATT_HOURS, DELIVERED, RECEIVED = "72", "1", "19"
READING_COLUMNS = ["meter", "month", "flow", "value", "power_of_ten", "month_is_whole"]

# The readings of a month may be an hour longer or shorter than the month, because of summer time.
WHOLE_WITHIN_S = 3600
DAY_S = 86400
MAX_VALUE, MAX_POWER, MAX_SECONDS = 10**15, 9, 366 * DAY_S

# Meter, month and flow.
MonthOfMeter = tuple[str, str, str]


@dataclass(frozen=True)
class Entry:
    """An entry of the feed: its links as relation and address, and its XML."""

    links: list[tuple[str, str]]
    element: "etree._Element"


# The entries of a feed, by their own address.
Entries = Mapping[str, Entry]


@dataclass(frozen=True)
class LocalTime:
    """The local time of a feed: offsets in seconds, and ESPI's rules for the start and end of summer time, or None."""

    offset: int
    summer_offset: int = 0
    start_rule: int | None = None
    end_rule: int | None = None

    def local(self, epoch_s: float) -> datetime:
        """Return the local date and time of a moment, without a zone."""
        standard = datetime.fromtimestamp(epoch_s, UTC).replace(tzinfo=None) + timedelta(seconds=self.offset)
        if self.start_rule is None or self.end_rule is None:
            return standard
        summer = timedelta(seconds=self.summer_offset)
        starts = rule_moment(self.start_rule, standard.year)
        ends = rule_moment(self.end_rule, standard.year) - summer
        is_summer = starts <= standard < ends if starts < ends else not ends <= standard < starts
        return standard + summer if is_summer else standard


def rule_moment(rule: int, year: int) -> datetime:
    """Return when an ESPI rule (a DstRuleType of 32 bits) applies in a year, as local date and time."""
    month, operator, day = rule >> 28, rule >> 25 & 7, rule >> 20 & 31
    weekday, hour, second = rule >> 17 & 7, rule >> 12 & 31, rule & 4095
    if operator == 0 or not weekday:
        date = datetime(year, month, max(1, day))
    elif operator == 7:
        last = datetime(year, month, calendar.monthrange(year, month)[1])
        date = last - timedelta(days=(last.isoweekday() - weekday) % 7)
    else:
        first = datetime(year, month, max(1, day) if operator == 1 else 7 * (operator - 2) + 1)
        date = first + timedelta(days=(weekday - first.isoweekday()) % 7)
    return date + timedelta(hours=hour, seconds=second)


@dataclass(frozen=True)
class Reading:
    """One interval of one meter. value: as written, in watt-hours times ten to the power of power_of_ten."""

    meter: str
    flow: str
    month: str
    seconds: int
    value: str
    power_of_ten: str


def read_green_button(path: Path, scratch: Path, limits: Limits) -> TextTable:
    """Read a feed as a table with one row per reading. Raises Refusal if the file is not a Green Button feed."""
    if path.stat().st_size > limits.max_document_bytes:
        message = (
            f"The file is larger than the {limits.max_document_bytes:,} bytes allowed for .xml. Split it by period."
        )
        raise Refusal("file_is_within_limits", message)
    try:
        readings = list(_readings(_entries(path, limits)))
    except (etree.XMLSyntaxError, ValueError, OverflowError, OSError) as error:
        reason = visible(str(getattr(error, "msg", None) or error).partition("\n")[0], 120).rstrip(".")
        message = f"The file cannot be read as Green Button XML: {reason}. Ask the utility for the feed again."
        raise Refusal("file_is_green_button", message) from None
    if not readings:
        raise Refusal("file_is_not_empty", "The feed has no readings. Ask the utility for the interval data.")
    incomplete = _incomplete_months(readings)
    rows = [
        [r.meter, r.month, r.flow, r.value, r.power_of_ten, str((r.meter, r.month, r.flow) not in incomplete).lower()]
        for r in readings
    ]
    table = rewritten(READING_COLUMNS, enumerate(rows, start=1), scratch, limits)
    table.failed_checks.extend(_warnings(readings, incomplete))
    return table


def to_terminal_energy(con: duckdb.DuckDBPyConnection, readings: TextTable, filing: Filing) -> TextTable:
    """Add up readings to rows of `terminal_energy`, one per meter and month of the period, in kWh.

    The quantity of a month without all its readings is unknown. Raises Refusal if the file name has no terminal.
    """
    terminal_code, period = filing.free_text, filing.period
    if not terminal_code:
        raise Refusal("terminal_is_named", f"The file name lacks the terminal. Name the file {GREEN_BUTTON.file_name}.")
    heading = ["terminal_code", "month", "energy_carrier", "end_use", "supplied_to_ships", "quantity", "unit"]
    source = f"""
        select {quoted(terminal_code)} as c0, c1, 'electricity' as c2, 'meter ' || c0 as c3, 'false' as c4,
            case when bool_and(c5 = 'true')
                then (sum(cast(c3 as decimal(38, 6)) * power(10, cast(c4 as integer))) / 1000)::varchar end as c5,
            'kwh' as c6, row_number() over (order by c1, c0) as source_row, 7::bigint as source_cells
        from ({readings.source})
        where c2 = '{DELIVERED}' and c1 || '-01' between '{period.start}' and '{period.end}'
        group by c0, c1
    """
    own_use = about_file(
        "energy_is_the_terminals",
        "warning",
        "All energy of the feed counts as the terminal's own electricity. File energy passed on to ships as CSV.",
    )
    first, last = f"{period.start:%Y-%m}", f"{period.end:%Y-%m}"
    of_period = [c for c in readings.failed_checks if c["value"] is None or first <= str(c["value"]) <= last]
    return replace(readings, heading=heading, source=source, failed_checks=[*of_period, own_use])


def _entries(path: Path, limits: Limits) -> Entries:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    tree = etree.parse(str(path), parser)
    if tree.docinfo.doctype:  # type: ignore[union-attr]
        raise ValueError("it declares a document type, which may refer to other files")
    if tree.xpath(f"boolean({'/*' * (limits.max_nesting + 1)})"):
        message = f"The XML elements are nested more than {limits.max_nesting} deep."
        raise Refusal("file_is_within_limits", f"{message} Send the feed as the utility provides it.")
    entries = {}
    for number, element in enumerate(tree.getroot().iter(f"{ATOM}entry")):
        links = [(link.get("rel") or "", (link.get("href") or "").strip("/")) for link in element.iter(f"{ATOM}link")]
        own = next((href for rel, href in links if rel == "self"), f"entry {number}")
        entries[own] = Entry(links, element)
    return entries


def _readings(entries: Entries) -> Iterator[Reading]:
    """Yield every reading of every meter, with the flow, unit and local time to which its links lead."""
    times = [
        _local_time(element)
        for entry in entries.values()
        for element in entry.element.iter(f"{ESPI}LocalTimeParameters")
    ]
    for entry in entries.values():
        blocks = list(entry.element.iter(f"{ESPI}IntervalBlock"))
        if not blocks:
            continue
        meter_reading = next((href for rel, href in entry.links if rel == "up"), "").removesuffix("/IntervalBlock")
        reading_type = _related(entries, meter_reading, "ReadingType")
        unit = _text(reading_type, "uom")
        if unit != WATT_HOURS:
            raise ValueError(f"the unit of readings is {visible(unit) or 'missing'}, expected {WATT_HOURS} (Wh)")
        if len(times) != 1:
            raise ValueError(f"it has {len(times)} LocalTimeParameters, expected exactly one")
        flow, power = _text(reading_type, "flowDirection") or DELIVERED, _text(reading_type, "powerOfTenMultiplier")
        meter = meter_reading.partition("/MeterReading")[0].rpartition("/")[2]
        for element in (reading for block in blocks for reading in block.iter(f"{ESPI}IntervalReading")):
            yield _reading(element, meter, flow, int(power or 0), times[0])


def _reading(element: "etree._Element", meter: str, flow: str, power: int, time: LocalTime) -> Reading:
    start, seconds = int(_text(element, "timePeriod/start")), int(_text(element, "timePeriod/duration"))
    month = f"{time.local(start + seconds / 2):%Y-%m}"
    value = int(_text(element, "value"))
    if abs(value) > MAX_VALUE or abs(power) > MAX_POWER or not 0 < seconds <= MAX_SECONDS:
        raise ValueError(f"a reading of meter {visible(meter)} in {month} is outside any possible range")
    return Reading(meter, flow, month, seconds, str(value), str(power))


def _related(entries: Entries, meter_reading: str, kind: str) -> "etree._Element":
    """Return the element of a kind to which a meter reading is related."""
    links = entries[meter_reading].links if meter_reading in entries else []
    for rel, href in links:
        if rel == "related" and href in entries:
            element = next(entries[href].element.iter(f"{ESPI}{kind}"), None)
            if element is not None:
                return element
    raise ValueError(f"{visible(meter_reading) or 'a block of readings'} is not linked to a {kind}")


def _local_time(element: "etree._Element") -> LocalTime:
    start, end = _text(element, "dstStartRule"), _text(element, "dstEndRule")
    has_summer = bool(start and end and int(start, 16) and int(end, 16))
    return LocalTime(
        int(_text(element, "tzOffset") or 0),
        int(_text(element, "dstOffset") or 0),
        int(start, 16) if has_summer else None,
        int(end, 16) if has_summer else None,
    )


def _text(element: "etree._Element", path: str) -> str:
    child = element.find("/".join(f"{ESPI}{part}" for part in path.split("/")))
    return "" if child is None else (child.text or "").strip()


def _incomplete_months(readings: list[Reading]) -> dict[MonthOfMeter, tuple[float, int]]:
    """Return the days covered and the days of the month, for months whose readings do not cover them."""
    covered: dict[MonthOfMeter, int] = {}
    for reading in readings:
        month = (reading.meter, reading.month, reading.flow)
        covered[month] = covered.get(month, 0) + reading.seconds
    days = {month: calendar.monthrange(int(month[1][:4]), int(month[1][5:]))[1] for month in covered}
    return {
        month: (round(seconds / DAY_S, 1), days[month])
        for month, seconds in covered.items()
        if abs(seconds - DAY_S * days[month]) > WHOLE_WITHIN_S
    }


def _warnings(readings: list[Reading], incomplete: dict[MonthOfMeter, tuple[float, int]]) -> Iterator[FailedCheck]:
    for (meter, month, flow), (covered, days) in sorted(incomplete.items()):
        if flow == DELIVERED:
            message = (
                f"The readings of meter {visible(meter)} cover {covered:g} of the {days} days of {month}, so its "
                "quantity is unknown. Ask the utility for the missing readings, or file the month as CSV."
            )
            yield {**about_file("month_is_whole", "warning", message), "value": month}
    if any(reading.flow != DELIVERED for reading in readings):
        yield about_file("energy_is_delivered", "warning", "Energy that flowed back to the grid was left out.")


GREEN_BUTTON = Layout(
    "terminal_energy",
    "Green Button, a utility's feed of meter readings",
    datasets=("terminal_energy",),
    readers={"xml": read_green_button},
    convert=to_terminal_energy,
    name_pattern="terminal_energy_<period>_<terminal code>.xml",
    note="The feed does not name the terminal, so the file name must.",
)
