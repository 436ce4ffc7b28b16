"""Runs on a disk that is full, and with a permission lost, in a file system of the test's own.

`python -m tests.chaos.starved HOME LOG MB...` copies HOME into a tmpfs of its own mount namespace, leaves it that many
megabytes, and prints as JSON how each run ended, what it said, and what is not whole afterwards; last a run with room.
Started under `unshare --mount`, so that the file system ends with the process.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from orchestration.core.settings import load_settings
from orchestration.release.swap import current_id
from tests.chaos.chaos import Chaos, not_received, problems

ROOM_MB = 2000


def main() -> None:
    given, log, *rooms = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m", "tmpfs", folder], check=True)
        settings = load_settings(shutil.copytree(given, Path(folder) / "home", symlinks=True))
        chaos = Chaos(settings, random.Random(1), Path(log))
        outcomes = [with_room(chaos, Path(folder) / "filler", float(room)) for room in rooms]
        outcomes += [without_permission(chaos), outcome(chaos, "room and permission again")]
        subprocess.run(["umount", "--lazy", folder], check=True)
    print(json.dumps(outcomes))


def outcome(chaos: Chaos, name: str) -> dict[str, object]:
    """A run with a new file: how it ended, what it said last, what is not whole."""
    before = current_id(chaos.settings.releases)
    chaos.file_something()
    code = chaos.run()
    return {
        "name": name,
        "code": code,
        "said": chaos.log.read_text(),
        "problems": problems(chaos.settings),
        "moved": before != current_id(chaos.settings.releases),
        "not_received": not_received(chaos.settings),
    }


def with_room(chaos: Chaos, filler: Path, room_mb: float) -> dict[str, object]:
    free = shutil.disk_usage(chaos.settings.home).free
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free - int(room_mb * 1e6))
    try:
        return outcome(chaos, f"{room_mb:g} MB left")
    finally:
        filler.unlink()


def without_permission(chaos: Chaos) -> dict[str, object]:
    """Root may write whatever the modes say, so the releases are made read-only for everybody."""
    releases = str(chaos.settings.releases)
    subprocess.run(["mount", "--bind", releases, releases], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", releases], check=True)
    try:
        return outcome(chaos, "releases read-only")
    finally:
        subprocess.run(["umount", releases], check=True)


if __name__ == "__main__":
    main()
