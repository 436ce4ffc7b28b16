"""How a candidate becomes the release that everybody reads: one atomic rename of a symlink, or not at all.

Belongs here: release ids, the folders of `releases/`, what is current, what a killed run left behind.
Does not belong here: what a release contains. The caller holds the run's lock.
"""

import os
import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.errors import CorridorError

BUILDING = ".building-"
REFUSED = "refused"
RELEASE_ID = re.compile(r"^(\d{4}-\d{2}-\d{2})\.(\d+)$")


@dataclass(frozen=True)
class Release:
    """A folder of `releases/`: published (one of them current) or refused."""

    release_id: str
    path: Path
    is_current: bool
    is_refused: bool


def list_releases(releases: Path) -> list[Release]:
    """Every published and refused release, oldest as-of date first."""
    current = current_id(releases)
    found = [
        Release(path.name, path, is_current=not refused and path.name == current, is_refused=refused)
        for folder, refused in ((releases, False), (releases / REFUSED, True))
        if folder.is_dir()
        for path in folder.iterdir()
        if path.is_dir() and RELEASE_ID.match(path.name)
    ]
    return sorted(found, key=lambda release: (_sort_key(release.release_id), release.is_refused))


def current_id(releases: Path) -> str | None:
    """The id that `current` points to; None before the first release."""
    link = releases / "current"
    return link.readlink().name if link.is_symlink() else None


def next_release_id(releases: Path, as_of: date) -> str:
    """`<as-of date>.<n>`, n one above every n that stands for that date, published or refused: none is used again."""
    numbers = [
        _sort_key(release.release_id)[1]
        for release in list_releases(releases)
        if release.release_id.startswith(f"{as_of}.")
    ]
    return f"{as_of}.{max(numbers, default=0) + 1}"


def clean_leftovers(releases: Path) -> None:
    """Remove what a killed run left: unfinished candidates and links that never became `current`."""
    for path in releases.glob(f"{BUILDING}*"):
        shutil.rmtree(path)
    for path in releases.glob(".current-*"):
        path.unlink()


def publish(releases: Path, candidate: Path) -> Path:
    """Make a finished candidate the current release; returns its folder.

    Raises CorridorError when a release of that id stands already: nothing published is ever altered.
    """
    final = _settle(candidate, releases)
    link = releases / f".current-{final.name}"
    link.symlink_to(final.name)
    link.replace(releases / "current")
    _sync(releases)
    return final


def refuse(releases: Path, candidate: Path) -> Path:
    """Keep a refused candidate with its results under `refused/`; `current` does not move."""
    folder = releases / REFUSED
    folder.mkdir(exist_ok=True)
    return _settle(candidate, folder)


def _settle(candidate: Path, folder: Path) -> Path:
    final = folder / candidate.name.removeprefix(BUILDING)
    if final.exists():
        raise CorridorError(
            f"{final} exists already: expected an id that no release has used. Run again; a new id will be taken."
        )
    for path in candidate.rglob("*"):
        _sync(path)
    _sync(candidate)
    candidate.rename(final)
    _sync(folder)
    return final


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sort_key(release_id: str) -> tuple[str, int]:
    day, _, number = release_id.rpartition(".")
    return day, int(number)
