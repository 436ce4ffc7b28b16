"""Green Button (ESPI): a utility's feed of meter readings as rows of `terminal_energy`.

Belongs here: which readings belong to which meter and civil month, and that a month is whole.
Does not belong here: whether a row is right (the contract says).

A reading belongs to the month that holds its middle, by the feed's own local time. Received energy (flow 19) is no
negative consumption and makes no row. The feed does not name the terminal: the file's name does, after the period.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lxml import etree

from orchestration.core.corridor_file import Limits
from orchestration.core.query import quoted
from orchestration.submissions.formats.text_table import TextTable, rewritten
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import Finding, Refusal, file_finding, visible

ESPI = "{http://naesb.org/espi}"
ATOM = "{http://www.w3.org/2005/Atom}"
WATT_HOURS, DELIVERED, RECEIVED = "72", "1", "19"
READING = ["meter", "month", "flow", "value", "power_of_ten", "month_is_whole"]

# A month may differ from its readings by the hour that summer time takes or gives.
WHOLE_WITHIN_S = 3600
MAX_VALUE, MAX_POWER, MAX_SECONDS = 10**15, 9, 366 * 86400


@dataclass(frozen=True)
class LocalTime:
    """tzOffset and dstOffset in seconds; the rules of ESPI for when summer time starts and ends, or None."""

    offset: int
    summer_offset: int = 0
    start_rule: int | None = None
    end_rule: int | None = None

    def local(self, epoch_s: float) -> datetime:
        """The civil time, without a zone, of a moment."""
        standard = datetime.fromtimestamp(epoch_s, UTC).replace(tzinfo=None) + timedelta(seconds=self.offset)
        if self.start_rule is None or self.end_rule is None:
            return standard
        summer = timedelta(seconds=self.summer_offset)
        starts = rule_moment(self.start_rule, standard.year)
        ends = rule_moment(self.end_rule, standard.year) - summer
        is_summer = starts <= standard < ends if starts < ends else not ends <= standard < starts
        return standard + summer if is_summer else standard


def rule_moment(rule: int, year: int) -> datetime:
    """When an ESPI rule (a DstRuleType of 32 bits) applies in a year, in the civil time of that moment."""
    month, operator, day = rule >> 28, rule >> 25 & 7, rule >> 20 & 31
    weekday, hour, second = rule >> 17 & 7, rule >> 12 & 31, rule & 4095
    if operator == 0 or not weekday:
        found = datetime(year, month, max(1, day))
    elif operator == 7:
        last = datetime(year, month, calendar.monthrange(year, month)[1])
        found = last - timedelta(days=(last.isoweekday() - weekday) % 7)
    else:
        first = datetime(year, month, max(1, day) if operator == 1 else 7 * (operator - 2) + 1)
        found = first + timedelta(days=(weekday - first.isoweekday()) % 7)
    return found + timedelta(hours=hour, seconds=second)


@dataclass(frozen=True)
class Reading:
    """One interval of one meter. value: as written, in watt-hours times ten to the power_of_ten."""

    meter: str
    flow: str
    month: str
    seconds: int
    value: str
    power_of_ten: str


def read_green_button(path: Path, scratch: Path, limits: Limits) -> TextTable:
    """One row a reading, with the columns of READING. Raises Refusal when the file is no such feed."""
    if path.stat().st_size > limits.max_document_bytes:
        raise Refusal("file_is_within_limits", f"An .xml file may have {limits.max_document_bytes:,} bytes.")
    try:
        readings = list(_readings(_entries(path, limits)))
    except (etree.XMLSyntaxError, ValueError, OverflowError, OSError) as error:
        why = visible(str(getattr(error, "msg", None) or error).partition("\n")[0], 120).rstrip(".")
        raise Refusal("file_is_green_button", f"The file cannot be read as Green Button XML: {why}.") from None
    if not readings:
        raise Refusal("file_is_not_empty", "The feed holds no readings. Ask the utility for the interval data.")
    partial = _partial_months(readings)
    rows = [
        [r.meter, r.month, r.flow, r.value, r.power_of_ten, str((r.meter, r.month, r.flow) not in partial).lower()]
        for r in readings
    ]
    table = rewritten(READING, enumerate(rows, start=1), scratch, limits)
    table.findings.extend(_findings(readings, partial))
    return table


def as_terminal_energy(readings: TextTable, terminal_code: str, period: Period) -> TextTable:
    """Rows of `terminal_energy`: a meter and month of the period, in kWh; of a month that is not whole without."""
    if not terminal_code:
        raise Refusal(
            "terminal_is_named", "Name the terminal in the file's name: terminal_energy_<period>_<terminal code>.xml."
        )
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
    said = file_finding(
        "energy_is_the_terminals",
        "warning",
        "All of it counts as the terminal's own electricity. File what was passed on to ships as CSV.",
    )
    months = (f"{period.start:%Y-%m}", f"{period.end:%Y-%m}")
    about = [f for f in readings.findings if f["value"] is None or months[0] <= str(f["value"]) <= months[1]]
    return replace(readings, heading=heading, source=source, findings=[*about, said])


def _entries(path: Path, limits: Limits) -> dict[str, tuple[list[tuple[str, str]], "etree._Element"]]:
    """Of each entry of the feed its links, by the address it has itself, and its content."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    tree = etree.parse(str(path), parser)
    if tree.docinfo.doctype:  # type: ignore[union-attr]
        raise ValueError("it declares a document type, which may hide other files")
    if tree.xpath(f"boolean({'/*' * (limits.max_nesting + 1)})"):
        raise Refusal(
            "file_is_within_limits", f"The file has elements within each other more than {limits.max_nesting} deep."
        )
    entries = {}
    for number, entry in enumerate(tree.getroot().iter(f"{ATOM}entry")):
        links = [(link.get("rel") or "", (link.get("href") or "").strip("/")) for link in entry.iter(f"{ATOM}link")]
        own = next((href for rel, href in links if rel == "self"), f"entry {number}")
        entries[own] = (links, entry)
    return entries


def _readings(entries: dict[str, tuple[list[tuple[str, str]], "etree._Element"]]) -> Iterator[Reading]:
    """Every reading of every meter, with the flow, unit and local time that its links lead to."""
    times = [_local_time(found) for _, entry in entries.values() for found in entry.iter(f"{ESPI}LocalTimeParameters")]
    for links, entry in entries.values():
        blocks = list(entry.iter(f"{ESPI}IntervalBlock"))
        if not blocks:
            continue
        meter_reading = next((href for rel, href in links if rel == "up"), "").removesuffix("/IntervalBlock")
        reading_type = _linked(entries, meter_reading, "ReadingType")
        unit = _text(reading_type, "uom")
        if unit != WATT_HOURS:
            raise ValueError(f"readings have the unit {visible(unit) or 'unknown'}, and only {WATT_HOURS} (Wh) is read")
        if len(times) != 1:
            raise ValueError(f"it has {len(times)} LocalTimeParameters, and a month needs exactly one local time")
        flow, power = _text(reading_type, "flowDirection") or DELIVERED, _text(reading_type, "powerOfTenMultiplier")
        meter = meter_reading.partition("/MeterReading")[0].rpartition("/")[2]
        for found in (reading for block in blocks for reading in block.iter(f"{ESPI}IntervalReading")):
            start, seconds = int(_text(found, "timePeriod/start")), int(_text(found, "timePeriod/duration"))
            month = f"{times[0].local(start + seconds / 2):%Y-%m}"
            value = int(_text(found, "value"))
            if abs(value) > MAX_VALUE or abs(int(power or 0)) > MAX_POWER or not 0 < seconds <= MAX_SECONDS:
                raise ValueError(f"a reading of meter {visible(meter)} in {month} is larger than any can be")
            yield Reading(meter, flow, month, seconds, str(value), str(int(power or 0)))


def _linked(
    entries: dict[str, tuple[list[tuple[str, str]], "etree._Element"]], meter_reading: str, kind: str
) -> "etree._Element":
    """The element of a kind that a meter reading is related to."""
    links, _ = entries.get(meter_reading, ([], None))
    for rel, href in links:
        if rel == "related" and href in entries:
            found = next(entries[href][1].iter(f"{ESPI}{kind}"), None)
            if found is not None:
                return found
    raise ValueError(f"no {kind} belongs to {visible(meter_reading) or 'a block of readings'}")


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
    found = element.find("/".join(f"{ESPI}{part}" for part in path.split("/")))
    return "" if found is None else (found.text or "").strip()


def _partial_months(readings: list[Reading]) -> dict[tuple[str, str, str], tuple[float, int]]:
    """Meters and months whose readings do not add up to the month: days covered, days of the month."""
    covered: dict[tuple[str, str, str], int] = {}
    for reading in readings:
        key = (reading.meter, reading.month, reading.flow)
        covered[key] = covered.get(key, 0) + reading.seconds
    days = {key: calendar.monthrange(int(key[1][:4]), int(key[1][5:]))[1] for key in covered}
    return {
        key: (round(seconds / 86400, 1), days[key])
        for key, seconds in covered.items()
        if abs(seconds - 86400 * days[key]) > WHOLE_WITHIN_S
    }


def _findings(readings: list[Reading], partial: dict[tuple[str, str, str], tuple[float, int]]) -> Iterator[Finding]:
    for (meter, month, flow), (covered, days) in sorted(partial.items()):
        if flow == DELIVERED:
            told = f"Meter {visible(meter)} has readings of {covered:g} of the {days} days of {month}"
            yield {**file_finding("month_is_whole", "warning", f"{told}, so its quantity is unknown."), "value": month}
    if any(reading.flow != DELIVERED for reading in readings):
        yield file_finding("energy_is_delivered", "warning", "Energy that flowed back to the grid was left aside.")
