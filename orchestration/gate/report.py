"""The gate's decision as files: JSON for programs and a page for people.

Belongs here: checks/gate.json and checks/index.html of a candidate. They name partners, so only the secretariat sees
them. Does not belong here: the public table check_results, which the release writes.
"""

import json
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from orchestration.core.check_result import CheckResult, Decision, approve_command
from orchestration.core.pages import render
from orchestration.release.candidate import Candidate

SEVERITIES = {
    "block": "stops the publication of a candidate",
    "error": "excluded from every figure",
    "warn": "to be reviewed before the next release",
    "warning": "to be reviewed by the partner who filed it",
    "info": "for information",
}


def write_report(decision: Decision, candidate: Candidate, *, sample: bool) -> Path:
    """Write a verified decision to checks/gate.json and checks/index.html of the candidate.

    Args:
        decision: The verified decision.
        candidate: The candidate.
        sample: Whether the data is SAMPLE data.

    Returns:
        The path of the page.
    """
    candidate.checks.mkdir(exist_ok=True)
    content = {
        "release": candidate.release_id,
        "sample": sample,
        "publishable": decision.publishable,
        "attested": decision.attested,
        "results": [asdict(result) for result in decision.results],
    }
    candidate.gate_results.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")
    candidate.gate_page.write_text(_page(decision, candidate.release_id, sample), encoding="utf-8")
    for file in (candidate.gate_results, candidate.gate_page):
        file.chmod(0o640)
    return candidate.gate_page


def _page(decision: Decision, release_id: str, sample: bool) -> str:
    return render(
        "gate/report.html.j2",
        release=release_id,
        sample=sample,
        decision=decision,
        groups=_by_severity(decision.results),
        approve_command=approve_command,
    )


def _by_severity(results: tuple[CheckResult, ...]) -> list[tuple[str, str, list[CheckResult]]]:
    """Return (severity, its meaning, its results), most severe first; in each, blocking results come first."""
    order = list(SEVERITIES)
    ranked = sorted(
        results,
        key=lambda result: (order.index(result.severity), not result.blocks, result.verdict == "passed", result.target),
    )
    return [
        (name, SEVERITIES[name], list(group)) for name, group in groupby(ranked, key=lambda result: result.severity)
    ]
