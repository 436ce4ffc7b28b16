"""The public tables as Parquet, CSV and a workbook, written from the public KPI file alone.

Belongs here: the file formats of the tables, and the order in which artefacts are written.
Does not belong here: what may be published (`disclosure/`), or the pages (`scorecard/`, dictionary, method_page).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.core.query import ONE_THREAD, quoted
from orchestration.release.dictionary import (
    PublicTable,
    ReleaseCard,
    public_tables,
    release_card,
    write_datapackage,
    write_dictionary,
)
from orchestration.release.method_page import write_method
from orchestration.release.release_folder import ReleaseFolder
from orchestration.release.scorecard.page import write_scorecard

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

# A spreadsheet would run text that begins with one of these as a formula.
FORMULA_START = r"^[=+\-@\t\r]"


def export_release(release: ReleaseFolder) -> Iterator[Path]:
    """Write every public artefact except the KPI file, and yield each once it is written.

    Args:
        release: A candidate whose decision is recorded.
    """
    with duckdb.connect(release.kpis, read_only=True, config=ONE_THREAD) as con:
        card = release_card(con)
        tables = public_tables(con)
        release.tables.mkdir(exist_ok=True)
        for table in tables:
            yield _write_parquet(con, table, card, release.tables / f"{table.name}.parquet")
            yield _write_csv(con, table, release.tables / f"{table.name}.csv")
        # The gate searches each artefact while the next one is written, so the slowest to search comes first.
        yield _write_workbook(con, tables, card, release.workbook)
        yield write_datapackage(con, release.public)
        yield write_dictionary(con, release.dictionary)
        yield write_method(card, release.method)
        yield write_scorecard(con, release.scorecard)


def _write_parquet(con: duckdb.DuckDBPyConnection, table: PublicTable, card: ReleaseCard, path: Path) -> Path:
    properties = {"title": card.title, "release_id": card.release_id, "sample": str(card.sample).lower()}
    metadata = ", ".join(f"{key}: {quoted(value)}" for key, value in properties.items())
    con.execute(f"copy kpi.{table.name} to {quoted(path)} (format parquet, kv_metadata {{{metadata}}})")
    return path


def _write_csv(con: duckdb.DuckDBPyConnection, table: PublicTable, path: Path) -> Path:
    columns = ", ".join(_csv_column(column.name, column.type) for column in table.columns)
    con.execute(
        f"copy (select {columns} from kpi.{table.name}) to {quoted(path)} "
        "(format csv, header, timestampformat '%Y-%m-%dT%H:%M:%SZ')"
    )
    return path


def _csv_column(name: str, kind: str) -> str:
    if kind != "VARCHAR":
        return f'"{name}"'
    return f'''if(regexp_matches("{name}", '{FORMULA_START}'), chr(39) || "{name}", "{name}") as "{name}"'''


def _write_workbook(
    con: duckdb.DuckDBPyConnection, tables: Iterable[PublicTable], card: ReleaseCard, path: Path
) -> Path:
    # Imported here because most commands write no workbook.
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties(
            {"title": card.title, "subject": card.release_id, "created": datetime.fromisoformat(card.published_at)}
        )
        head = book.add_format({"bold": True, "bg_color": "#dfe9ef", "text_wrap": True, "valign": "top"})
        _write_cover(book, tables, card, head)
        for table in tables:
            rows = con.execute(f"from kpi.{table.name}").fetchall()
            _write_sheet(book, table, rows, head)
    return path


def _write_cover(book: "Workbook", tables: Iterable[PublicTable], card: ReleaseCard, head: "Format") -> None:
    title = book.add_format({"bold": True, "font_size": 16})
    sheet = book.add_worksheet("SAMPLE" if card.sample else "About")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, card.title, title)
    facts = [
        ("What it is", "Key performance indicators of the corridor: the public tables, one per sheet."),
        ("Release", card.release_id),
        ("As of", card.as_of),
        ("Contact", card.contact or ""),
        ("Blank cells", "Unknown or not publishable, never zero; the column status of kpi_values says which."),
    ]
    if card.sample:
        facts.insert(0, ("SAMPLE", "Partners, ships and voyages are fictional. Do not use these figures."))
    for row, (name, text) in enumerate(facts, start=2):
        sheet.write_string(row, 0, name, head)
        sheet.write_string(row, 1, text)
    for row, table in enumerate(tables, start=len(facts) + 3):
        sheet.write_string(row, 0, table.name)
        sheet.write_string(row, 1, table.meaning)


def _write_sheet(book: "Workbook", table: PublicTable, rows: list[tuple[Any, ...]], head: "Format") -> None:
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for number, column in enumerate(table.columns):
        sheet.write_string(0, number, column.name, head)
        sheet.write_comment(0, number, column.meaning + (f" [{column.unit}]" if column.unit else ""))
        number_format = {"DATE": day, "TIMESTAMP": moment}.get(column.type)
        sheet.set_column(number, number, max(12, min(40, len(column.name) + 2)))
        write = {"VARCHAR": sheet.write_string, "DATE": sheet.write_datetime, "TIMESTAMP": sheet.write_datetime}.get(
            column.type, sheet.write_boolean if column.type == "BOOLEAN" else sheet.write_number
        )
        for row, values in enumerate(rows, start=1):
            if values[number] is not None:
                write(row, number, values[number], number_format)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(table.columns) - 1)
