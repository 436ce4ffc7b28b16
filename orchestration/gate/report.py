"""A verdict as files: rows for programs, a page for people.

Belongs here: checks/gate.json and checks/index.html of a candidate, for the secretariat: they name partners.
Does not belong here: the table check_results of the public file, which the release writes.
"""

import json
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from orchestration.core.check_result import CheckResult, Decision, approve_command
from orchestration.core.pages import render
from orchestration.release.candidate import Candidate

SEVERITIES = {
    "block": "keeps a candidate from being published",
    "error": "set aside, and no part of any figure",
    "warn": "worth a look before the next release",
    "warning": "worth a look by whoever filed it",
    "info": "for information",
}


def write_report(verdict: Decision, candidate: Candidate, *, sample: bool) -> Path:
    """Write a verified verdict to checks/gate.json and checks/index.html of the candidate; returns the page's path."""
    folder = candidate.path / "checks"
    folder.mkdir(exist_ok=True)
    content = {
        "release": candidate.release_id,
        "sample": sample,
        "publishable": verdict.publishable,
        "attested": verdict.attested,
        "results": [asdict(row) for row in verdict.results],
    }
    rows, page = folder / "gate.json", folder / "index.html"
    rows.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")
    page.write_text(_page(verdict, candidate.release_id, sample), encoding="utf-8")
    for file in (rows, page):
        file.chmod(0o640)
    return page


def _page(verdict: Decision, release_id: str, sample: bool) -> str:
    return render(
        "gate/report.html.j2",
        release=release_id,
        sample=sample,
        verdict=verdict,
        groups=_by_severity(verdict.results),
        approve_command=approve_command,
    )


def _by_severity(rows: tuple[CheckResult, ...]) -> list[tuple[str, str, list[CheckResult]]]:
    """(severity, what it means, its rows), the gravest first and in each what blocks, then what did not pass."""
    order = list(SEVERITIES)
    ranked = sorted(
        rows, key=lambda row: (order.index(row.severity), not row.blocks, row.verdict == "passed", row.target)
    )
    return [(name, SEVERITIES[name], list(group)) for name, group in groupby(ranked, key=lambda row: row.severity)]
