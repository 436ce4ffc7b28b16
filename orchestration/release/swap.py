"""How a candidate becomes the release that everybody reads: one atomic rename of a symlink, or not at all.

Belongs here: release ids, the folders of `releases/`, what is current, what a killed run left behind.
Does not belong here: what a release contains, how long it is kept (retention). The caller holds the run's lock.
"""

import os
import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from orchestration.core.errors import CorridorError
from orchestration.release.release_folder import ReleaseFolder, ReleasesRoot

BUILDING = ".building-"
REFUSED: Final = "refused"
RETIRED: Final = "retired"
WITHDRAWN: Final = "withdrawn"
State = Literal["current", "published", "withdrawn", "retired", "refused"]
RELEASE_ID = re.compile(r"^(\d{4}-\d{2}-\d{2})\.(\d+)$")


@dataclass(frozen=True)
class Release(ReleaseFolder):
    """A folder of `releases/`. Of a withdrawn one everything is left, of a retired one what retention keeps."""

    release_id: str
    state: State


def list_releases(releases: Path) -> list[Release]:
    """Every release there ever was, published or refused, oldest as-of date first."""
    root = ReleasesRoot(releases)
    folders: list[tuple[Path, State | None]] = [(releases, None), (root.retired, RETIRED), (root.refused, REFUSED)]
    found = [
        Release(path, path.name, state or _state(releases, path.name))
        for folder, state in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if path.is_dir() and RELEASE_ID.match(path.name)
    ]
    return sorted(found, key=lambda release: (_sort_key(release.release_id), release.state == REFUSED))


def _state(releases: Path, release_id: str) -> State:
    if ReleasesRoot(releases).withdrawal(release_id).is_file():
        return WITHDRAWN
    return "current" if release_id == current_id(releases) else "published"


def current_id(releases: Path) -> str | None:
    """The id that `current` points to; None before the first release."""
    link = ReleasesRoot(releases).current.path
    return link.readlink().name if link.is_symlink() else None


def next_release_id(releases: Path, as_of: date) -> str:
    """`<as-of date>.<n>`, n one above every n that stands for that date, whatever became of it: none is used again."""
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
    make_current(releases, final.name)
    return final


def make_current(releases: Path, release_id: str) -> None:
    """Point `current` at a release that stands, in one step; readers see the old one or the new one."""
    link = releases / f".current-{release_id}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(ReleasesRoot(releases).current.path)
    sync(releases)


def refuse(releases: Path, candidate: Path) -> Path:
    """Keep a refused candidate with its results under `refused/`; `current` does not move."""
    folder = ReleasesRoot(releases).refused
    folder.mkdir(exist_ok=True)
    return _settle(candidate, folder)


def _settle(candidate: Path, folder: Path) -> Path:
    final = folder / candidate.name.removeprefix(BUILDING)
    if final.exists():
        raise CorridorError(
            f"{final} exists already: expected an id that no release has used. Run again; a new id will be taken."
        )
    for path in candidate.rglob("*"):
        sync(path)
    sync(candidate)
    candidate.rename(final)
    sync(folder)
    return final


def sync(path: Path) -> None:
    """Wait until the file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sort_key(release_id: str) -> tuple[str, int]:
    day, _, number = release_id.rpartition(".")
    return day, int(number)
