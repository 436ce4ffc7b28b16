"""What `corridor releases` prints.

Belongs here: every release as a record and as a row, and the disk space of the home.
Does not belong here: which releases are retired, or how one is withdrawn (`release/retention.py`).
"""

import json
import shutil
from pathlib import Path
from typing import Any

import click

from orchestration.core.settings import Settings
from orchestration.core.terminal import print_records
from orchestration.release.swap import list_releases


def release_records(settings: Settings) -> list[dict[str, Any]]:
    """Return one record for each release: its id, state, as-of day, moment of the run, and size on disk."""
    records = []
    for release in list_releases(settings.releases):
        try:
            manifest = json.loads(release.manifest.read_text(encoding="utf-8"))
        except OSError:
            manifest = {}
        records.append(
            {
                "release_id": release.release_id,
                "state": release.state,
                "as_of": manifest.get("as_of"),
                "run_at": manifest.get("run_at"),
                "bytes": _size_of(release.path),
                "path": str(release.path),
            }
        )
    return records


def print_releases(records: list[dict[str, Any]], settings: Settings) -> None:
    """Print the releases as a table, then the size of all releases, of the lake, of the warehouse, and free space."""
    if not records:
        click.echo("There is no release yet. Make one with: corridor run")
    print_records([_row(record) for record in records])
    sizes = {
        "releases": sum(record["bytes"] for record in records),
        "lake": _size_of(settings.lake),
        "working warehouse": _size_of(settings.warehouse_dir),
    }
    used = ", ".join(f"{name} {_megabytes(size)}" for name, size in sizes.items())
    click.echo(f"On disk: {used}; free {_megabytes(shutil.disk_usage(settings.home).free)}.")


def _row(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "release": record["release_id"],
        "state": record["state"],
        "as-of day": record["as_of"],
        "run at (UTC)": record["run_at"],
        "size": _megabytes(record["bytes"]),
        "folder": record["path"],
    }


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _size_of(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
