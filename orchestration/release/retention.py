"""Retirement of old releases by the rules of [retention], and withdrawal of wrong ones.

Belongs here: both, and the record of each withdrawal.
Does not belong here: making a release current (`swap.py`), or publishing its state (the table kpi.releases).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.core.corridor_file import Retention
from orchestration.core.errors import CorridorError
from orchestration.core.query import quoted
from orchestration.release.release_folder import ReleaseFolder, ReleasesRoot
from orchestration.release.swap import (
    REFUSED,
    RETIRED,
    WITHDRAWN,
    current_id,
    list_releases,
    make_current,
    sync,
)


@dataclass(frozen=True)
class Withdrawal:
    """A published release that a person took back.

    Attributes:
        release_id: The release.
        withdrawn_at: The time of the withdrawal.
        reason: The reason, for the readers of the list of releases.
    """

    release_id: str
    withdrawn_at: datetime
    reason: str


def retire(releases: Path, rules: Retention) -> list[str]:
    """Retire old releases, and reduce old refused candidates to their check results.

    The newest `keep_last` releases and the current one stay complete. With `keep_yearly`, so does the last release of
    each as-of year that was not withdrawn. A retirement that an earlier run left unfinished is completed.

    Args:
        releases: The folder of all releases.
        rules: [retention] of corridor.toml.

    Returns:
        The ids of the releases that were retired now.
    """
    everything = list_releases(releases)
    complete = [release for release in everything if release.state not in (RETIRED, REFUSED)]
    yearly = {release.release_id[:4]: release for release in complete if release.state != WITHDRAWN}
    retained = [*complete[-rules.keep_last :], *(yearly.values() if rules.keep_yearly else ())]
    expired = [release for release in complete if release.state != "current" and release not in retained]
    retired = ReleasesRoot(releases).retired
    retired.mkdir(exist_ok=True)
    for release in expired:
        release.path.rename(retired / release.release_id)
    sync(retired)
    refused = [release for release in everything if release.state == REFUSED]
    for release in refused[: -rules.keep_last]:
        _reduce(release, {release.checks})
    for path in retired.iterdir():
        folder = ReleaseFolder(path)
        _extract_contributions(folder)
        # Disclosure control needs every figure that was ever published, with its contributions.
        _reduce(folder, {folder.manifest, folder.kpis, folder.contributions})
    return [release.release_id for release in expired]


def contributions_of(release: ReleaseFolder) -> Path:
    """Return the database file that has marts.fct_kpi_contributions of a release."""
    return release.contributions if release.contributions.is_file() else release.warehouse


def withdraw(releases: Path, release_id: str, reason: str, at: datetime) -> str | None:
    """Mark a published release as withdrawn; nothing is deleted.

    If it is the current one, the newest earlier release that was not withdrawn becomes current. Repeating the command
    completes a withdrawal that was interrupted before that.

    Args:
        releases: The folder of all releases.
        release_id: The release to withdraw.
        reason: The reason, for the readers of the list of releases.
        at: The time of the withdrawal.

    Returns:
        The id that is current afterwards, None if no release is left.

    Raises:
        CorridorError: The release was never published, is retired, or was withdrawn before.
    """
    states = {release.release_id: release.state for release in list_releases(releases) if release.state != REFUSED}
    is_current = release_id == current_id(releases)
    if release_id not in states or (states[release_id] == WITHDRAWN and not is_current):
        names = ", ".join(name for name, state in states.items() if state in ("current", "published")) or "none"
        raise CorridorError(
            f"Release {release_id} cannot be withdrawn: it was never published, is retired, or is withdrawn already. "
            f"Choose one of {names}."
        )
    record = {"release_id": release_id, "withdrawn_at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "reason": reason}
    root = ReleasesRoot(releases)
    folder = root.withdrawn
    folder.mkdir(exist_ok=True)
    temporary = folder / f".{release_id}.tmp"
    temporary.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sync(temporary)
    temporary.replace(root.withdrawal(release_id))
    sync(folder)
    if is_current:
        predecessors = _predecessors(root.release(release_id))
        before = next((name for name in predecessors if states.get(name) == "published"), None)
        if before:
            make_current(releases, before)
        else:
            root.current.path.unlink()
    return current_id(releases)


def withdrawals(releases: Path) -> list[Withdrawal]:
    """Return every withdrawal, in the order of release ids."""
    files = sorted(ReleasesRoot(releases).withdrawn.glob("*.json"))
    records = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    return [Withdrawal(r["release_id"], datetime.fromisoformat(r["withdrawn_at"]), r["reason"]) for r in records]


def withdrawn_with(releases: Path, inputs_digest: str) -> Withdrawal | None:
    """Return the withdrawal of a release with this digest of its inputs, if there is one."""
    for withdrawal in withdrawals(releases):
        for folder in (releases, ReleasesRoot(releases).retired):
            manifest = ReleaseFolder(folder / withdrawal.release_id).manifest
            if (
                manifest.is_file()
                and json.loads(manifest.read_text(encoding="utf-8"))["inputs_digest"] == inputs_digest
            ):
                return withdrawal
    return None


def _predecessors(release: ReleaseFolder) -> list[str]:
    """Return the ids of the releases that this one lists before itself, newest first."""
    with duckdb.connect(release.kpis, read_only=True) as con:
        rows = con.execute("select release_id from kpi.releases order by rowid desc").fetchall()
    return [name for (name,) in rows[1:]]


def _extract_contributions(release: ReleaseFolder) -> None:
    """Copy the contributions from the warehouse file, which is deleted afterwards."""
    if release.contributions.is_file():
        return
    temporary = release.contributions.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(release.warehouse)} as complete (read_only)")
        con.execute(f"attach {quoted(temporary)} as extract")
        con.execute("create schema extract.marts")
        con.execute("create table extract.marts.fct_kpi_contributions as from complete.marts.fct_kpi_contributions")
    temporary.replace(release.contributions)


def _reduce(release: ReleaseFolder, retained: set[Path]) -> None:
    """Delete every file that is not in the retained paths, and then the empty folders."""
    for file in [file for file in release.path.rglob("*") if file.is_file()]:
        if not any(file.is_relative_to(path) for path in retained):
            file.unlink()
    for folder in sorted((folder for folder in release.path.rglob("*") if folder.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
