"""Run the suites on one candidate with Great Expectations, and return a check result for each check.

Belongs here: one checkpoint per suite on the tables of the candidate, and turning its results into check results.
Does not belong here: the list of checks (`suites.toml`), or the decision (`verification.py`).
Great Expectations takes 8 to 14 s to import, so only the worker process imports this module.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb
import great_expectations as gx
from great_expectations.core import ExpectationValidationResult
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.registry import get_expectation_impl

from orchestration.core.check_result import CheckResult, Outcome
from orchestration.gate.candidate_engine import add_candidate
from orchestration.gate.causes import causes_of, row_text, text, without_identifiers
from orchestration.gate.suites import Check, Suite, Suites

SHOWN_ROWS = 3
NO_FAILING_ROWS = "unexpected_rows_expectation"
NO_PREVIOUS = "no earlier release"
# Hashes text, because text is the same in every version of DuckDB.
DIGEST = """
    select sha256(string_agg(failing_row, chr(10) order by failing_row))
    from (select cast(failing as varchar) as failing_row from ({query}) as failing)
"""


class SuiteRun:
    """One run of the suites on one candidate."""

    def __init__(self, con: duckdb.DuckDBPyConnection, *, has_previous: bool) -> None:
        """Set up Great Expectations.

        Args:
            con: The candidate's files, attached as `kpis` and `warehouse`, with their reference tables.
            has_previous: Whether there is a previous release to compare with.
        """
        self._con = con
        self._has_previous = has_previous
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._candidate = add_candidate(self._context, con)

    def run(self, suites: Suites) -> list[CheckResult]:
        """Return one result for every check of every suite."""
        results = {result.check_name: result for suite in suites.suite for result in self._run_suite(suite)}
        return [results[check_name] for check_name in suites.check_names]

    def _run_suite(self, suite: Suite) -> Iterator[CheckResult]:
        """Run the checks of one table in one checkpoint."""
        expectations: dict[str, list[Expectation]] = {}
        for check in suite.check:
            if check.needs_previous and not self._has_previous:
                yield _result(suite.table, check, "passed", NO_PREVIOUS)
                continue
            try:
                expectation = _expectation(check)
            except Exception as error:  # Great Expectations raises errors of many types for wrong arguments
                yield _errored(suite.table, check, repr(error))
            else:
                expectations.setdefault(check.query or f"select * from {suite.table}", []).append(expectation)
        definitions = [self._definition(suite, query, each) for query, each in expectations.items()]
        results = self._validate(suite, definitions)
        yield from (
            self._check_result(suite, check, results[check.check_name])
            for check in suite.check
            if check.check_name in results
        )

    def _definition(self, suite: Suite, query: str, expectations: Sequence[Expectation]) -> gx.ValidationDefinition:
        """Return the validation of the rows of a query."""
        name = f"{suite.table}: {query}"
        asset = self._candidate.add_query_asset(name, query=query)
        batch: BatchDefinition[Any] = asset.add_batch_definition_whole_table("all rows")
        together = self._context.suites.add(gx.ExpectationSuite(name, expectations=list(expectations)))
        definition = gx.ValidationDefinition(name=name, data=batch, suite=together)
        return self._context.validation_definitions.add(definition)

    def _validate(
        self, suite: Suite, definitions: list[gx.ValidationDefinition]
    ) -> dict[str, ExpectationValidationResult]:
        """Return the result of each check by its name."""
        if not definitions:
            return {}
        result_format = {
            "result_format": "COMPLETE",
            "partial_unexpected_count": SHOWN_ROWS,
            "unexpected_index_column_names": self._key(suite),
        }
        checkpoint = gx.Checkpoint(name=suite.table, validation_definitions=definitions, result_format=result_format)
        validations = self._context.checkpoints.add(checkpoint).run().run_results.values()
        results = [result for validation in validations for result in validation.results]
        return {
            result.expectation_config["meta"]["check_name"]: result for result in results if result.expectation_config
        }

    def _key(self, suite: Suite) -> list[str]:
        """Return the key columns that the table has: with a missing one, no expectation about it could run."""
        rows = self._con.execute(f"describe {suite.table}").fetchall()
        return [name for name in suite.key if name in {row[0] for row in rows}]

    def _check_result(self, suite: Suite, check: Check, result: ExpectationValidationResult) -> CheckResult:
        if exceptions := _exceptions(result.exception_info):
            return _errored(suite.table, check, "; ".join(exceptions))
        observed, failing_count, failing = _observation(check, result.result)
        if result.success:
            return _result(suite.table, check, "passed", observed, failing_count)
        rows = "; ".join(row_text(without_identifiers(row)) for row in failing)
        message = f"{check.message} Failing rows: {rows}." if failing else check.message
        failed = _result(suite.table, check, "failed", observed, failing_count, message)
        causes = causes_of(self._con, failing, has_previous=self._has_previous)
        return replace(failed, behind=causes, digest=self._digest(check))

    def _digest(self, check: Check) -> str | None:
        """Return a digest of all failing rows, if a person may approve them."""
        if not check.approvable:
            return None
        ((digest,),) = self._con.execute(DIGEST.format(query=check.failing_rows)).fetchall()
        return str(digest)


def _expectation(check: Check) -> Expectation:
    kwargs = {"unexpected_rows_query": check.failing_rows} if check.failing_rows else check.kwargs
    build: Callable[..., Expectation] = get_expectation_impl(check.expectation or NO_FAILING_ROWS)
    return build(**kwargs, meta={"check_name": check.check_name})


def _observation(check: Check, detail: Mapping[str, Any]) -> tuple[str, int | None, list[Mapping[Hashable, Any]]]:
    """Return what an expectation observed, the number of failing rows if it counts rows, and the first of them."""
    if check.failing_rows:
        count, rows = detail["observed_value"], detail["details"]["unexpected_rows"]
        return f"{count} failing row{'' if count == 1 else 's'}", count, rows[:SHOWN_ROWS]
    count = detail.get("unexpected_count")
    rows = detail.get("partial_unexpected_index_list") or []
    observed = (
        text(detail.get("observed_value")) if count is None else f"{count} failing of {detail['element_count']} rows"
    )
    return observed, count, rows[:SHOWN_ROWS]


def _errored(table: str, check: Check, reason: str) -> CheckResult:
    message = f"The check could not run, so its outcome is unknown: {' '.join(reason.split())}"
    return _result(table, check, "errored", None, None, message)


def _result(
    table: str,
    check: Check,
    outcome: Outcome,
    observed: str | None,
    failing_count: int | None = None,
    message: str = "",
) -> CheckResult:
    return CheckResult(
        check.check_name, table, check.severity, outcome, observed, check.expected, failing_count, message
    )


def _exceptions(info: Mapping[str, Any]) -> list[str]:
    """Return the messages of exceptions inside an expectation: Great Expectations gives one, or one per metric."""
    entries = [info] if "raised_exception" in info else list(info.values())
    messages = [str(entry["exception_message"]) for entry in entries if entry["raised_exception"]]
    # The two queries of an expectation fail for the same reason, to which SQLAlchemy adds the SQL.
    return list(dict.fromkeys(message.partition("\n[SQL:")[0] for message in messages))
