"""Publication of a candidate by one atomic rename of the symbolic link `current`.

Belongs here: release ids, the list of releases, what is current, and removing the remains of interrupted runs.
Does not belong here: what a release contains, or how long it is stored (`retention.py`). Whoever changes anything must
hold the home lock.
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
    """A published release or a refused candidate.

    Attributes:
        release_id: Its id.
        state: Its state. A withdrawn release is still complete; a retired one has only what disclosure control needs.
    """

    release_id: str
    state: State


def list_releases(releases: Path) -> list[Release]:
    """Return every published release and every refused candidate, oldest as-of day first."""
    root = ReleasesRoot(releases)
    folders: list[tuple[Path, State | None]] = [(releases, None), (root.retired, RETIRED), (root.refused, REFUSED)]
    listed = [
        Release(path, path.name, state or _state(releases, path.name))
        for folder, state in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if path.is_dir() and RELEASE_ID.match(path.name)
    ]
    return sorted(listed, key=lambda release: (_sort_key(release.release_id), release.state == REFUSED))


def _state(releases: Path, release_id: str) -> State:
    if ReleasesRoot(releases).withdrawal(release_id).is_file():
        return WITHDRAWN
    return "current" if release_id == current_id(releases) else "published"


def current_id(releases: Path) -> str | None:
    """Return the id of the current release, None before the first release."""
    link = ReleasesRoot(releases).current.path
    return link.readlink().name if link.is_symlink() else None


def next_release_id(releases: Path, as_of: date) -> str:
    """Return `<as-of date>.<n>`, with n one above every n that was ever used on that date."""
    numbers = [
        _sort_key(release.release_id)[1]
        for release in list_releases(releases)
        if release.release_id.startswith(f"{as_of}.")
    ]
    return f"{as_of}.{max(numbers, default=0) + 1}"


def clean_leftovers(releases: Path) -> None:
    """Remove what interrupted runs left: unfinished candidates and unused links."""
    for path in releases.glob(f"{BUILDING}*"):
        shutil.rmtree(path)
    for path in releases.glob(".current-*"):
        path.unlink()


def publish(releases: Path, candidate: Path) -> Path:
    """Make a complete candidate the current release, and return its folder.

    Raises:
        CorridorError: There is a release with the same id already, which is never altered.
    """
    final = _move(candidate, releases)
    make_current(releases, final.name)
    return final


def make_current(releases: Path, release_id: str) -> None:
    """Point `current` to a release in one step; readers see the old or the new release."""
    link = releases / f".current-{release_id}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(ReleasesRoot(releases).current.path)
    sync(releases)


def refuse(releases: Path, candidate: Path) -> Path:
    """Move a refused candidate to the folder of refused candidates, and return its new folder.

    Raises:
        CorridorError: There is a refused candidate with the same id already.
    """
    folder = ReleasesRoot(releases).refused
    folder.mkdir(exist_ok=True)
    return _move(candidate, folder)


def _move(candidate: Path, folder: Path) -> Path:
    """Move a candidate to its final name, once all its files are on the disk."""
    final = folder / candidate.name.removeprefix(BUILDING)
    if final.exists():
        raise CorridorError(f"The release id {final.name} is used already: {final} exists. Run again to get a new id.")
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
