"""Warnings about an OVD file as a whole: what was left out, and what OVD cannot express.

Belongs here: these sentences, and the SQL for the figures in them.
Does not belong here: failed checks of single rows (`sql/*_checks.sql`).
"""

import re
from collections.abc import Callable, Iterator, Mapping

import duckdb

from orchestration.submissions.layouts.ovd.columns import (
    ELECTRICITY,
    OTHER_COLUMNS,
    PORTIONS,
    TANKS_BY_NOTE,
    UNNAMED_FUEL,
    columns_read,
    key,
)
from orchestration.submissions.receipt import FailedCheck, about_file

Warnings = Iterator[FailedCheck]

COUNTED = """
    from ovd_cells inner join ovd_reports using (file_row) cross join ovd_filing
    where ovd_reports.reported_utc >= first_day and ovd_reports.reported_utc < next_first_day
"""
CORRIDOR_CARGO = (
    "OVD has no columns for corridor cargo, so these legs are incomplete and are not counted. To have them counted, "
    "send a plain file voyage_legs_<period>.csv after this one, with the columns outbound_, inbound_ and "
    "delivered_laden_teu and _empty_teu. It replaces these legs. Cargo_Total_TEU and Cargo_Total_Full_TEU are needed "
    "as well."
)
ESTIMATED = (
    "OVD does not state how masses were measured, so they count as estimates. If all masses come from flow meters, "
    "tank soundings or delivery notes, put that into the file name: ovd_log_abstract_<period>_flow_meter.csv, "
    "_tank_sounding or _bdn."
)
READ_AS_UTC = "OVD does not state the time zone of Bunker_Delivery_Time. It was read as UTC."
PORTION = "they are part of what main engine, auxiliary engine and boiler burned"
UNNAMED = (
    "OVD does not state which fuel it was. The legs and stays in which it was burned cannot be counted. To have them "
    "counted, send a plain file fuel_consumption_<period>.csv after this one with all fuel of the period and with this "
    "fuel as consumer boiler. It replaces these rows"
)


def warnings(con: duckdb.DuckDBPyConnection, dataset: str, heading: Mapping[str, str], free_text: str) -> Warnings:
    """Yield the warnings about a file, of which the rows of one dataset have been made.

    Args:
        con: The connection with the tables of the file.
        dataset: The dataset that was made.
        heading: The columns of the file as its sender wrote them, by their keys.
        free_text: What follows the period in the file name.
    """
    if dataset == "bunker_deliveries":
        yield _warning("time_zone_is_known", READ_AS_UTC)
        yield from _negative_deliveries(con)
        return
    yield from _replaced_reports(con)
    yield from _reports_of_other_periods(con, dataset)
    yield _warning("rows_are_made", _count_of_rows(con, dataset))
    yield from OF_DATASET[dataset](con, heading)
    is_estimate = con.execute("select measurement = 'estimate' from ovd_filing").fetchall()[0][0]
    if dataset == "fuel_consumption" and is_estimate and free_text != "estimate":
        yield _warning("measurement_is_named", ESTIMATED)


def _warning(rule: str, message: str) -> FailedCheck:
    return about_file(rule, "warning", message)


def _count_of_rows(con: duckdb.DuckDBPyConnection, dataset: str) -> str:
    reports = con.execute(f"select count(*) {COUNTED}").fetchall()[0][0]
    rows = con.execute("select count(*) from ovd_made").fetchall()[0][0]
    made = f"{reports:,} reports of the period gave {rows:,} rows of {dataset}."
    return f"{made} The numbers of rows read, accepted and rejected count these rows."


def _replaced_reports(con: duckdb.DuckDBPyConnection) -> Warnings:
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
        rule = "Of several reports of a ship for the same minute, the last row counts."
        yield _warning("report_is_the_last", f"{rule} Reports replaced: {len(rows):,} ({pairs}).")


def _reports_of_other_periods(con: duckdb.DuckDBPyConnection, dataset: str) -> Warnings:
    count = con.execute(
        "select count(*) from ovd_reports cross join ovd_filing "
        "where reported_utc < first_day or reported_utc >= next_first_day"
    ).fetchall()[0][0]
    if count:
        use = "They were used to find where legs begin and end" if dataset == "voyage_legs" else "They gave no rows"
        message = f"{count:,} reports lie outside the period in the file name. {use}. Send them in their own file."
        yield _warning("report_is_of_the_period", message)


def _about_legs(con: duckdb.DuckDBPyConnection, heading: Mapping[str, str]) -> Warnings:
    yield _warning("corridor_cargo_is_known", CORRIDOR_CARGO)
    arrivals = con.execute("""
        select file_row, imo from ovd_reports cross join ovd_filing
        where event = 'arrival' and not is_under_way and reported_utc >= first_day and reported_utc < next_first_day
        order by file_row limit 20
    """).fetchall()
    for row, imo in arrivals:
        message = f"The file has no departure before the arrival of {imo} in row {row}, so this arrival gave no leg."
        remedy = "Add the reports since the departure. Reports from before the period are not counted twice."
        yield {**_warning("arrival_has_its_departure", f"{message} {remedy}"), "row_number": row, "column": "Event"}


def _about_fuel(con: duckdb.DuckDBPyConnection, heading: Mapping[str, str]) -> Warnings:
    yield from _left_out(con, heading, PORTIONS, ("portion_is_not_added", PORTION))
    unnamed = re.compile("|".join(map(key, UNNAMED_FUEL)))
    yield from _left_out(con, heading, unnamed, ("fuel_is_said", UNNAMED))
    energy = con.execute(
        f"select coalesce(sum(try_cast({key(ELECTRICITY)} as decimal(18, 3))), 0) {COUNTED}"
    ).fetchall()[0][0]
    if energy:
        message = f"{ELECTRICITY} ({energy:f} kWh in all) was left out, because shore power belongs to port_calls."
        yield _warning("shore_power_is_filed", f"{message} File it there.")
    yield from _unknown_columns(heading, "consum")


def _left_out(
    con: duckdb.DuckDBPyConnection, heading: Mapping[str, str], pattern: re.Pattern[str], rule: tuple[str, str]
) -> Warnings:
    """Yield a warning with the totals of columns that do not count.

    Args:
        con: The connection with the tables of the file.
        heading: The columns of the file as its sender wrote them, by their keys.
        pattern: Matches the keys of the columns.
        rule: The name of the check, and why the columns do not count.
    """
    columns = [name for name in heading if pattern.fullmatch(name)]
    sums = ", ".join(f"sum(try_cast({name} as decimal(18, 3)))" for name in columns)
    tonnes = con.execute(f"select {sums} {COUNTED}").fetchall()[0] if columns else ()
    totals = [f"{heading[name]} {mass:f} t" for name, mass in zip(columns, tonnes, strict=True) if mass]
    if totals:
        yield _warning(rule[0], f"Left out: {', '.join(totals)}, because {rule[1]}.")


def _about_tanks(con: duckdb.DuckDBPyConnection, heading: Mapping[str, str]) -> Warnings:
    by_note = [name for name in heading if TANKS_BY_NOTE.fullmatch(name)]
    some = " or ".join(f"coalesce(try_cast({name} as double) != 0, false)" for name in by_note) or "false"
    count = con.execute(f"select count(*) {COUNTED} and ({some})").fetchall()[0][0]
    if count:
        message = f"Tank contents by delivery note (BDN_ROB and the like, in {count:,} reports) were left out,"
        remedy = "because they do not name the fuel. Fill in HFO_ROB, MGO_ROB and the like, or file rob."
        yield _warning("tanks_are_by_fuel", f"{message} {remedy}")
    yield from _unknown_columns(heading, "_rob")


def _unknown_columns(heading: Mapping[str, str], sign: str) -> Warnings:
    """Yield warnings about headings that speak of fuel but are not OVD's: a misspelt heading would lose its figures."""
    read = {key(name) for name in columns_read("ovd_log_abstract")}
    patterns = (PORTIONS, TANKS_BY_NOTE, OTHER_COLUMNS)
    for name, written in heading.items():
        if sign in name and name not in read and not any(pattern.fullmatch(name) for pattern in patterns):
            message = f"OVD has no column {written}, so it was ignored. Is the name misspelt?"
            yield about_file("column_is_known", "warning", message, written)


def _negative_deliveries(con: duckdb.DuckDBPyConnection) -> Warnings:
    rows = con.execute("select file_row, c0 from ovd_made where is_de_bunkering order by file_row limit 20").fetchall()
    for row, number in rows:
        message = (
            f"The mass in row {row} is negative, so the row counts as {number}, fuel that was pumped off the ship."
        )
        remedy = "If that is wrong, correct the sign and send the file again."
        yield {**_warning("de_bunkering_is_meant", f"{message} {remedy}"), "row_number": row, "column": "Mass"}


OF_DATASET: dict[str, Callable[[duckdb.DuckDBPyConnection, Mapping[str, str]], Warnings]] = {
    "voyage_legs": _about_legs,
    "fuel_consumption": _about_fuel,
    "rob": _about_tanks,
}
