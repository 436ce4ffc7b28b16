"""A release has the same figures in every format, SAMPLE marks, and correct hashes."""

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from frictionless import Package
from lxml import html
from python_calamine import CalamineWorkbook

from orchestration.core.check_result import CheckResult
from orchestration.core.clock import run_clock
from orchestration.core.settings import Settings, load_settings
from orchestration.release import swap
from orchestration.release.candidate import build_candidate
from orchestration.release.disclosure.disclose import PUBLIC_TABLES
from orchestration.release.identifiers import values_of
from orchestration.release.manifest import altered_artefacts
from orchestration.release.release_folder import ReleaseFolder
from orchestration.release.retention import withdraw
from orchestration.release.table_digest import table_digest
from tests.support.release_home import CORRIDOR_ID, complete, fill_home, make_home

P = 12.3456789
READ_WITH_OLDEST_DUCKDB = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as con:
    print(duckdb.__version__, *con.execute(sys.argv[2]).fetchone())
"""
CHECKS = [
    CheckResult("values_are_finite", "kpi.kpi_values", "block", "passed", "0", "0", 0, "Every value is finite."),
    CheckResult("filed_in_time", "terminal_energy", "warn", "failed", "1", "0", 1, "SMPL-PARTNER is late."),
    CheckResult(
        "legs_chain", "voyage_legs", "warning", "failed", "1", "0", 1, "A gap.", "0123456789abcdef", "warehouse"
    ),
]

METHOD_SECTIONS = {
    *("units", "fuel", "voyages", "intensity", "cii", "berth", "terminals", "port-to-port"),
    *("progress", "trust", "disclosure", "plausibility", "kpis"),
}


def publish(settings: Settings) -> Path:
    """Publish a complete release and return its folder."""
    clock = run_clock(settings)
    candidate = build_candidate(settings, clock, P)
    complete(candidate, settings, CHECKS)
    return swap.publish(settings.releases, candidate.path)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = make_home(tmp_path_factory.mktemp("release") / "home")
    fill_home(home)
    return home


@pytest.fixture(scope="module")
def release(settings: Settings) -> Path:
    return publish(settings)


def query(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(file, read_only=True) as con:
        return con.execute(sql).fetchall()


def test_internal_file_has_marts_and_seeds_with_descriptions_and_restricted_mode(
    release: Path,
) -> None:
    internal = release / "internal" / "warehouse.duckdb"
    assert internal.stat().st_mode & 0o777 == 0o640
    schemas = query(internal, "select distinct schema_name from duckdb_tables() order by all")
    assert schemas == [("marts",), ("seeds",)]
    comment = query(
        internal, "select comment from duckdb_columns() where table_name = 'fct_kpi' and comment is not null"
    )
    assert comment == [("The figure, unrounded.",)]
    assert query(internal, "select published(66.6412341234567)") == [(66.64123412,)]


def test_every_public_table_has_the_same_rows_as_csv_parquet_and_sheet(release: Path) -> None:
    public = release / "public"
    book = CalamineWorkbook.from_path(str(public / "kpis.xlsx"))
    for table in PUBLIC_TABLES:
        ((count,),) = query(public / "kpis.duckdb", f"select count(*) from kpi.{table}")
        with (public / "kpi" / f"{table}.csv").open(newline="") as file:
            assert len(list(csv.reader(file))) == count + 1, table
        with duckdb.connect() as con:
            con.execute(f"attach '{public / 'kpis.duckdb'}' as kpis (read_only)")
            con.execute(f"create view parquet as from '{public / 'kpi' / table}.parquet'")
            assert table_digest(con, "parquet") == table_digest(con, f"kpis.kpi.{table}"), table
        # Calamine skips blank rows, but these tables have no blank row.
        assert len(book.get_sheet_by_name(table).to_python()) == count + 1, table


def test_database_files_have_the_oldest_storage_version(release: Path) -> None:
    # The storage version is in the header, after the checksum, the magic bytes and the flags.
    for file in (release / "internal" / "warehouse.duckdb", release / "public" / "kpis.duckdb"):
        assert int.from_bytes(file.read_bytes()[12:20], "little") == 64


def test_data_package_gives_type_and_description_of_every_column(release: Path) -> None:
    package = json.loads((release / "public" / "datapackage.json").read_text())
    assert package["profile"] == "tabular-data-package"
    assert [resource["title"] for resource in package["resources"]] == list(PUBLIC_TABLES)
    for resource in package["resources"]:
        with (release / "public" / resource["path"]).open(newline="") as file:
            heading = next(csv.reader(file))
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == heading
        assert all(field["type"] and field["description"] for field in fields)
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
    values = {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}
    assert (values["coverage"]["unit"], values["value"]["unit"]) == ("1", "as column unit")


def test_every_artefact_is_marked_as_sample(release: Path) -> None:
    files = [path for path in (release / "public").rglob("*") if path.is_file()]
    # An empty table as CSV has no row that could have the mark.
    unmarked = [path.name for path in files if not any("SAMPLE" in text for _, text in values_of(path))]
    assert unmarked == ["release_changes.csv"]
    assert query(release / "public" / "kpis.duckdb", "select distinct corridor_id from kpi.kpi_values") == [
        (CORRIDOR_ID,)
    ]


def test_method_page_has_every_section_and_no_broken_links(release: Path) -> None:
    page = html.parse(release / "public" / "method.html").getroot()
    anchors = {element.get("id") for element in page.iter() if element.get("id")}
    assert anchors >= METHOD_SECTIONS
    links = {link for _, _, link, _ in page.iterlinks()}
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= anchors
    assert {link for link in links if not link.startswith("#")} == {"scorecard.html", "dictionary.html"}


def test_wide_table_has_one_row_per_period_and_the_values_of_the_long_table(release: Path) -> None:
    file = release / "public" / "kpis.duckdb"
    assert query(file, "select period_grain, count(*) from kpi.kpi_latest group by all order by all") == [
        ("month", 24),
        ("quarter", 8),
        ("year", 2),
    ]
    sql = """
        select l.corridor_wtw_g_per_teu_km, v.value from kpi.kpi_latest as l
        inner join kpi.kpi_values as v using (period_grain, period_start)
        where v.kpi_id = 'corridor_wtw_g_per_teu_km' and v.dimension = 'corridor' and v.method_id = 'glec_v3_2'
            and v.period_grain = 'year' order by v.period_start
    """
    assert query(file, sql) == [(66.64123412, 66.64123412), (63.97558476, 63.97558476)]


def test_check_results_with_an_identifier_or_a_submission_are_not_published(release: Path) -> None:
    sql = "select check_name, verdict from kpi.check_results"
    assert query(release / "public" / "kpis.duckdb", sql) == [("values_are_finite", "passed")]


def test_disclosure_parameter_is_in_no_file_of_a_release(release: Path) -> None:
    for path in release.rglob("*"):
        if path.is_file():
            assert not any(str(P) in text for _, text in values_of(path)), path


def test_text_like_a_formula_is_escaped_in_csv_and_stays_text_in_the_workbook(
    settings: Settings, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(settings.home, home, ignore=shutil.ignore_patterns("releases"))
    with duckdb.connect(home / "warehouse" / "corridor.duckdb") as con:
        con.execute("update marts.dim_kpi set formula = '=1+1' where kpi_id = 'shore_power_use'")
    public = publish(load_settings(home)) / "public"
    assert "'=1+1" in (public / "kpi" / "kpi_definitions.csv").read_text()
    rows = CalamineWorkbook.from_path(str(public / "kpis.xlsx")).get_sheet_by_name("kpi_definitions").to_python()
    assert "=1+1" in {row[4] for row in rows}


def test_manifest_lists_inputs_and_detects_altered_artefacts(release: Path, tmp_path: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text())
    assert manifest["inputs"]["submissions"][0]["content_sha256"] == "aa11"
    assert manifest["inputs"]["vintages"][0]["content_sha256"] == "bb22"
    assert {"name": "check_results", "written": "after the verdict"} in manifest["tables"]
    assert altered_artefacts(ReleaseFolder(release)) == []
    copy = tmp_path / "release"
    shutil.copytree(release, copy)
    (copy / "public" / "scorecard.html").write_text("other")
    (copy / "public" / "kpi" / "releases.csv").unlink()
    assert altered_artefacts(ReleaseFolder(copy)) == ["public/kpi/releases.csv", "public/scorecard.html"]


def test_same_warehouse_gives_the_same_files_except_databases(
    settings: Settings, release: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(settings.home, home, ignore=shutil.ignore_patterns("releases"))
    again = publish(load_settings(home))
    first, second = (json.loads((folder / "manifest.json").read_text())["artefacts"] for folder in (release, again))
    assert {name for name in first if first[name] != second[name]} <= {
        "internal/warehouse.duckdb",
        "public/kpis.duckdb",
    }


def test_release_changes_show_no_figure_of_a_cell_that_is_suppressed_now(settings: Settings, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(settings.home, home, ignore=shutil.ignore_patterns("releases"))
    copy = load_settings(home)
    publish(copy)
    with duckdb.connect(copy.warehouse) as con:
        con.execute(
            """
            update marts.fct_kpi set value = 70.0
            where kpi_id = 'corridor_wtw_g_per_teu_km' and method_id = 'glec_v3_2' and dimension = 'corridor'
                and period_grain = 'year' and year(period_start) = 2025;
            delete from marts.fct_kpi_contributions
            where kpi_id = 'corridor_wtw_t' and method_id = 'glec_v3_2' and dimension = 'corridor'
                and period_grain = 'year' and year(period_start) = 2024;
            delete from marts.fct_kpi
            where kpi_id = 'port_to_port_berth_kg_per_teu' and dimension = 'corridor'
                and period_grain = 'year' and year(period_start) = 2024;
            """
        )
    file = publish(copy) / "public" / "kpis.duckdb"
    sql = "select kpi_id, change, old_value, new_value, difference from kpi.release_changes order by all"
    assert query(file, sql) == [
        ("corridor_wtw_g_per_teu_km", "changed", 63.97558476, 70.0, 6.02441524),
        *[("corridor_wtw_t", "suppressed", None, None, None)] * 3,
        ("port_to_port_berth_kg_per_teu", "withdrawn", 62.34567891, None, None),
    ]
    assert query(file, "select release_id from kpi.releases") == [("2026-02-28.1",), ("2026-02-28.2",)]
    withdraw(copy.releases, "2026-02-28.2", "A figure was typed in", run_clock(copy).now)
    file = publish(copy) / "public" / "kpis.duckdb"
    assert query(file, "select release_id, withdrawal_reason, withdrawn_at is null from kpi.releases") == [
        ("2026-02-28.1", None, True),
        ("2026-02-28.2", "A figure was typed in", False),
        ("2026-02-28.3", None, True),
    ]


def test_data_package_is_valid_and_gives_the_unit_of_every_quantity(release: Path) -> None:
    package = Package(source=str(release / "public" / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["type", "note"])
    fields = [field for resource in package.resources for field in resource.schema.fields]
    assert [field.name for field in fields if not field.description] == []
    without_unit = {"formula_version", "display_order"}
    numbers = [field for field in fields if field.type in ("number", "integer") and field.name not in without_unit]
    assert [field.name for field in numbers if "unit" not in field.custom] == []


@pytest.mark.parametrize("file", ["public/kpis.duckdb", "internal/warehouse.duckdb"])
def test_oldest_supported_duckdb_reads_the_same_values_from_both_files(release: Path, file: str) -> None:
    oldest = Path(sys.prefix) / "duckdb-oldest"
    assert oldest.is_dir(), "DuckDB 1.1 is missing; `make test` installs it"
    schema, table = ("kpi", "kpi_values") if "kpis" in file else ("marts", "fct_kpi")
    sql = f"select count(*), count(value), sum(value) from {schema}.{table}"
    completed = subprocess.run(
        [sys.executable, "-c", READ_WITH_OLDEST_DUCKDB, str(release / file), sql],
        env={"PYTHONPATH": str(oldest)},
        capture_output=True,
        text=True,
    )
    assert completed.stdout.split() == ["1.1.3", *map(str, query(release / file, sql)[0])], completed.stderr


def test_release_without_publishable_figures_has_every_page(tmp_path: Path) -> None:
    public = publish(make_home(tmp_path / "home")) / "public"
    assert "There is no figure yet." in (public / "scorecard.html").read_text()
    assert (public / "kpi" / "kpi_values.csv").read_text().startswith("kpi_id,corridor_id,")
