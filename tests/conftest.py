"""What all tiers share: the mark of each tier, and slow fixtures that are made once for all processes."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

# A name and what fills the folder of that name; returns the folder.
MadeOnce = Callable[[str, Callable[[Path], object]], Path]

TIERS = ("unit", "integration", "pipeline", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        tier = Path(item.path).relative_to(Path(__file__).parent).parts[0]
        if tier not in TIERS:
            raise pytest.UsageError(f"{item.path} stands in no tier: expected one of {', '.join(TIERS)}")
        item.add_marker(tier)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> MadeOnce:
    """Return a function that fills a named folder once for all test processes; nobody writes into it afterwards."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def made(name: str, fill: Callable[[Path], object]) -> Path:
        folder = shared / name
        with FileLock(f"{folder}.lock"):
            if not folder.with_suffix(".made").exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                folder.with_suffix(".made").touch()
        return folder

    return made


def take_parsed_project(home: Path, source: Path) -> None:
    """Copy the parsed dbt project of another home, so that a new home need not parse it."""
    shutil.copytree(source / "warehouse" / "dbt", home / "warehouse" / "dbt")
