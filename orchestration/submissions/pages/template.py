"""Templates that partners fill in, and the page of all datasets. Both are made from contracts and layouts.

Belongs here: templates as CSV and xlsx, and the page. Does not belong here: any rule.
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from orchestration.core.contract import EXPECTED, Column, Contract
from orchestration.core.pages import render
from orchestration.submissions.formats.xlsx_file import HELP_SHEETS
from orchestration.submissions.layouts.layout import Layout
from orchestration.submissions.layouts.registry import industry_layouts, industry_layouts_of

# The number of rows whose cells a spreadsheet checks while they are typed.
CHECKED_ROWS = 5000

# Excel's number for the text format, in which a time such as 2025-03-01T14:30:00Z stays as it is typed.
TEXT_FORMAT = 49

# The lengths that a spreadsheet allows for messages about a cell, and for a list of values.
_MAX_TITLE, _MAX_PROMPT, _MAX_LIST = 32, 255, 255


def csv_template(layout: Layout) -> str:
    """Return the heading and an example row, if the layout has examples."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([column.name for column in layout.columns])
    if any(column.example for column in layout.columns):
        rows.writerow([column.example for column in layout.columns])
    return text.getvalue()


def write_xlsx_template(layout: Layout, path: Path) -> None:
    """Write a workbook with a sheet to fill in, a sheet that explains the columns, and a sheet with an example.

    The cells of the first sheet are checked while they are typed. Only this sheet is read when the workbook is filed.
    """
    import xlsxwriter

    # The file is opened here because the library raises an exception of its own if the path cannot be written.
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
        sheet = book.add_worksheet(layout.name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(layout.columns):
            is_text = column.type not in ("number", "integer")
            sheet.set_column(place, place, max(12, len(column.name) + 2), as_text if is_text else None)
            sheet.write_string(0, place, column.name, needed if column.must_be_filled else optional)
            sheet.data_validation(1, place, CHECKED_ROWS, place, _validation(column))
        columns, example = (book.add_worksheet(name) for name in HELP_SHEETS)
        for row, cells in enumerate([HEADINGS, *described(layout.columns)]):
            columns.write_row(row, 0, cells, needed if row == 0 else wrapped)
        for place, width in enumerate((30, 10, 22, 60, 50, 26)):
            columns.set_column(place, place, width)
        example.write_row(0, 0, [column.name for column in layout.columns], needed)
        for place, column in enumerate(layout.columns):
            example.set_column(place, place, max(12, len(column.name) + 2))
            example.write_string(1, place, column.example)


HEADINGS = ["column", "filled", "unit", "meaning", "allowed values", "example"]


def described(columns: Iterable[Column]) -> list[list[str]]:
    """Describe columns: name, whether every row needs it, unit, meaning, allowed values, example."""
    return [
        [c.name, "always" if c.must_be_filled else "if known", c.unit, c.description, _allowed_values(c), c.example]
        for c in columns
    ]


def datasets_page(contracts: Iterable[Contract]) -> str:
    """Return a page in HTML with every dataset: its columns, its rules and the checks that need other files."""
    return render(
        "submissions/pages/datasets.html.j2",
        sample=False,
        contracts=list(contracts),
        described=described,
        headings=HEADINGS,
        layouts=industry_layouts(),
        layouts_of=industry_layouts_of,
    )


def _allowed_values(column: Column) -> str:
    if column.allowed:
        return ", ".join(column.allowed)
    bounds = [
        f"{words} {bound:g}"
        for words, bound in (("at least", column.minimum), ("at most", column.maximum))
        if bound is not None
    ]
    return ", ".join([EXPECTED[column.type], *bounds])


def _validation(column: Column) -> dict[str, Any]:
    """Return how a spreadsheet checks the column while it is typed. The check of the file is stricter."""
    title = column.name[:_MAX_TITLE]
    example = f" For example {column.example}" if column.example else ""
    prompt = {"input_title": title, "input_message": f"{column.description}{example}"[:_MAX_PROMPT]}
    error = {"error_title": title, "error_message": f"Expected: {_allowed_values(column)}."[:_MAX_PROMPT]}
    if column.allowed and len(",".join(column.allowed)) <= _MAX_LIST:
        return {"validate": "list", "source": list(column.allowed), **prompt, **error}
    if column.type in ("number", "integer"):
        least, most = column.minimum, column.maximum
        bounds = {"criteria": ">=", "value": -1e15 if least is None else least}
        if most is not None:
            bounds = {"criteria": "between", "minimum": -1e15 if least is None else least, "maximum": most}
        return {"validate": "integer" if column.type == "integer" else "decimal", **bounds, **prompt, **error}
    return {"validate": "any", **prompt}
