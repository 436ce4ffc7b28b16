"""The main job as its user sees it: what it prints, what it leaves, and when it publishes nothing."""

import csv
import json
from pathlib import Path

import duckdb

from orchestration.release.manifest import altered_artefacts
from orchestration.release.release_folder import ReleasesRoot
from tests.pipeline.conftest import Published, corridor, warm_corridor

ARTEFACTS = ("public/scorecard.html", "public/kpis.duckdb", "public/kpis.xlsx", "internal/warehouse.duckdb")
RESTATED = "published_values_are_not_restated"
WITHIN_S = 5.0


def snapshot(home: Path) -> dict[str, str]:
    """What readers see: where `current` points, and the hash of everything in it."""
    current = home / "releases" / "current"
    manifest: dict[str, dict[str, str]] = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    return {"current": str(current.readlink()), **manifest["artefacts"]}


def test_a_run_ends_with_the_newest_kpis_and_the_places_of_what_it_published(published: Published) -> None:
    assert "SAMPLE - Los Angeles - Long Beach - Shanghai: newest year" in published.first.out
    for heading in ("KPI", "period", "value", "unit", "interval", "coverage", "status"):
        assert heading in published.first.out
    assert "Corridor emissions intensity" in published.first.out
    for artefact in ARTEFACTS:
        place = published.home / "releases" / "current" / artefact
        assert str(place) in published.first.out
        assert place.is_file()
    assert altered_artefacts(ReleasesRoot(published.home / "releases").current) == []


def test_with_nothing_new_a_run_says_so_at_once_and_current_does_not_move(published: Published) -> None:
    before = snapshot(published.home)
    again = corridor(published.home, "run")
    assert (again.code, again.out.startswith("Nothing new")) == (0, True), again.err
    assert again.seconds <= WITHIN_S
    assert snapshot(published.home) == before


def test_a_dry_run_builds_and_audits_but_publishes_nothing(tiny: Published, tmp_path: Path) -> None:
    home = tiny.copy_to(tmp_path)
    before = snapshot(home)
    dry = warm_corridor(home, "run", "--dry-run", "--json")
    assert dry.code == 0, dry.err
    outcome = json.loads(dry.out)
    assert outcome["ended"] == "dry run"
    assert (Path(outcome["release"]) / "checks" / "gate.json").is_file()
    assert snapshot(home) == before


def file_again_with_twice_the_electricity(inbox: Path) -> None:
    path = inbox / "SMPL-ALBATROSS" / "terminal_energy_2024-Q2.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["energy_carrier"] == "electricity":
            row["quantity"] = str(2 * float(row["quantity"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_a_value_restated_by_a_third_waits_until_a_person_decides(tiny: Published, tmp_path: Path) -> None:
    home = tiny.copy_to(tmp_path)
    before = snapshot(home)
    file_again_with_twice_the_electricity(home / "inbox")

    refused = warm_corridor(home, "run")
    assert refused.code == 3, refused.err
    assert "The gate refused the candidate: 1 of" in refused.err
    assert "Cause: new since the last release: SMPL-ALBATROSS terminal_energy 2024-Q2." in refused.err
    assert f"corridor approve {RESTATED} --release 2026-02-28.2" in refused.err
    assert "Traceback" not in refused.err
    assert snapshot(home) == before
    assert [state["state"] for state in json.loads(corridor(home, "releases", "--json").out)] == ["current", "refused"]

    asked = ("approve", RESTATED, "--release", "2026-02-28.2", "--by", "Data desk", "--reason")
    assert "contains smpl-albatross" in corridor(home, *asked, "SMPL-ALBATROSS was right").err
    approved = corridor(home, *asked, "A meter had been left out")
    assert approved.code == 0, approved.err

    released = warm_corridor(home, "run")
    assert released.code == 0, released.err
    current = home / "releases" / "current"
    assert current.readlink().name == "2026-02-28.3"
    [approval] = json.loads((current / "manifest.json").read_text(encoding="utf-8"))["approvals"]
    assert (approval["check_name"], approval["by"]) == (RESTATED, "Data desk")
    with duckdb.connect(current / "public" / "kpis.duckdb", read_only=True) as con:
        verdicts = con.execute("select check_name from kpi.check_results where verdict = 'approved'").fetchall()
    assert verdicts == [(RESTATED,)]
    decision = "Approved by Data desk until 2026-03-30: A meter had been left out."
    for page in ("public/scorecard.html", "checks/index.html"):
        assert decision in (current / page).read_text(encoding="utf-8"), page

    told = corridor(home, "diff", "2026-02-28.1", "current")
    assert (told.code, "resubmission" in told.out) == (0, True), told.err
    withdrawn = corridor(home, "releases", "--withdraw", "2026-02-28.3", "--reason", "The meter was read twice")
    assert "2026-02-28.3 is withdrawn. Current: 2026-02-28.1." in withdrawn.out, withdrawn.err
    again = corridor(home, "run")
    assert again.out.startswith("Nothing new"), again.err
    message = "Release 2026-02-28.3 was made from the same inputs and was withdrawn: The meter was read twice."
    assert message in again.out
    assert snapshot(home) == before


def test_pages_read_again_by_the_same_parsers_say_the_same(published: Published, tmp_path: Path) -> None:
    home = published.copy_to(tmp_path)
    again = corridor(home, "run", "--reparse")
    assert (again.code, again.out.startswith("Nothing new")) == (0, True), again.err


def test_a_failing_dbt_test_stops_everything_behind_the_warehouse(tiny: Published, tmp_path: Path) -> None:
    home = tiny.copy_to(tmp_path)
    before = snapshot(home)
    [*_, filed] = sorted((home / "lake" / "accepted" / "terminal_energy").glob("*.parquet"))
    with duckdb.connect() as con:
        con.execute(f"create table filed as from '{filed}'")
        con.execute(f"copy (select * replace (-1 as quantity) from filed) to '{filed}'")
    refused = warm_corridor(home, "run", "--full-refresh")
    assert refused.code == 1, refused.err
    assert "The warehouse is not fit to publish; dbt reports:" in refused.err
    assert "int_current_terminal_energy_holds: rule quantity_is_not_negative" in refused.err
    assert "Traceback" not in refused.err
    assert "Candidate" not in refused.err
    assert snapshot(home) == before
