"""manifest.json: what a release was made from, and the hash of everything in it.

Belongs here: inputs, configuration, versions and hashes of one release folder: what it takes to make the release
again (compare), but for p. It names submissions, so it is not public.
Does not belong here: deciding whether anything changed (the digest of the inputs is passed in).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import duckdb

from orchestration.core.check_result import Approval
from orchestration.core.clock import RunClock
from orchestration.core.query import ONE_THREAD, records
from orchestration.core.settings import Settings
from orchestration.release.disclosure.disclose import GATED_TABLES, TABLES_AFTER_VERDICT, ReleaseEntry
from orchestration.release.release_folder import ReleaseFolder


def write_manifest(
    release: ReleaseFolder,
    settings: Settings,
    entry: ReleaseEntry,
    *,
    inputs_digest: str,
    approvals: Iterable[Approval] = (),
) -> Path:
    """Write manifest.json, the last file of a finished candidate.

    Args:
        release: the candidate.
        settings: the settings of the home.
        entry: the id, clock and code version of the release.
        inputs_digest: digest of the inputs, configuration and code that a later run compares with its own.
        approvals: the decisions of persons without which the gate would have refused the candidate.
    """
    clock = entry.clock
    content = {
        "release_id": entry.release_id,
        "corridor_id": settings.corridor.id,
        "sample": settings.corridor.sample,
        "as_of": str(clock.as_of),
        "run_at": clock.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "code_version": entry.code_version,
        "duckdb_version": duckdb.__version__,
        "inputs_digest": inputs_digest,
        "inputs": {"submissions": _submissions(settings, clock), "vintages": _vintages(settings, clock)},
        "config": settings.file.model_dump(mode="json"),
        "waivers": [waiver.model_dump(mode="json") for waiver in settings.file.waivers_on(clock.as_of)],
        "approvals": [asdict(approval) for approval in approvals],
        "kpis": _kpi_versions(release.kpis),
        "tables": [
            *({"name": name, "written": "before the verdict"} for name in GATED_TABLES),
            *({"name": name, "written": "after the verdict"} for name in TABLES_AFTER_VERDICT),
        ],
        "artefacts": artefact_hashes(release),
    }
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
    release.manifest.write_text(text, encoding="utf-8")
    return release.manifest


def artefact_hashes(release: ReleaseFolder) -> dict[str, str]:
    """SHA-256 of every file of a release but its manifest, by path within it."""
    files = sorted(path for path in release.path.rglob("*") if path.is_file() and path != release.manifest)
    return {str(path.relative_to(release.path)): sha256_of(path) for path in files}


def altered_artefacts(release: ReleaseFolder) -> list[str]:
    """Paths that are missing from a release, not in its manifest, or not what the manifest says; empty if sound."""
    recorded = json.loads(release.manifest.read_text(encoding="utf-8"))["artefacts"]
    present = artefact_hashes(release)
    return sorted(path for path in recorded.keys() | present.keys() if recorded.get(path) != present.get(path))


def _submissions(settings: Settings, clock: RunClock) -> list[dict[str, object]]:
    return _known(
        """
        select submission_id, partner_id, dataset, period, content_sha256, verdict
        from read_parquet($files) where cast(received_at as date) <= $as_of order by submission_id
        """,
        settings.lake / "intake" / "submissions.parquet",
        clock,
    )


def _vintages(settings: Settings, clock: RunClock) -> list[dict[str, object]]:
    return _known(
        """
        select distinct source_id, page, strftime(vintage_at, '%Y-%m-%dT%H:%M:%S.%fZ') as vintage_at, content_sha256
        from read_parquet($files) where cast(vintage_at as date) <= $as_of order by all
        """,
        settings.lake / "throughput" / "*" / "*.parquet",
        clock,
    )


def _known(sql: str, files: Path, clock: RunClock) -> list[dict[str, object]]:
    with duckdb.connect(config=ONE_THREAD) as con:
        return records(con, sql, {"files": str(files), "as_of": clock.as_of})


def _kpi_versions(kpis: Path) -> list[dict[str, object]]:
    with duckdb.connect(kpis, read_only=True, config=ONE_THREAD) as con:
        rows = con.execute(
            "select distinct kpi_id, method_id, formula_version from kpi.kpi_values order by all"
        ).fetchall()
    return [{"kpi_id": kpi, "method_id": method, "formula_version": version} for kpi, method, version in rows]


def sha256_of(path: Path) -> str:
    """Of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
