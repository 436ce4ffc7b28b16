"""No artefact of a public release contains an identifier of the input.

Tests with an identifier planted in each kind of artefact prove first that the search detects it.
"""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from orchestration.core.clock import run_clock
from orchestration.core.settings import Settings
from orchestration.release.candidate import build_candidate
from orchestration.release.identifiers import NameSearch, input_identifiers
from tests.support.release_home import complete, fill_home, make_home

PLANTED = "SMPL-Grey Heron"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = make_home(tmp_path_factory.mktemp("names") / "home")
    fill_home(home)
    return home


@pytest.fixture(scope="module")
def public(settings: Settings) -> Path:
    clock = run_clock(settings)
    candidate = build_candidate(settings, clock, 10.0)
    complete(candidate, settings)
    return candidate.public


def in_a_row(path: Path) -> None:
    with duckdb.connect(path) as con:
        con.execute(f"update kpi.kpi_definitions set authority = 'by {PLANTED}.' where kpi_id = 'shore_power_use'")


def in_a_table_comment(path: Path) -> None:
    with duckdb.connect(path) as con:
        con.execute(f"comment on table kpi.kpi_values is 'from {PLANTED}'")


def in_a_column_comment(path: Path) -> None:
    with duckdb.connect(path) as con:
        con.execute(f"comment on column kpi.kpi_values.value is '{PLANTED}'")


def in_a_column_name(path: Path) -> None:
    with duckdb.connect(path) as con:
        con.execute(f'alter table kpi.kpi_values rename column boundary to "{PLANTED}"')


def in_parquet_values(path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"copy (select 1 as n, ['x', '{PLANTED}'] as list) to '{path}' (format parquet)")


def in_parquet_metadata(path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"copy (select 1 as n) to '{path}' (format parquet, kv_metadata {{note: '{PLANTED}'}})")


def in_a_csv_cell(path: Path) -> None:
    with path.open("a", newline="") as file:
        csv.writer(file).writerow([1, f"{PLANTED}, late"])


def in_a_sheet(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("kpis").write_string(3, 3, PLANTED)


def in_a_sheet_comment(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("kpis").write_comment(0, 0, f"ask {PLANTED}")


def in_workbook_properties(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"author": PLANTED})
        book.add_worksheet("kpis")


def in_a_json_value(path: Path) -> None:
    package = json.loads(path.read_text())
    package["resources"][0]["sources"] = [{"title": PLANTED}]
    path.write_text(json.dumps(package))


def in_a_json_key(path: Path) -> None:
    path.write_text(json.dumps({PLANTED: 1}))


def in_html_text(path: Path) -> None:
    path.write_text(path.read_text().replace("</main>", "<p>SMPL-Grey&#32;<b>Heron</b></p></main>"))


def in_an_html_attribute(path: Path) -> None:
    path.write_text(path.read_text().replace("</main>", f'<img alt="{PLANTED}"></main>'))


def in_an_html_comment(path: Path) -> None:
    path.write_text(path.read_text().replace("</main>", f"<!-- {PLANTED} --></main>"))


PLANTS: list[tuple[str, Callable[[Path], None]]] = [
    ("kpis.duckdb", in_a_row),
    ("kpis.duckdb", in_a_table_comment),
    ("kpis.duckdb", in_a_column_comment),
    ("kpis.duckdb", in_a_column_name),
    ("kpi/kpi_values.parquet", in_parquet_values),
    ("kpi/kpi_values.parquet", in_parquet_metadata),
    ("kpi/kpi_values.csv", in_a_csv_cell),
    ("kpis.xlsx", in_a_sheet),
    ("kpis.xlsx", in_a_sheet_comment),
    ("kpis.xlsx", in_workbook_properties),
    ("datapackage.json", in_a_json_value),
    ("datapackage.json", in_a_json_key),
    ("scorecard.html", in_html_text),
    ("scorecard.html", in_an_html_attribute),
    ("scorecard.html", in_an_html_comment),
    ("dictionary.html", in_html_text),
    ("method.html", in_html_text),
]


@pytest.mark.parametrize(("artefact", "plant"), PLANTS, ids=[plant.__name__ for _, plant in PLANTS])
def test_search_detects_a_planted_identifier(
    public: Path, tmp_path: Path, artefact: str, plant: Callable[[Path], None]
) -> None:
    copy = tmp_path / Path(artefact).name
    shutil.copy(public / artefact, copy)
    plant(copy)
    identifiers = frozenset({PLANTED.lower()})
    assert identifiers == {match.identifier for match in NameSearch(identifiers).search(copy)}


def test_input_identifiers_come_from_accepted_rows_and_corridor_tables(settings: Settings) -> None:
    assert input_identifiers(settings.lake) == {
        "smpl-partner",
        "smpl-partner of the test",
        "smpl-albatross",
        "smpl-lax1",
        "smpl-pelican pier",
        "3000009",
        "smpl-kestrel",
        "smpl-svc1",
        "smpl-v001e",
        "smpl-bdn-0001",
        "smpl-cert-01",
        "0123456789abcdef",
    }


def test_internal_file_contains_identifiers(public: Path, settings: Settings) -> None:
    internal = public.parent / "internal" / "warehouse.duckdb"
    matches = NameSearch(input_identifiers(settings.lake)).search(internal)
    assert {"smpl-albatross", "smpl-kestrel", "3000009"} <= {match.identifier for match in matches}


def test_no_public_artefact_contains_an_identifier(public: Path, settings: Settings) -> None:
    files = [path for path in public.rglob("*") if path.is_file()]
    assert len(files) == 24
    search = NameSearch(input_identifiers(settings.lake))
    assert [match for path in files for match in search.search(path)] == []


def test_searching_an_unsupported_kind_of_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("anything")
    with pytest.raises(ValueError, match="its kind of file is not supported"):
        NameSearch(frozenset({"smpl-x"})).search(tmp_path / "notes.txt")
