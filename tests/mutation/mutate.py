"""`make mutate`: make each seeded mistake in a copy of the dbt project and check that a test fails.

Three kinds of test run in turn, the quick ones first: dbt's unit tests of the model, the data tests of
what is built from it on the committed input, and the recomputation in pandas. Exits 1 when a mistake survives.
`python -m tests.mutation.mutate WORD...` tries those whose name has the words.
"""

import os
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd

from orchestration.core.settings import load_settings
from orchestration.warehouse.dbt_command import run_dbt
from tests.mutation.mutations import Mutation, seeded
from tests.pipeline.compared import AS_OF, FIGURES, WORDS, apart, not_matched, side_by_side
from tests.pipeline.conftest import committed_home, corridor
from tests.pipeline.recompute.recomputed import recompute

RED = {"fail"}
BROKEN = {"error", "runtime error"}


def main() -> None:
    asked = [m for m in seeded() if all(word in m.name for word in sys.argv[1:])]
    with tempfile.TemporaryDirectory() as folder:
        home = built_home(Path(folder))
        recompute(home / "lake", AS_OF).to_pickle(home / "again.pickle")
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            answers = pool.map(partial(try_one, home), asked)
            survivors = sum(show(mutation, answer) for mutation, answer in zip(asked, answers, strict=True))
    print(f"{len(asked)} mistakes seeded, {len(asked) - survivors} turned a test red, {survivors} survived")
    sys.exit(1 if survivors else 0)


def show(mutation: Mutation, answer: str) -> bool:
    print(f"{mutation.name:68s} {answer or 'SURVIVED'}", flush=True)
    return not answer


def built_home(folder: Path) -> Path:
    """Return a home with the committed input after one run; every mutation starts from its warehouse."""
    home = committed_home(folder)
    ended = corridor(home, "run")
    if ended.code:
        sys.exit(ended.err)
    return home


def try_one(built: Path, mutation: Mutation) -> str:
    """Return the test that failed, or an empty text. Raises ValueError if the mistake is not valid SQL."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        shutil.copy(built / "corridor.toml", home)
        (home / "lake").symlink_to(built / "lake")
        shutil.copytree(built / "warehouse", home / "warehouse")
        return first_red(home, mutation, mutation.project(Path(folder)), pd.read_pickle(built / "again.pickle"))


def first_red(home: Path, mutation: Mutation, project: Path, again: pd.DataFrame) -> str:
    settings = load_settings(home)
    for kind, command in (
        ("unit test", ["test", "--select", f"{mutation.selected},test_type:unit"]),
        ("data test", ["build", "--select", f"{mutation.selected}+", "--exclude-resource-type", "unit_test"]),
    ):
        results = run_dbt(settings, command, project)
        broken = [result for result in results if result.status in BROKEN]
        if broken:
            raise ValueError(f"{mutation.name}: {broken[0].name}: {broken[0].message}")
        red = [result.name for result in results if result.status in RED]
        if red:
            return f"{kind} {red[0]}"
    both = side_by_side(settings.warehouse, again)
    differing = [column for column in [*FIGURES, *WORDS] if not apart(both, column).empty]
    if differing or not not_matched(both).empty:
        return f"recomputation of {differing[0] if differing else 'other cells'}"
    return ""


if __name__ == "__main__":
    main()
