"""`corridor diff` and `corridor reproduce` on two releases of a small home.

Between the releases SMPL-FATHOM files its second quarter late, SMPL-ESTRELA corrects a fuel report, and a well-to-tank
factor is raised. All happens on the day of the first release, so that only ids show which inputs it used.
"""

import gzip
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.compare.diff import compare
from orchestration.core.clock import run_clock
from orchestration.core.code_version import code_version
from orchestration.core.errors import CorridorError
from orchestration.core.lake import Lake
from orchestration.core.query import Record
from orchestration.core.settings import DBT_PROJECT_DIR, Settings, load_settings
from orchestration.release import swap
from orchestration.release.candidate import build_candidate
from orchestration.sample.home import write_home
from orchestration.submissions.inboxes.partner_folders import open_partner_folders
from orchestration.submissions.intake import take_in
from orchestration.throughput.fetch import fetch_sources
from orchestration.warehouse.dbt_command import run_dbt
from tests.pipeline.conftest import corridor
from tests.support.release_home import complete

LATE = ("voyage_legs_2024-Q2.csv.gz", "fuel_consumption_2024-Q2.csv.gz")
CAUSES = ["factor edition", "resubmission", "new submission"]


@dataclass(frozen=True)
class TwoReleases:
    """A home with the releases 2026-02-28.1 and 2026-02-28.2, and the comparison of both."""

    settings: Settings
    diff: Record


def release(settings: Settings, project_dir: Path) -> None:
    """Publish a release as a run does, without the dbt tests and the gate."""
    clock = run_clock(settings)
    take_in(settings, clock, open_partner_folders(settings))
    fetch_sources(settings, clock)
    Lake(settings.lake).write_corridor(settings, clock, code_version())
    tests = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    results = run_dbt(settings, ["build", *tests], project_dir)
    assert {result.status for result in results} == {"success", "no-op"}
    candidate = build_candidate(settings, clock, settings.disclosure_p)
    complete(candidate, settings, code=code_version())
    swap.publish(settings.releases, candidate.path)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> TwoReleases:
    folder = tmp_path_factory.mktemp("two")
    home, project = folder / "home", folder / "dbt_project"
    write_home(home, "tiny", 1)
    shutil.copytree(DBT_PROJECT_DIR, project, ignore=shutil.ignore_patterns("target", "logs"))
    late = home / "inbox" / "SMPL-FATHOM"
    late_files = {name: (late / name).read_bytes() for name in LATE}
    for name in LATE:
        (late / name).unlink()
    settings = load_settings(home)
    release(settings, project)

    for name, content in late_files.items():
        (late / name).write_bytes(content)
    filed = home / "inbox" / "SMPL-ESTRELA" / "fuel_consumption_2024-Q1.csv.gz"
    lines = gzip.decompress(filed.read_bytes()).decode().splitlines()
    cells = lines[1].split(",")
    cells[-2] = str(float(cells[-2]) + 200)
    corrected = "\n".join([lines[0], ",".join(cells), *lines[2:], ""])
    filed.with_name("fuel_consumption_2024-Q1_corrected.csv").write_text(corrected)
    factors = project / "seeds" / "factors" / "glec_v3_2_fuels.csv"
    factors.write_text(factors.read_text().replace("0.0402,16.8,3.114", "0.0402,17.0,3.114"))
    release(settings, project)
    return TwoReleases(settings, compare(settings, "2026-02-28.1", "current", lambda message: None, project))


def test_parts_of_every_figure_add_up_to_its_difference(two: TwoReleases) -> None:
    with_parts = [change for change in two.diff["changes"] if change["parts"]]
    assert len(with_parts) > 300
    for change in with_parts:
        assert change["difference"] == pytest.approx(change["new_value"] - change["old_value"], rel=1e-8)
        bound = 1e-9 * max(abs(change["old_value"]), abs(change["new_value"]))
        assert abs(sum(change["parts"].values()) - change["difference"]) <= bound, change
        assert set(change["parts"]) == set(change["causes"])
    changed = [change for change in two.diff["changes"] if change["change"] == "changed"]
    assert [change for change in changed if not change["parts"] and change["old_status"] == change["new_status"]] == []


def test_each_cause_lists_its_inputs_and_only_stages_between_are_computed(two: TwoReleases) -> None:
    causes = {cause["cause"]: cause for cause in two.diff["causes"]}
    assert [cause for cause in causes if cause != "disclosure"] == CAUSES
    assert two.diff["computed_anew"] == 2
    assert causes["factor edition"]["what"] == ["glec_v3_2_fuels"]
    assert [text.rpartition(" ")[0] for text in causes["resubmission"]["what"]] == [
        "SMPL-ESTRELA fuel_consumption 2024-Q1"
    ]
    assert [text.rpartition(" ")[0] for text in causes["new submission"]["what"]] == [
        "SMPL-FATHOM fuel_consumption 2024-Q2",
        "SMPL-FATHOM voyage_legs 2024-Q2",
    ]
    assert all(causes[cause]["figures_with_part"] > 0 for cause in CAUSES)
    [emissions] = [c for c in two.diff["changes"] if c["is_headline"] and c["kpi_id"] == "corridor_wtw_t"]
    assert emissions["parts"]["factor edition"] > 0
    assert emissions["parts"]["new submission"] > emissions["parts"]["factor edition"]


def test_figure_suppressed_in_one_release_has_no_difference(two: TwoReleases) -> None:
    suppressed = [
        change for change in two.diff["changes"] if "suppressed" in (change["old_status"], change["new_status"])
    ]
    assert suppressed
    for change in suppressed:
        assert change["parts"] == {}
        assert change["causes"]
        assert change["difference"] is None
        if change["new_status"] == "suppressed":
            assert (change["old_value"], change["new_value"]) == (None, None)


def test_older_release_is_reproduced_from_its_recorded_inputs(two: TwoReleases) -> None:
    again = corridor(two.settings.home, "reproduce", "2026-02-28.1", "--json")
    assert again.code == 0, again.err
    record = json.loads(again.out)
    assert (record["equal"], record["differences"], record["altered"]) == (True, [], [])
    assert record["values_compared"] > 20_000


def test_error_names_the_missing_input_manifest_entry_or_release(two: TwoReleases, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(two.settings.home, home, symlinks=True, ignore=shutil.ignore_patterns("warehouse"))
    first = home / "releases" / "2026-02-28.1" / "manifest.json"
    manifest = json.loads(first.read_text())
    filed = next(s for s in manifest["inputs"]["submissions"] if s["dataset"] == "voyage_legs")
    lost = Lake(home / "lake").accepted_path("voyage_legs", filed["submission_id"])
    lost.unlink()
    refused = corridor(home, "reproduce", "2026-02-28.1")
    assert refused.code == 1
    assert f"voyage_legs {filed['period']} ({filed['submission_id']}): expected {lost}" in refused.err
    del manifest["config"]
    first.write_text(json.dumps(manifest))
    with pytest.raises(CorridorError, match="does not record all inputs"):
        compare(load_settings(home), "2026-02-28.1", "current", lambda message: None)
    with pytest.raises(CorridorError, match=r"Choose one of current, 2026-02-28\.1, 2026-02-28\.2"):
        compare(load_settings(home), "2026-02-27.1", "current", lambda message: None)
