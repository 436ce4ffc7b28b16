"""How long releases are kept, and how one is taken back.

Belongs here: retiring by the rules of [retention], withdrawing, what is remembered of either.
Does not belong here: making a release current (swap), or what readers are told of it (the table kpi.releases).
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
    """A release taken back after it was published."""

    release_id: str
    withdrawn_at: datetime
    reason: str


def retire(releases: Path, rules: Retention) -> list[str]:
    """Reduce releases beyond the newest `keep_last` to what is kept for ever; returns the ids of those it took.

    The current release stays whole, and with keep_yearly the last of every as-of year that was not withdrawn.
    Candidates that were refused keep their results. A step that a killed run left half done is finished.
    """
    everything = list_releases(releases)
    standing = [release for release in everything if release.state not in (RETIRED, REFUSED)]
    yearly = {release.release_id[:4]: release for release in standing if release.state != WITHDRAWN}
    kept = [*standing[-rules.keep_last :], *(yearly.values() if rules.keep_yearly else ())]
    taken = [release for release in standing if release.state != "current" and release not in kept]
    retired = ReleasesRoot(releases).retired
    retired.mkdir(exist_ok=True)
    for release in taken:
        release.path.rename(retired / release.release_id)
    sync(retired)
    refused = [release for release in everything if release.state == REFUSED]
    for release in refused[: -rules.keep_last]:
        _reduce(release, {release.checks})
    for path in retired.iterdir():
        folder = ReleaseFolder(path)
        _keep_contributions(folder)
        # What was published once counts for ever in disclosure: every figure and its contributors.
        _reduce(folder, {folder.manifest, folder.kpis, folder.contributions})
    return [release.release_id for release in taken]


def contributions_of(release: ReleaseFolder) -> Path:
    """The database file with marts.fct_kpi_contributions of a release, whole or retired."""
    return release.contributions if release.contributions.is_file() else release.warehouse


def withdraw(releases: Path, release_id: str, reason: str, at: datetime) -> str | None:
    """Mark a published release as withdrawn; nothing is deleted.

    If it is the current one, `current` then points at the newest earlier release that was not withdrawn.

    Args:
        releases: the folder of all releases.
        release_id: the release to withdraw.
        reason: why, for the readers of the list of releases.
        at: the time of the withdrawal.

    Returns:
        The id that is current afterwards, None if no release is left.

    Raises:
        CorridorError: the id is not published, or was withdrawn before.
    """
    states = {release.release_id: release.state for release in list_releases(releases) if release.state != REFUSED}
    is_current = release_id == current_id(releases)
    if release_id not in states or (states[release_id] == WITHDRAWN and not is_current):
        names = ", ".join(name for name, state in states.items() if state in ("current", "published")) or "none"
        raise CorridorError(f"{release_id} is no release that can be withdrawn: expected one of {names}.")
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
    """Every withdrawal, in the order of release ids."""
    files = sorted(ReleasesRoot(releases).withdrawn.glob("*.json"))
    records = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    return [Withdrawal(r["release_id"], datetime.fromisoformat(r["withdrawn_at"]), r["reason"]) for r in records]


def withdrawn_with(releases: Path, inputs_digest: str) -> Withdrawal | None:
    """The withdrawn release that was made from just these inputs, settings and code, if there is one."""
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
    """The releases before this one, the newest first, as it published them itself."""
    with duckdb.connect(release.kpis, read_only=True) as con:
        rows = con.execute("select release_id from kpi.releases order by rowid desc").fetchall()
    return [name for (name,) in rows[1:]]


def _keep_contributions(release: ReleaseFolder) -> None:
    """Take the contributions out of a warehouse file that is about to go."""
    if release.contributions.is_file():
        return
    temporary = release.contributions.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(release.warehouse)} as whole (read_only)")
        con.execute(f"attach {quoted(temporary)} as kept")
        con.execute("create schema kept.marts")
        con.execute("create table kept.marts.fct_kpi_contributions as from whole.marts.fct_kpi_contributions")
    temporary.replace(release.contributions)


def _reduce(release: ReleaseFolder, kept: set[Path]) -> None:
    """Delete every file of a release but those kept, and the folders that are then empty."""
    for file in [file for file in release.path.rglob("*") if file.is_file()]:
        if not any(file.is_relative_to(path) for path in kept):
            file.unlink()
    for folder in sorted((folder for folder in release.path.rglob("*") if folder.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
