"""The sample home: the committed files are those that the code makes, and data/README.md describes them."""

import gzip
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from orchestration.core.errors import CorridorError
from orchestration.core.settings import PROJECT_ROOT, load_settings
from orchestration.sample.editing import read_rows
from orchestration.sample.fault import Fault, faults_table
from orchestration.sample.home import write_home
from orchestration.sample.network import PARTNERS, TERMINALS
from orchestration.sample.sailing import imo_number
from orchestration.submissions.contracts.registry import CONTRACTS

DATA = PROJECT_ROOT / "data"
Made = tuple[Path, list[Fault]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    home = tmp_path_factory.mktemp("full")
    return home, write_home(home, 1, 1)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("tiny")
    write_home(home, "tiny", 1)
    return home


def contents(home: Path) -> dict[str, bytes]:
    """Return bytes by path in the home, decompressed, because zlib versions compress differently."""
    paths = [home / "corridor.toml", *sorted(path for path in (home / "inbox").rglob("*") if path.is_file())]
    return {
        path.relative_to(home).as_posix(): gzip.decompress(path.read_bytes())
        if path.suffix == ".gz"
        else path.read_bytes()
        for path in paths
    }


def filed(home: Path, dataset: str) -> list[dict[str, str]]:
    return [row for path in sorted((home / "inbox").glob(f"*/{dataset}_*")) for row in read_rows(path)]


def test_committed_home_equals_scale_1_and_seed_1(made: Made) -> None:
    expected, committed = contents(made[0]), contents(DATA)
    assert committed.keys() == expected.keys()
    assert [name for name in expected if committed[name] != expected[name]] == []


def test_readme_lists_every_planted_fault(made: Made) -> None:
    assert faults_table(made[1]) in (DATA / "README.md").read_text(encoding="utf-8")


def test_same_seed_makes_the_same_bytes_and_another_seed_does_not(tiny: Path, tmp_path: Path) -> None:
    write_home(tmp_path / "same", "tiny", 1)
    write_home(tmp_path / "other", "tiny", 2)
    files = [path.relative_to(tiny) for path in tiny.rglob("*") if path.is_file()]
    assert [path for path in files if (tmp_path / "same" / path).read_bytes() != (tiny / path).read_bytes()] == []
    assert contents(tiny) != contents(tmp_path / "other")


def test_committed_inbox_keeps_its_limits() -> None:
    files = [path for path in (DATA / "inbox").rglob("*") if path.is_file()]
    assert len(files) <= 300
    assert sum(path.stat().st_size for path in files) <= 4_000_000
    assert 28_000 <= len(filed(DATA, "fuel_consumption")) <= 35_000


def test_every_file_has_the_columns_of_its_contract() -> None:
    for path in (DATA / "inbox").rglob("*.csv*"):
        dataset = next(name for name in CONTRACTS if path.name.startswith(f"{name}_"))
        assert list(next(read_rows(path))) == list(CONTRACTS[dataset].by_name), path


def test_imo_numbers_are_unissued_and_have_valid_check_digits() -> None:
    assert imo_number(1) == "3000013"
    numbers = {row["imo_number"] for row in filed(DATA, "vessels")}
    assert len(numbers) == 55
    for number in numbers:
        assert number.startswith("3") and len(number) == 7
        assert sum(int(digit) * (7 - i) for i, digit in enumerate(number[:6])) % 10 == int(number[6])


def test_fictional_names_start_with_smpl() -> None:
    names = [p.id for p in PARTNERS] + [p.holding for p in PARTNERS] + [t.code for t in TERMINALS]
    for dataset, column in (
        ("vessels", "vessel_name"),
        ("voyage_legs", "voyage_number"),
        ("voyage_legs", "service_code"),
        ("bunker_deliveries", "bdn_number"),
        ("port_calls", "terminal_code"),
    ):
        names += [row[column] for row in filed(DATA, dataset)]
    assert [name for name in names if not name.startswith("SMPL-")] == []


def test_legs_form_one_chain_per_ship_except_for_the_two_listed_faults() -> None:
    superseded = DATA / "inbox" / "SMPL-AURORA" / "voyage_legs_2024-03.csv"
    ships = defaultdict(list)
    for path in (DATA / "inbox").glob("*/voyage_legs_*"):
        for row in read_rows(path) if path != superseded else ():
            ships[row["imo_number"]].append(row)
    broken, overlapping = [], []
    for legs in ships.values():
        legs.sort(key=lambda row: row["arrival_utc"])
        for before, leg in pairwise(legs):
            if leg["from_locode"] != before["to_locode"]:
                broken.append(leg)
            if leg["departure_utc"] <= before["arrival_utc"]:
                overlapping.append(leg)
    assert [leg["from_locode"] for leg in broken] == ["CNXMN"]
    assert [leg["service_code"] for leg in overlapping] == ["SMPL-TP6"]


def test_delivered_boxes_were_on_board_and_fit_the_ship(tiny: Path) -> None:
    capacity = {row["imo_number"]: float(row["nominal_capacity_teu"]) for row in filed(tiny, "vessels")}
    legs = filed(tiny, "voyage_legs")
    assert any(int(leg["delivered_laden_teu"]) > 0 for leg in legs)
    for leg in legs:
        on_board = int(leg["laden_teu"]) + int(leg["empty_teu"])
        assert on_board <= capacity[leg["imo_number"]]
        for kind in ("laden", "empty"):
            directions = [int(leg[f"{direction}_{kind}_teu"]) for direction in ("outbound", "inbound")]
            assert sum(directions) <= int(leg[f"{kind}_teu"])
            assert int(leg[f"delivered_{kind}_teu"]) <= max(directions)


def test_shore_power_supplied_to_ships_is_the_sum_of_the_calls(tiny: Path) -> None:
    calls: dict[str, int] = defaultdict(int)
    for path in (tiny / "inbox").glob("*/port_calls_*"):
        for call in read_rows(path):
            calls[call["terminal_code"]] += int(call["shore_power_kwh"] or 0)
    supplied: dict[str, int] = defaultdict(int)
    for row in filed(tiny, "terminal_energy"):
        if row["supplied_to_ships"] == "true":
            supplied[row["terminal_code"]] += int(row["quantity"])
    assert supplied == {terminal: kwh for terminal, kwh in calls.items() if kwh}


def test_fuel_covers_every_hour_of_a_ship_between_its_first_and_last_leg(tiny: Path) -> None:
    spans = defaultdict(list)
    for row in filed(tiny, "fuel_consumption"):
        spans[row["imo_number"]].append((row["period_start_utc"], row["period_end_utc"]))
    for legs in spans.values():
        legs.sort()
        reached = legs[0][1]
        for start, end in legs:
            assert start <= reached
            reached = max(reached, end)


def test_tiny_is_half_a_year_of_four_holdings_with_an_inbox_for_every_partner(tiny: Path) -> None:
    settings = load_settings(tiny)
    legs = filed(tiny, "voyage_legs")
    carriers = {path.parent.name for path in (tiny / "inbox").glob("*/voyage_legs_*")}
    assert len({p.holding for p in settings.file.partners if p.id in carriers}) == 4
    assert {leg["arrival_utc"][:7] for leg in legs} == {f"2024-0{month}" for month in range(1, 7)}
    assert len(list((tiny / "inbox").rglob("*.csv*"))) <= 100
    assert [p.id for p in settings.file.partners if not (tiny / "inbox" / p.id).is_dir()] == []


def test_scale_1_has_nine_services(tmp_path: Path) -> None:
    write_home(tmp_path, 2 / 9, 1)
    assert {row["service_code"] for row in filed(tmp_path, "voyage_legs")} == {"SMPL-TP1", "SMPL-TP3"}


@pytest.mark.parametrize("scale", [0, -1, "0", "nan", "big"])
def test_invalid_scale_is_refused(tmp_path: Path, scale: float | str) -> None:
    with pytest.raises(CorridorError, match="Use a number above 0"):
        write_home(tmp_path, scale, 1)


def test_real_home_is_never_overwritten(tmp_path: Path) -> None:
    real = (DATA / "corridor.toml").read_text(encoding="utf-8").replace("sample = true", "sample = false")
    real = real.replace('id = "SAMPLE-', 'id = "')
    (tmp_path / "corridor.toml").write_text(real.replace("as_of = ", "# as_of = "), encoding="utf-8")
    with pytest.raises(CorridorError, match="not a sample"):
        write_home(tmp_path, "tiny", 1)
    assert not (tmp_path / "inbox").exists()
