"""The candidate and the release: the two assets after the warehouse.

Belongs here: the order of build, gate, artefacts and publication, and the gate's checks as Dagster checks.
Does not belong here: how a candidate is built (`release/`), or what a check does (`gate/`).
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import dagster as dg

from orchestration.core.check_result import Decision
from orchestration.core.code_version import code_version
from orchestration.core.errors import GateRefusedError
from orchestration.core.settings import Settings
from orchestration.defs.run import Run
from orchestration.gate.approvals import approvals_in_force
from orchestration.gate.reference_tables import References
from orchestration.gate.report import write_report
from orchestration.gate.suites import load_suites
from orchestration.gate.verification import verify, verify_artefacts
from orchestration.release import retention, swap
from orchestration.release.candidate import (
    AUDIT,
    Candidate,
    Origin,
    audit_candidate,
    build_candidate,
    complete_candidate,
)
from orchestration.release.identifiers import input_identifiers
from orchestration.release.release_folder import ReleaseFolder, ReleasesRoot
from orchestration.warehouse.dbt_command import dbt_manifest
from orchestration.warehouse.proof import WarehouseProof, require_proof

PROOF = "the_gate_did_its_work"
PUBLISHED_MARTS = [dg.AssetKey(["marts", "fct_kpi"]), dg.AssetKey(["marts", "fct_kpi_contributions"])]


def build_candidate_asset() -> dg.AssetsDefinition:
    """Build the candidate's asset: its checks are all checks of the suites and the gate's proof."""
    severities = {check.check_name: check.severity for suite in load_suites().suite for check in suite.check}
    specs = [
        dg.AssetCheckSpec(name, asset="candidate", blocking=severity == "block")
        for name, severity in {**severities, PROOF: "block"}.items()
    ]

    @dg.asset(name="candidate", deps=PUBLISHED_MARTS, check_specs=specs, group_name="release")
    def candidate(
        context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]
    ) -> Iterator[dg.AssetCheckResult | dg.Output[Candidate]]:
        """Build and check a candidate; pass it on only if the gate decides to publish it."""
        warehouse = require_proof(run.settings, run.inputs.inputs_digest)
        built = build_candidate(run.settings, run.clock, run.settings.disclosure_p)
        decision = _decide(context, run, built, warehouse)
        yield from _asset_check_results(decision, severities)
        if not decision.publishable:
            write_report(decision, built, sample=run.settings.corridor.sample)
            refused = ReleaseFolder(swap.refuse(run.settings.releases, built.path))
            summary = decision.paragraph(built.release_id)
            raise GateRefusedError(f"{summary}\nResults: {refused.gate_page}")
        yield dg.Output(built)

    return candidate


def _decide(context: dg.AssetExecutionContext, run: Run, candidate: Candidate, warehouse: WarehouseProof) -> Decision:
    """Check the candidate; if it may be published, write its artefacts and check those too."""
    approvals = approvals_in_force(run.settings, run.clock.now.date())
    context.log.info(f"Candidate {candidate.release_id} is built; the gate checks it")
    with ThreadPoolExecutor(1) as executor:
        # The gate's process carries out its checks while this process audits the suppressed cells.
        checked = executor.submit(run.gate.check, candidate, _references(run.settings))
        audited = audit_candidate(candidate, run.settings, run.clock, run.settings.disclosure_p)
        identifiers = input_identifiers(run.settings.lake)
    decision = checked.result().joined_by(audited)
    decision = verify(decision, candidate, warehouse.tables, approvals=approvals, other_required=(AUDIT,))
    write_report(decision, candidate, sample=run.settings.corridor.sample)
    if not decision.publishable:
        return decision
    context.log.info(decision.paragraph(candidate.release_id))
    context.log.info("Writing the artefacts")
    artefacts = complete_candidate(
        candidate,
        run.settings,
        run.clock,
        checks=[*run.inputs.fetched.check_results, *warehouse.check_results, *decision.results],
        identifiers=identifiers,
        origin=Origin(inputs_digest=run.inputs.inputs_digest, code_version=code_version()),
    )
    return verify_artefacts(decision, candidate, run.gate.search(artefacts, identifiers))


def _references(settings: Settings) -> References:
    release_id = swap.current_id(settings.releases)
    previous = ReleasesRoot(settings.releases).release(release_id) if release_id else None
    return References(settings.lake, dbt_manifest(settings), previous)


def _asset_check_results(decision: Decision, severities: Mapping[str, str]) -> Iterator[dg.AssetCheckResult]:
    """Yield one result for each check of the suites that ran; all other blocking results make the proof fail."""
    for row in decision.results:
        if row.check_name in severities:
            yield dg.AssetCheckResult(
                check_name=row.check_name,
                passed=row.verdict in ("passed", "approved"),
                severity=dg.AssetCheckSeverity.ERROR
                if row.blocks or row.severity == "block"
                else dg.AssetCheckSeverity.WARN,
                description=row.message,
                metadata={"target": row.target, "observed": row.observed or "", "expected": row.expected},
            )
    other = [row for row in decision.results if row.check_name not in severities]
    failures = "; ".join(row.message for row in other if row.blocks)
    yield dg.AssetCheckResult(check_name=PROOF, passed=not failures, description=failures)


@dg.asset(group_name="release", output_required=False)
def release(
    context: dg.AssetExecutionContext, run: dg.ResourceParam[Run], candidate: Candidate
) -> Iterator[dg.Output[None]]:
    """Make the candidate current in one atomic step; a dry run leaves this step out."""
    if run.dry_run:
        return
    published = swap.publish(run.settings.releases, candidate.path)
    context.log.info(f"Release {published.name} is current")
    rules = run.settings.file.retention
    for release_id in retention.retire(run.settings.releases, rules):
        context.log.info(
            f"Release {release_id} is retired (keep_last = {rules.keep_last}); its public file stays available"
        )
    yield dg.Output(None, metadata={"path": str(published)})
