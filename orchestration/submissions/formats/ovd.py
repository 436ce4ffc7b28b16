"""OVD Log Abstracts and Bunker Reports (DNV, version 3.5) as rows of the datasets they hold.

Belongs here: what makes a log useless, the order in which its SQL (`sql/ovd_*.sql`) runs, and where rows came from.
Does not belong here: which column means what (`ovd_columns.py`), what a receipt says (`ovd_told.py`), whether a row is
right (the contract).

A report is one link of a chain: legs and intervals come from the reports before it. A log with a link that cannot be
placed is refused whole. Of a log only what ends in the file's period counts; earlier reports tell where a leg began.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.core.query import quoted, sql_of
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.formats.ovd_columns import (
    BURNED_CELLS,
    CARRIED,
    NAMED_FUELS,
    NEEDED,
    NO_FUEL_TYPE,
    NUMBERS,
    ORIGINS,
    OVD_DATASETS,
    PORTIONS,
    TANK_CELLS,
    TANKS_BY_NOTE,
    UNSAID_CELLS,
    FuelCell,
    columns_read,
    key,
)
from orchestration.submissions.formats.ovd_messages import told
from orchestration.submissions.formats.text_table import UNREADABLE, Origins, TextTable
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import Refusal, visible

LAYOUTS = {dataset: layout for layout, datasets in OVD_DATASETS.items() for dataset in datasets}
WITHOUT_A_TYPE = f"({', '.join(map(quoted, dict.fromkeys(NO_FUEL_TYPE.values())))})"
REPLACED = {"voyage_legs": ("teu_is_filled",), "fuel_consumption": ("mass_is_filled",)}
BUNKER_NUMBERS = ("Mass", "Sulphur_Content", "Viscosity", "Lower_Heating_Value")


@dataclass(frozen=True)
class Sheet:
    """A file's heading: where each column that is read stands, and what else it has, as written, by its key."""

    layout: str
    places: dict[str, int]
    written: dict[str, str]

    def has(self, column: str | None) -> bool:
        return column is not None and key(column) in self.places


def from_ovd(
    con: duckdb.DuckDBPyConnection, table: TextTable, dataset: str, period: Period, free_text: str, sha256: str
) -> TextTable:
    """Rows of a dataset made from a file in OVD's layout, as text, in the temporary table ovd_made.

    sha256: of the file, which is laid out once for all of its datasets if they are asked for one after the other.
    Raises Refusal where the file as a whole cannot be what OVD says it is.
    """
    layout = LAYOUTS[dataset]
    sheet = _sheet(layout, table.heading)
    of_file = f"{layout} {period.text} {free_text} {sha256}"
    known = con.execute("select getvariable('ovd_laid_out')").fetchall()[0][0]
    if not sha256 or known != of_file:
        con.execute("reset variable ovd_laid_out")
        _lay_out(con, table, sheet, period, free_text)
        con.execute(f"set variable ovd_laid_out = {quoted(of_file)}")
    _make(con, "ovd_made", sql_of(f"submissions/formats/sql/ovd_{dataset}"))
    findings_sql = sql_of(f"submissions/formats/sql/ovd_{dataset}_findings") if layout == "ovd_log_abstract" else None
    heading = [column.name for column in CONTRACTS[dataset].columns]
    cells = ", ".join(f"c{place}" for place in range(len(heading)))
    source = f"select {cells}, row_number as source_row, {len(heading)}::bigint as source_cells from ovd_made"
    origins = Origins("ovd_made", ORIGINS[dataset], findings_sql, REPLACED.get(dataset, ()))
    findings = [*table.findings, *told(con, dataset, sheet.written, free_text)]
    return TextTable(heading, source, numbered=True, findings=findings, origins=origins)


def _lay_out(con: duckdb.DuckDBPyConnection, table: TextTable, sheet: Sheet, period: Period, free_text: str) -> None:
    """The tables that all datasets of the file are made from."""
    _load(con, table, sheet)
    if sheet.layout == "ovd_bunker_report":
        _refuse_decimal_commas(con, sheet, BUNKER_NUMBERS)
        names = ", ".join(f"({quoted(ovd)}, {quoted(ours)})" for ovd, ours in NAMED_FUELS.items())
        _make(con, "ovd_fuel_names", f"from (values {names}) as names(ovd_name, fuel_type)")
        return
    of_cells = (cell.column for cell in (*BURNED_CELLS, *UNSAID_CELLS, *TANK_CELLS))
    _refuse_decimal_commas(con, sheet, (*NUMBERS, *CARRIED, *of_cells))
    _refuse_broken_chains(con, sheet)
    _make(con, "ovd_reports", sql_of("submissions/formats/sql/ovd_reports"))
    _frame(con, period, free_text)
    _cells(con, "ovd_burned", _scheme(con, sheet))
    _cells(con, "ovd_unsaid", [cell for cell in UNSAID_CELLS if sheet.has(cell.column)])
    _cells(con, "ovd_tanks", [cell for cell in TANK_CELLS if sheet.has(cell.column)])


def _make(con: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    con.execute(f"create or replace temp table {name} as {select}")


def _sheet(layout: str, heading: list[str]) -> Sheet:
    """Raises Refusal when a column that is read stands there twice, or one that is needed not at all."""
    read = {key(name): name for name in columns_read(layout)}
    places: dict[str, int] = {}
    written: dict[str, str] = {}
    for place, text in enumerate(heading):
        name = key(text)
        is_counted = PORTIONS.fullmatch(name) or TANKS_BY_NOTE.fullmatch(name)
        if name in read and name in places:
            raise Refusal("heading_is_unique", f"The column {read[name]} stands in the heading twice. Keep one.")
        if name in read or (is_counted and name not in places):
            places[name] = place
        if name:
            written[name] = visible(text.strip())
    missing = [name for name in NEEDED[layout] if key(name) not in places]
    if missing:
        have = ", ".join(list(written.values())[:50])
        message = f"The heading lacks {', '.join(missing)}, which every OVD file of this kind has. It has: {have}."
        raise Refusal("required_columns_are_there", message, missing[0])
    return Sheet(layout, places, written)


def _load(con: duckdb.DuckDBPyConnection, table: TextTable, sheet: Sheet) -> None:
    """`ovd_cells`: the columns that are read, as text, by their keys; NULL where the file has no such column."""
    names = dict.fromkeys([*(key(name) for name in columns_read(sheet.layout)), *sheet.places])
    cells = [f"{f'c{sheet.places[name]}' if name in sheet.places else 'null::varchar'} as {name}" for name in names]
    every = ", ".join(f"c{place}" for place in range(len(table.heading)))
    numbers = "source_row, source_cells" if table.numbered else "null as source_row, null as source_cells"
    try:
        _make(con, "ovd_lines", f"select {', '.join(cells)}, {numbers}, coalesce({every}, null) as content "
              f"from ({table.source})")  # fmt: skip
    except duckdb.Error as error:
        if not (type(error) is duckdb.Error or isinstance(error, UNREADABLE)):
            raise
        if table.exact is None:
            raise Refusal("file_is_whole", "The file cannot be read to its end. Send it again.") from None
        _load(con, table.exact(), sheet)
        return
    if table.exact and table.rows_expected not in (None, *con.execute("select count(*) from ovd_lines").fetchall()[0]):
        _load(con, table.exact(), sheet)
        return
    number = "source_row" if table.numbered else "rowid + 2"
    filled = f"select *, {number} as file_row from ovd_lines where content is not null"
    con.execute(f"create or replace temp view ovd_cells as {filled}")
    ragged = con.execute(
        f"select file_row, source_cells from ovd_cells where source_cells != {len(table.heading)} order by 1 limit 1"
    ).fetchall()
    if ragged:
        row, found = ragged[0]
        message = f"Row {row} has {found} cells and the heading has {len(table.heading)}."
        remedy = "Put quotation marks around a cell that holds the delimiter; a row needs none at its end."
        raise Refusal("row_has_all_its_cells", f"{message} {remedy}")


def _refuse_decimal_commas(con: duckdb.DuckDBPyConnection, sheet: Sheet, columns: Iterable[str]) -> None:
    wrong = _first_cell(con, sheet, columns, "regexp_full_match(cell, '[+-]?[0-9.]*[0-9],[0-9][0-9,.]*')")
    if wrong:
        row, column, cell = wrong
        message = f"{column} {visible(cell)} in row {row} has a comma. OVD has a decimal point and no thousands"
        raise Refusal("decimal_point_is_used", f"{message} separators: write it so and send the file again.", column)


def _refuse_broken_chains(con: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    """Raise Refusal when a report cannot be placed, or a figure that is added up over reports is none."""
    misplaced = con.execute("""
        select file_row, concat_ws(', ', 'IMO ' || coalesce(imo, '(blank)'),
            'Date_UTC ' || coalesce(date_utc, '(blank)'), 'Time_UTC ' || coalesce(time_utc, '(blank)'))
        from ovd_cells
        where imo is null or not coalesce(regexp_full_match(date_utc, '[0-9]{4}-[0-9]{2}-[0-9]{2}')
            and regexp_full_match(time_utc, '[0-9]{2}:[0-9]{2}(:[0-9]{2})?')
            and try_cast(concat(date_utc, ' ', time_utc) as timestamp) is not null, false)
        order by file_row limit 1
    """).fetchall()
    if misplaced:
        row, said = misplaced[0]
        message = (
            f"Row {row} cannot be placed: {visible(said, 120)}. Expected: an IMO number, a date such as 2025-03-01"
        )
        remedy = "and a time such as 14:30. Reports are read in their order, so correct it and send the file again."
        raise Refusal("report_has_its_place", f"{message} {remedy}")
    wrong = _first_cell(con, sheet, NUMBERS, "not coalesce(isfinite(try_cast(cell as double)), false)")
    if wrong:
        row, column, cell = wrong
        message = f"{column} {visible(cell)} in row {row} is not a number. Leave the cell blank if it is not known"
        raise Refusal("value_has_its_type", f"{message}, and send the file again.", column)


def _first_cell(
    con: duckdb.DuckDBPyConnection, sheet: Sheet, columns: Iterable[str], test: str
) -> tuple[int, str, str] | None:
    """The first filled cell of the columns for which the test, SQL about `cell`, is true: row, column, cell."""
    found = [name for name in columns if sheet.has(name)]
    pairs = ", ".join(f"{{'name': {quoted(name)}, 'cell': {key(name)}}}" for name in found)
    if not found:
        return None
    rows: list[tuple[int, str, str]] = con.execute(f"""
        select file_row, pair.name, pair.cell as cell from (select file_row, unnest([{pairs}]) as pair from ovd_cells)
        where cell is not null and {test} order by file_row limit 1
    """).fetchall()
    return rows[0] if rows else None


def _frame(con: duckdb.DuckDBPyConnection, period: Period, free_text: str) -> None:
    """`ovd_filing`: what the file's name says. Raises Refusal when no report ends in the period."""
    measurements = CONTRACTS["fuel_consumption"].by_name["measurement"].allowed
    measurement = free_text if free_text in measurements else "estimate"
    _make(con, "ovd_filing", f"select date '{period.start}' as first_day, date '{period.next_start}' as "
          f"next_first_day, {quoted(measurement)} as measurement")  # fmt: skip
    reports, inside = con.execute(
        "select count(*), count(*) filter (reported_utc >= first_day and reported_utc < next_first_day) "
        "from ovd_reports cross join ovd_filing"
    ).fetchall()[0]
    if reports and not inside:
        message = (
            f"None of its {reports:,} reports is of {period.text}, the period of the file. Correct the file's name."
        )
        raise Refusal("reports_are_of_the_period", message)


def _scheme(con: duckdb.DuckDBPyConnection, sheet: Sheet) -> list[FuelCell]:
    """The columns of the scheme the masses are in. Raises Refusal when some are in the one and some in the other."""
    schemes = [[cell for cell in BURNED_CELLS if cell.by_note is by_note and sheet.has(cell.column)] for by_note in
               (False, True)]  # fmt: skip
    used = []
    for cells in schemes:
        some = " or ".join(f"coalesce(try_cast({key(cell.column)} as double) != 0, false)" for cell in cells)
        used.append(bool(con.execute(f"select bool_or({some or 'false'}) from ovd_cells").fetchall()[0][0]))
    if all(used):
        raise Refusal(
            "fuel_is_in_one_scheme",
            "Fuel is given both by type (such as ME_Consumption_HFO) and by delivery note (such as ME_Consumption with "
            "ME_Fuel_BDN), and would count twice. Keep one of them for the whole file.",
        )
    return schemes[1] if used[1] or not schemes[0] else schemes[0]


def _cells(con: duckdb.DuckDBPyConnection, name: str, cells: list[FuelCell]) -> None:
    """One row a report and column with a mass: whose it is, of which fuel or note, and the columns that say so."""
    parts = ", ".join(_cell(place, cell) for place, cell in enumerate(cells, start=1))
    empty = "{'place': 0, 'consumer': '', 'fuel_type': '', 'bdn_number': '', 'mass': '', 'mass_column': '', " \
            "'fuel_column': '', 'bdn_column': ''}"  # fmt: skip
    _make(
        con,
        name,
        f"""
        select file_row, cell.*, coalesce(cell.fuel_type not in {WITHOUT_A_TYPE}, cell.bdn_number is not null)
            as has_fuel_type
        from (select file_row, unnest([{parts or empty}]) as cell from ovd_cells) {"" if parts else "where false"}
    """,
    )


def _cell(place: int, cell: FuelCell) -> str:
    fuel = quoted(cell.fuel_type) if cell.fuel_type else "null::varchar"
    if cell.fuel_column:
        fuel = f"upper({key(cell.fuel_column)})"
    note = key(cell.note_column) if cell.note_column else "null::varchar"
    if cell.boiler_notes:
        main, aux = map(key, cell.boiler_notes)
        is_clear = f"{main} is null or {aux} is null or {main} = {aux} or try_cast({key(cell.column)} as double) = 0"
        note = f"case when {is_clear} then coalesce({aux}, {main}) end"
    columns = {
        "mass_column": cell.column,
        "fuel_column": cell.fuel_column or cell.note_column or cell.column,
        "bdn_column": cell.note_column or cell.column,
    }
    said = ", ".join(f"'{name}': {quoted(value)}" for name, value in columns.items())
    return (
        f"{{'place': {place}, 'consumer': {quoted(cell.consumer)}, 'fuel_type': {fuel}, 'bdn_number': {note}, "
        f"'mass': {key(cell.column)}, {said}}}"
    )
