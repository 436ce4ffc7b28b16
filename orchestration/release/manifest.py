"""The manifest of a release: the inputs it was made from, and the hash of every file in it.

Belongs here: inputs, configuration, versions and hashes of one release. They suffice to make the release again
(`compare/`), except for the confidential p. The manifest has submission ids, so it is not public.
Does not belong here: whether the inputs have changed since; their digest is passed in.
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
    """Write the manifest, the last file of a complete candidate.

    Args:
        release: The candidate.
        settings: The home.
        entry: The id, clock and code version of the release.
        inputs_digest: The digest of inputs, configuration and code, which the next run compares with its own.
        approvals: The approvals without which the gate would have refused the candidate.

    Returns:
        The path of the manifest.
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
    """Return the SHA-256 of every file of a release except its manifest, by path in the release."""
    files = sorted(path for path in release.path.rglob("*") if path.is_file() and path != release.manifest)
    return {str(path.relative_to(release.path)): sha256_of(path) for path in files}


def altered_artefacts(release: ReleaseFolder) -> list[str]:
    """Return the files that were changed, deleted or added since the manifest was written."""
    recorded = json.loads(release.manifest.read_text(encoding="utf-8"))["artefacts"]
    present = artefact_hashes(release)
    return sorted(path for path in recorded.keys() | present.keys() if recorded.get(path) != present.get(path))


def _submissions(settings: Settings, clock: RunClock) -> list[dict[str, object]]:
    return _read_inputs(
        """
        select submission_id, partner_id, dataset, period, content_sha256, verdict
        from read_parquet($files) where cast(received_at as date) <= $as_of order by submission_id
        """,
        settings.lake / "intake" / "submissions.parquet",
        clock,
    )


def _vintages(settings: Settings, clock: RunClock) -> list[dict[str, object]]:
    return _read_inputs(
        """
        select distinct source_id, page, strftime(vintage_at, '%Y-%m-%dT%H:%M:%S.%fZ') as vintage_at, content_sha256
        from read_parquet($files) where cast(vintage_at as date) <= $as_of order by all
        """,
        settings.lake / "throughput" / "*" / "*.parquet",
        clock,
    )


def _read_inputs(sql: str, files: Path, clock: RunClock) -> list[dict[str, object]]:
    with duckdb.connect(config=ONE_THREAD) as con:
        return records(con, sql, {"files": str(files), "as_of": clock.as_of})


def _kpi_versions(kpis: Path) -> list[dict[str, object]]:
    with duckdb.connect(kpis, read_only=True, config=ONE_THREAD) as con:
        rows = con.execute(
            "select distinct kpi_id, method_id, formula_version from kpi.kpi_values order by all"
        ).fetchall()
    return [{"kpi_id": kpi, "method_id": method, "formula_version": version} for kpi, method, version in rows]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
