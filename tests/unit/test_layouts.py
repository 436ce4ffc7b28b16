"""A layout that is listed in the registry works everywhere, without an edit anywhere else."""

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli.commands import corridor
from orchestration.core.contract import Column
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.file_name import parse_name
from orchestration.submissions.formats.text_table import TextTable
from orchestration.submissions.layouts import registry
from orchestration.submissions.layouts.layout import Filing, Layout
from orchestration.submissions.pages.template import datasets_page
from tests.support.two_inboxes import intake, put, rows, two_inboxes


def from_tank_sheet(con: duckdb.DuckDBPyConnection, table: TextTable, filing: Filing) -> TextTable:
    """Turn kilograms of one fuel into rows of rob."""
    source = f"""
        select c0, c1, 'VLSFO' as c2, (try_cast(c2 as double) / 1000)::varchar as c3,
            row_number() over () + 1 as source_row, 4::bigint as source_cells
        from ({table.source})
    """
    return TextTable([column.name for column in CONTRACTS[filing.dataset].columns], source, numbered=True)


TANK_SHEET = Layout(
    "tank_sheet",
    "Invented tank sheet",
    datasets=("rob",),
    columns=tuple(Column(name, "text", "Invented.", "") for name in ("Ship", "Moment", "Kilograms")),
    convert=from_tank_sheet,
    note="Only VLSFO.",
)
CONTENT = "Ship,Moment,Kilograms\n3000013,2025-03-03T12:00:00Z,1450000\n"


@pytest.fixture(autouse=True)
def with_tank_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "INDUSTRY_LAYOUTS", (*registry.INDUSTRY_LAYOUTS, TANK_SHEET))


def test_a_registered_layout_is_recognised_by_file_name() -> None:
    (name,) = parse_name("tank_sheet_2025-03.xlsx.zip")
    assert (name.dataset, name.layout, name.problem) == ("rob", TANK_SHEET, None)


def test_a_registered_layout_is_accepted_by_corridor_check(tmp_path: Path) -> None:
    path = tmp_path / "tank_sheet_2025-03.csv"
    path.write_text(CONTENT, encoding="utf-8")
    result = CliRunner().invoke(corridor, ["check", str(path)])
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "tank_sheet_2025-03.csv: Accepted 1 row.")


def test_a_registered_layout_is_taken_in_from_an_inbox(tmp_path: Path) -> None:
    home = two_inboxes(tmp_path)
    put(home, "tank_sheet_2025-03.csv", CONTENT)
    assert [receipt.verdict for receipt in intake(home).receipts] == ["accepted"]
    assert rows(home, "imo_number, fuel_type::varchar, rob_t", "accepted/rob/*.parquet") == [("3000013", "VLSFO", 1450)]


def test_a_registered_layout_has_a_template() -> None:
    assert CliRunner().invoke(corridor, ["template", "tank_sheet"]).output == "Ship,Moment,Kilograms\n"


def test_a_registered_layout_is_described_to_partners() -> None:
    page = datasets_page(CONTRACTS.values())
    assert (
        "Invented tank sheet: name it <code>tank_sheet_&lt;period&gt;.csv</code>. It becomes rob. Only VLSFO." in page
    )
    listed = CliRunner().invoke(corridor, ["datasets"]).output
    assert "tank_sheet_<period>.csv (Invented tank sheet) becomes rob. Only VLSFO." in listed
