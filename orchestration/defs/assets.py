"""The assets around the warehouse: thin shells over the plain functions of each room.

Belongs here: names, keys, order, what is said about a step. Does not belong here: any work.
What passes between steps lies in the home; only the candidate's place is handed on.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import dagster as dg

from orchestration.core.check_result import Decision
from orchestration.core.code_version import code_version
from orchestration.core.corridor_tables import CORRIDOR_SCHEMAS
from orchestration.core.errors import GateRefusedError
from orchestration.core.lake import Lake
from orchestration.core.settings import Settings
from orchestration.defs.run import Run
from orchestration.gate.approvals import approvals_in_force
from orchestration.gate.gate import verify, verify_artefacts
from orchestration.gate.reference_tables import Background
from orchestration.gate.report import write_report
from orchestration.gate.suites import load_suites
from orchestration.release import retention, swap
from orchestration.release.candidate import AUDIT, Candidate, audit_candidate, build_candidate, complete_candidate
from orchestration.release.identifiers import input_identifiers
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.intake import take_in
from orchestration.warehouse.dbt_assets import dbt_tested
from orchestration.warehouse.dbt_command import dbt_manifest

PROOF = "the_gate_did_its_work"
PUBLISHED_MARTS = [dg.AssetKey(["marts", "fct_kpi"]), dg.AssetKey(["marts", "fct_kpi_contributions"])]
Results = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]


def _files(folder: str, tables: list[str]) -> list[dg.AssetSpec]:
    return [dg.AssetSpec([folder, table], group_name=folder, kinds={"parquet"}) for table in tables]


@dg.multi_asset(
    specs=_files("accepted", list(CONTRACTS))
    + _files("rejected", ["fuel_consumption", "port_calls", "terminal_energy"])
    + _files("intake", ["submissions"])
)
def accepted(context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]) -> Results:
    """Partners' files: looked for, read, checked, accepted or rejected, each with a receipt."""
    taken = take_in(run.settings, run.clock, run.news.folders)
    verdicts = Counter(receipt.verdict for receipt in taken.receipts)
    told = ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in sorted(verdicts.items()))
    context.log.info(f"Submissions: {told or 'none new'}")
    for problem in taken.unreachable:
        context.log.warning(problem)
    for name in taken.waiting:
        context.log.info(f"{name} is still being written: it waits for the next run")
    for name in taken.gone:
        context.log.info(f"{name} no longer lies in the inbox: its submission stands")
    for key in sorted(context.selected_asset_keys):
        yield dg.MaterializeResult(asset_key=key)


@dg.multi_asset(specs=_files("corridor", list(CORRIDOR_SCHEMAS)))
def corridor(context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]) -> Results:
    """The tables of corridor.toml and the clock of the run."""
    Lake(run.settings.lake).write_corridor(run.settings, run.clock, code_version())
    for key in sorted(context.selected_asset_keys):
        yield dg.MaterializeResult(asset_key=key)


@dg.asset(key=["throughput", "observations"], group_name="throughput", kinds={"parquet"})
def throughput(context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]) -> dg.MaterializeResult[None]:
    """Public statistics, as they were fetched when the run looked for news."""
    fetched = run.news.fetched
    for finding in fetched.check_results:
        context.log.warning(finding.message)
    context.log.info(f"Public statistics: {len(fetched.written)} pages new, {len(fetched.unchanged)} unchanged")
    return dg.MaterializeResult(metadata={"new": fetched.written, "unchanged": fetched.unchanged})


def build_candidate_asset() -> dg.AssetsDefinition:
    """The candidate and, as its checks, all the gate's suites ask for and the gate's own proof."""
    severities = {check.check_name: check.severity for suite in load_suites().suite for check in suite.check}
    specs = [
        dg.AssetCheckSpec(name, asset="candidate", blocking=severity == "block")
        for name, severity in {**severities, PROOF: "block"}.items()
    ]

    @dg.asset(name="candidate", deps=PUBLISHED_MARTS, check_specs=specs, group_name="release")
    def candidate(
        context: dg.AssetExecutionContext, run: dg.ResourceParam[Run]
    ) -> Iterator[dg.AssetCheckResult | dg.Output[Candidate]]:
        """A release built aside and checked; it is handed on only when the gate has proved it fit to publish."""
        tested = dbt_tested(run.settings, run.news.inputs_digest)
        approvals = approvals_in_force(run.settings, run.clock.now.date())
        built = build_candidate(run.settings, run.clock, run.settings.disclosure_p)
        context.log.info(f"Candidate {built.release_id} is built; asking the gate")
        with ThreadPoolExecutor(1) as beside:
            # The gate's own process asks its checks meanwhile.
            asked = beside.submit(run.gate.check, built, _background(run.settings))
            audited = audit_candidate(built, run.settings, run.clock, run.settings.disclosure_p)
            identifiers = input_identifiers(run.settings.lake)
        verdict = asked.result().joined_by(audited)
        verdict = verify(verdict, built, tested.tables, approvals=approvals, besides=(AUDIT,))
        write_report(verdict, built, sample=run.settings.corridor.sample)
        if verdict.publishable:
            context.log.info(verdict.paragraph(built.release_id))
            context.log.info("Writing the artefacts")
            artefacts = complete_candidate(
                built,
                run.settings,
                run.clock,
                checks=[*run.news.fetched.check_results, *tested.rows, *verdict.results],
                identifiers=identifiers,
                inputs_digest=run.news.inputs_digest,
                code_version=code_version(),
                approvals=verdict.approvals,
            )
            verdict = verify_artefacts(verdict, built, run.gate.search(artefacts, identifiers))
        yield from _check_results(verdict, severities)
        if not verdict.publishable:
            write_report(verdict, built, sample=run.settings.corridor.sample)
            refused = swap.refuse(run.settings.releases, built.path)
            told = verdict.paragraph(built.release_id)
            raise GateRefusedError(f"{told}\nResults: {refused / 'checks' / 'index.html'}")
        yield dg.Output(built)

    return candidate


def _background(settings: Settings) -> Background:
    previous = settings.current.resolve() if settings.current.is_symlink() else None
    return Background(settings.lake, dbt_manifest(settings), previous)


def _check_results(verdict: Decision, severities: Mapping[str, str]) -> Iterator[dg.AssetCheckResult]:
    """One result for each check of the suites that has an answer; whatever else blocks is a failure of the proof."""
    for row in verdict.results:
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
    proof = [row for row in verdict.results if row.check_name not in severities]
    lacking = "; ".join(row.message for row in proof if row.blocks)
    yield dg.AssetCheckResult(check_name=PROOF, passed=not lacking, description=lacking)


@dg.asset(group_name="release", output_required=False)
def release(
    context: dg.AssetExecutionContext, run: dg.ResourceParam[Run], candidate: Candidate
) -> Iterator[dg.Output[None]]:
    """The candidate made current in one atomic step, which a dry run leaves out."""
    if run.dry_run:
        return
    published = swap.publish(run.settings.releases, candidate.path)
    context.log.info(f"Release {published.name} is current")
    rules = run.settings.file.retention
    for release_id in retention.retire(run.settings.releases, rules):
        context.log.info(f"Release {release_id} is retired (keep_last = {rules.keep_last}): its figures are kept")
    yield dg.Output(None, metadata={"path": str(published)})
