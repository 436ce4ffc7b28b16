"""Templates and pages made from contracts, read as a partner's spreadsheet or browser reads them."""

import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.layouts.layout import own_layout
from orchestration.submissions.pages.template import csv_template, datasets_page, described, write_xlsx_template
from tests.support.assessed import assessed


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_workbook_template_has_columns_their_description_and_an_example(dataset: str, tmp_path: Path) -> None:
    contract = CONTRACTS[dataset]
    period = {"vessel_annual": "2025", "cargo_contracts": "2025"}.get(dataset, "2025-03")
    path = tmp_path / f"{dataset}_{period}.xlsx"
    write_xlsx_template(own_layout(contract), path)
    with CalamineWorkbook.from_path(path) as book:
        assert book.sheet_names == [dataset, "columns", "example"]
        assert book.get_sheet_by_index(0).to_python() == [[column.name for column in contract.columns]]
        assert [row[0] for row in book.get_sheet_by_index(1).to_python()[1:]] == [c.name for c in contract.columns]
        assert book.get_sheet_by_index(2).to_python()[1] == [column.example for column in contract.columns]
    receipt = assessed(path)
    assert (receipt.verdict, [finding["rule"] for finding in receipt.findings]) == (
        "accepted_with_warnings", ["file_has_rows"],
    )  # fmt: skip


def test_workbook_template_checks_cells_while_they_are_typed(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_xlsx_template(own_layout(CONTRACTS["fuel_consumption"]), path)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<formula1>"sea,manoeuvring,anchorage,berth"</formula1>' in sheet
    assert 'type="decimal" operator="greaterThanOrEqual"' in sheet


def test_time_typed_into_a_workbook_template_stays_text(tmp_path: Path) -> None:
    """The column and its prompt as Excel reads them, then a row as Excel saves what was typed into text cells."""
    template, filled = tmp_path / "template.xlsx", tmp_path / "rob_2025-03.xlsx"
    write_xlsx_template(own_layout(CONTRACTS["rob"]), template)
    with zipfile.ZipFile(template) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet, formats = parts["xl/worksheets/sheet1.xml"], parts["xl/styles.xml"].partition("<cellXfs")[2]
    styles = re.findall(r'<col [^>]*?(?:style="(\d+)")? customWidth', sheet)
    numbers = re.findall(r'<xf numFmtId="(\d+)"', formats)
    assert [numbers[int(style or 0)] for style in styles] == ["49", "49", "49", "0"]
    assert "When the tanks were measured. For example 2025-03-01T14:30:00Z" in sheet
    typed = [
        f'<c r="{place}2" t="inlineStr" s="{style}"><is><t>{text}</t></is></c>'
        for place, style, text in zip("ABC", styles, ["3000013", "2025-03-02T14:30:00Z", "VLSFO"], strict=False)
    ]
    row = f'<row r="2">{"".join(typed)}<c r="D2"><v>1450.25</v></c></row>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", f"{row}</sheetData>")
    with zipfile.ZipFile(filled, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert (assessed(filled).verdict, assessed(filled).rows_accepted) == ("accepted", 1)


def test_every_quantity_is_described_with_its_unit() -> None:
    rows = {row[0]: row[2] for contract in CONTRACTS.values() for row in described(contract.columns)}
    assert (rows["mass_t"], rows["sailed_distance_nm"], rows["shore_power_kwh"]) == ("tonnes", "nautical miles", "kWh")
    assert rows["certified_wtw_g_per_mj"] == "g CO2e per MJ"


def test_datasets_page_lists_every_column() -> None:
    page = datasets_page(CONTRACTS.values())
    assert "<code>ovd_bunker_report_&lt;period&gt;.csv</code>. It becomes bunker_deliveries." in page
    for contract in CONTRACTS.values():
        assert f'<h2 id="{contract.dataset}">' in page
        assert all(f"<td>{column.name}</td>" in page for column in contract.columns)


@pytest.mark.parametrize("dataset", CONTRACTS)
@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_example_row_is_refused_in_every_format(dataset: str, extension: str, tmp_path: Path) -> None:
    """A spreadsheet turns text into numbers and dates, but the row is still the example."""
    contract = CONTRACTS[dataset]
    period = {"vessel_annual": "2025", "cargo_contracts": "2025"}.get(dataset, "2025-03")
    path = tmp_path / f"{dataset}_{period}.{extension}"
    if extension == "csv":
        path.write_text(csv_template(own_layout(contract)), encoding="utf-8")
    elif extension == "json":
        path.write_text(json.dumps([{column.name: column.example for column in contract.columns}]), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(path, {"strings_to_numbers": True, "default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet()
            for place, column in enumerate(contract.columns):
                sheet.write_string(0, place, column.name)
                if column.example and column.type in ("month", "date"):
                    sheet.write_datetime(1, place, date.fromisoformat(f"{column.example}-01"[:10]))
                else:
                    sheet.write(1, place, column.example)
    receipt = assessed(path)
    assert (receipt.verdict, [finding["rule"] for finding in receipt.findings]) == (
        "refused", ["row_is_not_the_example"],
    )  # fmt: skip
