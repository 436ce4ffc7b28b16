"""Turn OVD log abstracts and bunker reports into rows of our datasets.

Belongs here: the order in which the SQL of `sql/` runs, and the cells that it reads.
Does not belong here: what a column means (`columns.py`); what makes a log useless (`refusals.py`); the warnings of a
receipt (`messages.py`); whether a row is right (the contract).

Each report continues the one before it: legs and intervals come from pairs of reports. Only what ends in the period of
the file counts. Earlier reports are read to find where a leg began.
"""

import duckdb

from orchestration.core.query import quoted, sql_of
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.formats.text_table import UNREADABLE, Origins, TextTable
from orchestration.submissions.layouts.layout import Filing
from orchestration.submissions.layouts.ovd.columns import (
    BURNED_CELLS,
    CARRIED,
    NAMED_FUELS,
    NO_FUEL_TYPE,
    NUMBERS,
    SOURCE_COLUMNS,
    TANK_CELLS,
    UNNAMED_CELLS,
    FuelCell,
    columns_read,
    key,
)
from orchestration.submissions.layouts.ovd.messages import warnings
from orchestration.submissions.layouts.ovd.refusals import (
    Heading,
    read_heading,
    refuse_broken_chains,
    refuse_decimal_commas,
    refuse_other_periods,
    refuse_ragged_rows,
)
from orchestration.submissions.receipt import Refusal

SQL = "submissions/layouts/ovd/sql"
WITHOUT_A_TYPE = f"({', '.join(map(quoted, dict.fromkeys(NO_FUEL_TYPE.values())))})"
# Rules of the contract that an OVD message replaces.
REPLACED_RULES = {"voyage_legs": ("teu_is_filled",), "fuel_consumption": ("mass_is_filled",)}
BUNKER_NUMBERS = ("Mass", "Sulphur_Content", "Viscosity", "Lower_Heating_Value")


def from_log_abstract(con: duckdb.DuckDBPyConnection, table: TextTable, filing: Filing) -> TextTable:
    """Make rows of voyage_legs, fuel_consumption or rob from a log. Raises Refusal if the log is useless as a whole."""
    heading = read_heading("ovd_log_abstract", table.heading)
    if not _is_prepared(con, heading, filing):
        _load_cells(con, table, heading)
        refuse_decimal_commas(con, heading, (*NUMBERS, *CARRIED, *(cell.column for cell in _all_cells())))
        refuse_broken_chains(con, heading)
        _create(con, "ovd_reports", sql_of(f"{SQL}/reports"))
        _create_filing(con, filing)
        refuse_other_periods(con, filing.period)
        _create_masses(con, "ovd_burned", _scheme(con, heading))
        _create_masses(con, "ovd_unnamed", [cell for cell in UNNAMED_CELLS if heading.has(cell.column)])
        _create_masses(con, "ovd_tanks", [cell for cell in TANK_CELLS if heading.has(cell.column)])
        _mark_prepared(con, heading, filing)
    return _made_rows(con, table, heading, filing, checks_sql=sql_of(f"{SQL}/{filing.dataset}_checks"))


def from_bunker_report(con: duckdb.DuckDBPyConnection, table: TextTable, filing: Filing) -> TextTable:
    """Make rows of bunker_deliveries from a bunker report. Raises Refusal if the file is useless as a whole."""
    heading = read_heading("ovd_bunker_report", table.heading)
    # The tables of a log that was prepared before are overwritten below.
    con.execute("reset variable ovd_prepared")
    _load_cells(con, table, heading)
    refuse_decimal_commas(con, heading, BUNKER_NUMBERS)
    names = ", ".join(f"({quoted(ovd)}, {quoted(ours)})" for ovd, ours in NAMED_FUELS.items())
    _create(con, "ovd_fuel_names", f"from (values {names}) as names(ovd_name, fuel_type)")
    return _made_rows(con, table, heading, filing, checks_sql=None)


def _made_rows(
    con: duckdb.DuckDBPyConnection, table: TextTable, heading: Heading, filing: Filing, checks_sql: str | None
) -> TextTable:
    """Create `ovd_made`, the rows of one dataset as text, and return it as a table."""
    dataset = filing.dataset
    _create(con, "ovd_made", sql_of(f"{SQL}/{dataset}"))
    columns = [column.name for column in CONTRACTS[dataset].columns]
    cells = ", ".join(f"c{place}" for place in range(len(columns)))
    source = f"select {cells}, row_number as source_row, {len(columns)}::bigint as source_cells from ovd_made"
    origins = Origins("ovd_made", SOURCE_COLUMNS[dataset], checks_sql, REPLACED_RULES.get(dataset, ()))
    failed_checks = [*table.failed_checks, *warnings(con, dataset, heading.written, filing.free_text)]
    return TextTable(columns, source, numbered=True, failed_checks=failed_checks, origins=origins)


def _is_prepared(con: duckdb.DuckDBPyConnection, heading: Heading, filing: Filing) -> bool:
    """Whether the tables of this file are there already, from another of its datasets."""
    prepared = con.execute("select getvariable('ovd_prepared')").fetchall()[0][0]
    if filing.sha256 and prepared == _file_key(heading, filing):
        return True
    con.execute("reset variable ovd_prepared")
    return False


def _mark_prepared(con: duckdb.DuckDBPyConnection, heading: Heading, filing: Filing) -> None:
    con.execute(f"set variable ovd_prepared = {quoted(_file_key(heading, filing))}")


def _file_key(heading: Heading, filing: Filing) -> str:
    return f"{heading.layout} {filing.period.text} {filing.free_text} {filing.sha256}"


def _create(con: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    con.execute(f"create or replace temp table {name} as {select}")


def _all_cells() -> tuple[FuelCell, ...]:
    return (*BURNED_CELLS, *UNNAMED_CELLS, *TANK_CELLS)


def _load_cells(con: duckdb.DuckDBPyConnection, table: TextTable, heading: Heading) -> None:
    """Create `ovd_cells`: the columns that are read, as text. A column that the file does not have is NULL."""
    names = dict.fromkeys([*(key(name) for name in columns_read(heading.layout)), *heading.places])
    cells = [f"{f'c{heading.places[name]}' if name in heading.places else 'null::varchar'} as {name}" for name in names]
    every = ", ".join(f"c{place}" for place in range(len(table.heading)))
    numbers = "source_row, source_cells" if table.numbered else "null as source_row, null as source_cells"
    lines = f"select {', '.join(cells)}, {numbers}, coalesce({every}, null) as content from ({table.source})"
    try:
        _create(con, "ovd_lines", lines)
    except duckdb.Error as error:
        if not (type(error) is duckdb.Error or isinstance(error, UNREADABLE)):
            raise
        if table.exact is None:
            raise Refusal("file_is_whole", "The file cannot be read to its end. Send it again.") from None
        _load_cells(con, table.exact(), heading)
        return
    if table.exact and table.rows_expected not in (None, *con.execute("select count(*) from ovd_lines").fetchall()[0]):
        _load_cells(con, table.exact(), heading)
        return
    number = "source_row" if table.numbered else "rowid + 2"
    filled = f"select *, {number} as file_row from ovd_lines where content is not null"
    con.execute(f"create or replace temp view ovd_cells as {filled}")
    refuse_ragged_rows(con, len(table.heading))


def _create_filing(con: duckdb.DuckDBPyConnection, filing: Filing) -> None:
    """Create `ovd_filing`: what the file name says of period and measurement."""
    measurements = CONTRACTS["fuel_consumption"].by_name["measurement"].allowed
    measurement = filing.free_text if filing.free_text in measurements else "estimate"
    first, next_first = filing.period.start, filing.period.next_start
    _create(
        con,
        "ovd_filing",
        f"select date '{first}' as first_day, date '{next_first}' as next_first_day, "
        f"{quoted(measurement)} as measurement",
    )


def _scheme(con: duckdb.DuckDBPyConnection, heading: Heading) -> list[FuelCell]:
    """Choose the columns in which the masses are given: by fuel type or by delivery note.

    Raises Refusal if a file uses both.
    """
    present = [cell for cell in BURNED_CELLS if heading.has(cell.column)]
    by_type, by_note = ([cell for cell in present if cell.by_note is wanted] for wanted in (False, True))
    uses_types, uses_notes = _has_mass(con, by_type), _has_mass(con, by_note)
    if uses_types and uses_notes:
        raise Refusal(
            "fuel_is_in_one_scheme",
            "Fuel is given both by type (such as ME_Consumption_HFO) and by delivery note (such as ME_Consumption with "
            "ME_Fuel_BDN), so it would count twice. Use only one of the two in the whole file.",
        )
    return by_note if uses_notes or not by_type else by_type


def _has_mass(con: duckdb.DuckDBPyConnection, cells: list[FuelCell]) -> bool:
    some = " or ".join(f"coalesce(try_cast({key(cell.column)} as double) != 0, false)" for cell in cells)
    return bool(con.execute(f"select bool_or({some or 'false'}) from ovd_cells").fetchall()[0][0])


def _create_masses(con: duckdb.DuckDBPyConnection, name: str, cells: list[FuelCell]) -> None:
    """Create a table with one row per report and mass column, with its consumer and its fuel or delivery note."""
    structs = ", ".join(_mass_struct(place, cell) for place, cell in enumerate(cells, start=1))
    fields = ("consumer", "fuel_type", "bdn_number", "mass", "mass_column", "fuel_column", "bdn_column")
    empty = f"{{'place': 0, {', '.join(f'{field!r}: null::varchar' for field in fields)}}}"
    _create(
        con,
        name,
        f"""
        select file_row, cell.*, coalesce(cell.fuel_type not in {WITHOUT_A_TYPE}, cell.bdn_number is not null)
            as has_fuel_type
        from (select file_row, unnest([{structs or empty}]) as cell from ovd_cells) {"" if structs else "where false"}
    """,
    )


def _mass_struct(place: int, cell: FuelCell) -> str:
    """Return SQL for one mass of a report as a struct."""
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
    named = ", ".join(f"'{name}': {quoted(value)}" for name, value in columns.items())
    return (
        f"{{'place': {place}, 'consumer': {quoted(cell.consumer)}, 'fuel_type': {fuel}, 'bdn_number': {note}, "
        f"'mass': {key(cell.column)}, {named}}}"
    )
