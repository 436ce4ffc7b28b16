"""What the receipt of an OVD file says of the file as a whole: what was left aside, and what OVD cannot say.

Belongs here: those sentences and the SQL for their figures. Does not belong here: findings about single rows.
"""

import re
from collections.abc import Callable, Iterator, Mapping

import duckdb

from orchestration.submissions.formats.ovd_columns import (
    ELECTRICITY,
    NEITHER,
    PORTIONS,
    TANKS_BY_NOTE,
    UNSAID_FUEL,
    columns_read,
    key,
)
from orchestration.submissions.receipt import Finding, file_finding

COUNTED = """
    from ovd_cells inner join ovd_reports using (file_row) cross join ovd_filing
    where ovd_reports.reported_utc >= first_day and ovd_reports.reported_utc < next_first_day
"""
CORRIDOR_CARGO = (
    "OVD has no columns for corridor cargo, so these legs stay incomplete and are not counted. To have them counted, "
    "send the plain file voyage_legs_<period>.csv after this one, with outbound_, inbound_ and delivered_laden_teu and "
    "_empty_teu; it takes the place of these legs. Cargo_Total_TEU and Cargo_Total_Full_TEU are needed as well."
)
ESTIMATED = (
    "OVD does not say how masses are known, so they count as estimates. If all are by flow meter, tank sounding or "
    "delivery note, say so in the name: ovd_log_abstract_<period>_flow_meter.csv, _tank_sounding or _bdn."
)

READ_AS_UTC = "OVD does not state the time zone of Bunker_Delivery_Time: it was read as UTC."


def told(con: duckdb.DuckDBPyConnection, dataset: str, heading: Mapping[str, str], free_text: str) -> Iterator[Finding]:
    """Warnings about the file. heading: its columns as written, by their keys."""
    if dataset == "bunker_deliveries":
        yield _warning("time_zone_is_known", READ_AS_UTC)
        yield from _taken_back(con)
        return
    yield from _replaced(con)
    yield from _outside(con, dataset)
    yield _warning("rows_are_made", _count_of_rows(con, dataset))
    yield from ABOUT[dataset](con, heading)
    is_estimate = con.execute("select measurement = 'estimate' from ovd_filing").fetchall()[0][0]
    if dataset == "fuel_consumption" and is_estimate and free_text != "estimate":
        yield _warning("measurement_is_named", ESTIMATED)


def _warning(rule: str, message: str) -> Finding:
    return file_finding(rule, "warning", message)


def _count_of_rows(con: duckdb.DuckDBPyConnection, dataset: str) -> str:
    reports = con.execute(f"select count(*) {COUNTED}").fetchall()[0][0]
    rows = con.execute("select count(*) from ovd_made").fetchall()[0][0]
    made = f"From {reports:,} reports of the period {rows:,} rows of {dataset} were made"
    return f"{made}; read, accepted and rejected count these rows."


def _replaced(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Reports that a later one of the same ship and minute takes the place of."""
    rows = con.execute("""
        select old.file_row, max(new.file_row)
        from (from ovd_cells anti join ovd_reports using (file_row)) as old
        inner join ovd_cells as new
            on old.imo = new.imo and new.file_row > old.file_row
            and try_cast(concat(old.date_utc, ' ', old.time_utc) as timestamp)
            = try_cast(concat(new.date_utc, ' ', new.time_utc) as timestamp)
        group by old.file_row order by old.file_row
    """).fetchall()
    if rows:
        pairs = ", ".join(f"row {old} by row {new}" for old, new in rows[:10]) + (" and more" if len(rows) > 10 else "")
        what = "The report of the same ship and minute that stands later counts"
        yield _warning("report_is_the_last", f"{what}: {len(rows):,} replaced ({pairs}).")


def _outside(con: duckdb.DuckDBPyConnection, dataset: str) -> Iterator[Finding]:
    count = con.execute(
        "select count(*) from ovd_reports cross join ovd_filing "
        "where reported_utc < first_day or reported_utc >= next_first_day"
    ).fetchall()[0][0]
    if count:
        use = "They were read to know where legs begin and end" if dataset == "voyage_legs" else "They made no row"
        message = f"{count:,} reports are of another time than the file's period. {use}; send them in their own file."
        yield _warning("report_is_of_the_period", message)


def _about_legs(con: duckdb.DuckDBPyConnection, heading: Mapping[str, str]) -> Iterator[Finding]:
    yield _warning("corridor_cargo_is_known", CORRIDOR_CARGO)
    arrivals = con.execute("""
        select file_row, imo from ovd_reports cross join ovd_filing
        where event = 'arrival' and not is_under_way and reported_utc >= first_day and reported_utc < next_first_day
        order by file_row limit 20
    """).fetchall()
    for row, imo in arrivals:
        message = f"{imo} arrives in row {row}, and the file has no departure before it, so no leg was made up."
        remedy = "Put the reports since the departure into the file; those before the period are not counted again."
        yield {**_warning("arrival_has_its_departure", f"{message} {remedy}"), "row_number": row, "column": "Event"}


def _about_fuel(con: duckdb.DuckDBPyConnection, heading: Mapping[str, str]) -> Iterator[Finding]:
    for rule, pattern, why in (
        ("portion_is_not_added", PORTIONS, "they are portions of what main engine, auxiliary engine and boiler burned"),
        ("fuel_is_said", re.compile("|".join(map(key, UNSAID_FUEL))), "OVD does not say which fuel that was. The legs "
         "and stays that it was burned in cannot be counted. To have them counted, send the plain file "
         "fuel_consumption_<period>.csv after this one with all fuel of the period, this as consumer boiler; it takes "
         "the place of these rows"),
    ):  # fmt: skip
        columns = [name for name in heading if pattern.fullmatch(name)]
        sums = ", ".join(f"sum(try_cast({name} as decimal(18, 3)))" for name in columns)
        tonnes = con.execute(f"select {sums} {COUNTED}").fetchall()[0] if columns else ()
        found = [f"{heading[name]} {mass:f} t" for name, mass in zip(columns, tonnes, strict=True) if mass]
        if found:
            yield _warning(rule, f"Left aside: {', '.join(found)}, because {why}.")
    energy = con.execute(
        f"select coalesce(sum(try_cast({key(ELECTRICITY)} as decimal(18, 3))), 0) {COUNTED}"
    ).fetchall()[0][0]
    if energy:
        message = f"{ELECTRICITY}, {energy:f} kWh in all, is neither a leg nor fuel: file it as port_calls."
        yield _warning("shore_power_is_filed", message)
    yield from _unknown(heading, "consum")


def _about_tanks(con: duckdb.DuckDBPyConnection, heading: Mapping[str, str]) -> Iterator[Finding]:
    by_note = [name for name in heading if TANKS_BY_NOTE.fullmatch(name)]
    some = " or ".join(f"coalesce(try_cast({name} as double) != 0, false)" for name in by_note) or "false"
    count = con.execute(f"select count(*) {COUNTED} and ({some})").fetchall()[0][0]
    if count:
        message = (
            f"Tanks by delivery note (BDN_ROB and the like, in {count:,} reports) name no fuel and were left aside."
        )
        yield _warning("tanks_are_by_fuel", f"{message} Give HFO_ROB, MGO_ROB and the like, or file rob.")
    yield from _unknown(heading, "_rob")


def _unknown(heading: Mapping[str, str], sign: str) -> Iterator[Finding]:
    """Headings that speak of fuel and are none of OVD's: a spelling mistake would lose what stands under them."""
    read = {key(name) for name in columns_read("ovd_log_abstract")}
    for name, written in heading.items():
        patterns = (PORTIONS, TANKS_BY_NOTE, NEITHER)
        if sign in name and name not in read and not any(pattern.fullmatch(name) for pattern in patterns):
            message = f"{written} is no column of OVD and was ignored. Is it misspelt?"
            yield file_finding("column_is_known", "warning", message, written)


def _taken_back(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    rows = con.execute("select file_row, c0 from ovd_made where is_taken_back order by file_row limit 20").fetchall()
    for row, number in rows:
        message = f"The mass in row {row} is negative: it counts as {number}, fuel taken off the ship again."
        yield {**_warning("de_bunkering_is_meant", message), "row_number": row, "column": "Mass"}


ABOUT: dict[str, Callable[[duckdb.DuckDBPyConnection, Mapping[str, str]], Iterator[Finding]]] = {
    "voyage_legs": _about_legs,
    "fuel_consumption": _about_fuel,
    "rob": _about_tanks,
}
