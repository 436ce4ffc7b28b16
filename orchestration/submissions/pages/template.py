"""What a partner fills in, and the page that explains it: made from the contract, so that they cannot disagree.

Belongs here: templates as CSV and xlsx, the page of all datasets. Does not belong here: any rule.
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from orchestration.core.contract import EXPECTED, Column, Contract
from orchestration.core.pages import render
from orchestration.submissions.formats.ovd_columns import OVD_DATASETS
from orchestration.submissions.formats.xlsx_file import SHEETS_BESIDE

# Rows of a template whose cells are checked as they are typed.
CHECKED_ROWS = 5000

# Excel's own number for cells in which what is typed stays as it is, a moment with its Z above all.
TEXT_FORMAT = 49

# What a spreadsheet may say beside a cell.
_MAX_TITLE, _MAX_PROMPT, _MAX_LIST = 32, 255, 255


def csv_template(contract: Contract) -> str:
    """The heading and one example row."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerows([[c.name for c in contract.columns], [c.example for c in contract.columns]])
    return text.getvalue()


def write_xlsx_template(contract: Contract, path: Path) -> None:
    """A workbook: an empty sheet to fill in, checked while typing; what each column means; an example row.

    Only the first sheet is read when the workbook is filed.
    """
    import xlsxwriter

    # Opened here, because the library has an exception of its own for a path that cannot be written.
    with (
        path.open("wb") as file,
        xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book,
    ):
        needed = book.add_format({"bold": True, "bg_color": "#DDE8F0", "bottom": 1})
        optional = book.add_format({"bg_color": "#F2F2F2", "bottom": 1})
        as_text, wrapped = (
            book.add_format({"num_format": TEXT_FORMAT}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        sheet = book.add_worksheet(contract.dataset)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(contract.columns):
            is_text = column.type not in ("number", "integer")
            sheet.set_column(place, place, max(12, len(column.name) + 2), as_text if is_text else None)
            sheet.write_string(0, place, column.name, needed if column.must_be_filled else optional)
            sheet.data_validation(1, place, CHECKED_ROWS, place, _validation(column))
        columns, example = (book.add_worksheet(name) for name in SHEETS_BESIDE)
        for row, cells in enumerate([HEADINGS, *described(contract)]):
            columns.write_row(row, 0, cells, needed if row == 0 else wrapped)
        for place, width in enumerate((30, 10, 22, 60, 50, 26)):
            columns.set_column(place, place, width)
        example.write_row(0, 0, [column.name for column in contract.columns], needed)
        for place, column in enumerate(contract.columns):
            example.set_column(place, place, max(12, len(column.name) + 2))
            example.write_string(1, place, column.example)


HEADINGS = ["column", "filled", "unit", "meaning", "what may stand in it", "example"]


def described(contract: Contract) -> list[list[str]]:
    """Of each column: name, whether every row needs it, unit, meaning, what may stand in it, example."""
    return [
        [c.name, "always" if c.must_be_filled else "if known", c.unit, c.description, _bounds(c), c.example]
        for c in contract.columns
    ]


def datasets_page(contracts: Iterable[Contract]) -> str:
    """HTML: every dataset with its columns, its rules and what is checked later."""
    return render(
        "submissions/pages/datasets.html.j2",
        sample=False,
        contracts=list(contracts),
        described=described,
        headings=HEADINGS,
        ovd_datasets=OVD_DATASETS,
    )


def _bounds(column: Column) -> str:
    if column.allowed:
        return ", ".join(column.allowed)
    bounds = [
        f"{words} {bound:g}"
        for words, bound in (("at least", column.minimum), ("at most", column.maximum))
        if bound is not None
    ]
    return ", ".join([EXPECTED[column.type], *bounds])


def _validation(column: Column) -> dict[str, Any]:
    """How a spreadsheet checks the column as it is typed; the judge alone has the last word."""
    such_as = f" For example {column.example}" if column.example else ""
    said = f"{column.description}{such_as}"[:_MAX_PROMPT]
    prompt = {"input_title": column.name[:_MAX_TITLE], "input_message": said}
    told = {"error_title": column.name[:_MAX_TITLE], "error_message": f"Expected: {_bounds(column)}."[:_MAX_PROMPT]}
    if column.allowed and len(",".join(column.allowed)) <= _MAX_LIST:
        return {"validate": "list", "source": list(column.allowed), **prompt, **told}
    if column.type in ("number", "integer"):
        least, most = column.minimum, column.maximum
        bounds = {"criteria": ">=", "value": -1e15 if least is None else least}
        if most is not None:
            bounds = {"criteria": "between", "minimum": -1e15 if least is None else least, "maximum": most}
        return {"validate": "integer" if column.type == "integer" else "decimal", **bounds, **prompt, **told}
    return {"validate": "any", **prompt}
