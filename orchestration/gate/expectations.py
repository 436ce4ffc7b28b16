"""Run the suites on one candidate with Great Expectations, and return a check result for each check.

Belongs here: passing small frames, made by SQL, to Great Expectations, and turning its results into check results.
Does not belong here: the list of checks (`suites.toml`), or the decision (`verification.py`).
Great Expectations takes 8 to 14 s to import, so only the worker process imports this module.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import great_expectations as gx
import pandas as pd
from great_expectations.core import ExpectationValidationResult
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.registry import get_expectation_impl

from orchestration.core.check_result import CheckResult, Outcome
from orchestration.gate.causes import Rows, causes_of, row_text, text, without_identifiers
from orchestration.gate.suites import Check, Suite, Suites

SHOWN_ROWS = 3
NO_FAILING_ROWS = "expect_column_max_to_be_between"
PASSED_OR_FAILED = {"result_format": "BOOLEAN_ONLY"}
WITH_FAILING_ROWS = {"result_format": "SUMMARY", "partial_unexpected_count": SHOWN_ROWS}
NO_PREVIOUS = "no earlier release"
# Hashes text, because text is the same in every version of DuckDB.
DIGEST = """
    select sha256(string_agg(failing_row, chr(10) order by failing_row))
    from (select cast(failing as varchar) as failing_row from ({query}) as failing)
"""


@dataclass(frozen=True)
class PreparedCheck:
    """A check with the result of its query of failing rows, if it has one.

    Attributes:
        table: The table that the check is about.
        check: The check.
        failing_count: The number of failing rows.
        failing: The first failing rows.
        digest: A digest of all failing rows, if a person may approve them.
    """

    table: str
    check: Check
    failing_count: int | None = None
    failing: Rows = ()
    digest: str | None = None


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
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        frames = context.data_sources.add_pandas("candidate").add_dataframe_asset("frames")
        self._frames = frames.add_batch_definition_whole_dataframe("frame")

    def run(self, suites: Suites) -> list[CheckResult]:
        """Return one result for every check of every suite."""
        results = [result for suite in suites.suite for result in self._run_expectations(suite)]
        return [*results, *self._run_failing_rows(suites)]

    def _run_expectations(self, suite: Suite) -> Iterator[CheckResult]:
        """Run the checks that are an expectation about the suite's table or about the rows of a query."""
        by_query: dict[str, list[Check]] = {}
        for check in suite.check:
            if not check.failing_rows:
                by_query.setdefault(check.query or f"from {suite.table}", []).append(check)
        for query, checks in by_query.items():
            prepared = [PreparedCheck(suite.table, check) for check in checks]
            try:
                frame = self._con.sql(query).df()
            except duckdb.Error as error:
                yield from (_errored(one, str(error)) for one in prepared)
            else:
                key = [name for name in suite.key if name in frame.columns]
                index = {"unexpected_index_column_names": key} if key else {}
                yield from self._validate(frame, prepared, WITH_FAILING_ROWS | index)

    def _run_failing_rows(self, suites: Suites) -> Iterator[CheckResult]:
        """Run the checks that are a query of failing rows.

        Great Expectations sees one frame with one row and a column per check, which holds the number of failing rows.
        """
        counts: dict[str, int] = {}
        prepared = []
        for suite in suites.suite:
            for check in suite.check:
                if not check.failing_rows:
                    continue
                if check.needs_previous and not self._has_previous:
                    yield _result(PreparedCheck(suite.table, check), "passed", NO_PREVIOUS, None, "")
                    continue
                try:
                    one = self._count_failing_rows(suite.table, check, check.failing_rows)
                except duckdb.Error as error:
                    yield _errored(PreparedCheck(suite.table, check), str(error))
                else:
                    counts[check.check_name] = one.failing_count or 0
                    prepared.append(one)
        yield from self._validate(pd.DataFrame([counts]), prepared, PASSED_OR_FAILED)

    def _count_failing_rows(self, table: str, check: Check, query: str) -> PreparedCheck:
        parameters = check.kwargs or None
        failing = self._con.sql(query, params=parameters)
        count = len(failing)
        if not count:
            return PreparedCheck(table, check, count)
        first = failing.limit(SHOWN_ROWS).df().to_dict("records")
        if not check.approvable:
            return PreparedCheck(table, check, count, first)
        ((digest,),) = self._con.execute(DIGEST.format(query=query), parameters).fetchall()
        return PreparedCheck(table, check, count, first, digest)

    def _validate(
        self, frame: pd.DataFrame, prepared: Sequence[PreparedCheck], result_format: Mapping[str, Any]
    ) -> Iterator[CheckResult]:
        by_name: dict[str, PreparedCheck] = {}
        expectations = []
        for one in prepared:
            try:
                expectations.append(_expectation(one.check))
            except Exception as error:  # Great Expectations raises errors of many types for wrong arguments
                yield _errored(one, repr(error))
            else:
                by_name[one.check.check_name] = one
        if not by_name:
            return
        batch = self._frames.get_batch({"dataframe": frame})
        suite = gx.ExpectationSuite(", ".join(by_name), expectations=expectations)
        validation = batch.validate(suite, result_format=dict(result_format))
        for result in validation.results:
            meta: dict[str, str] = result.expectation_config["meta"] if result.expectation_config else {}
            yield self._check_result(by_name[meta["check_name"]], result)

    def _check_result(self, prepared: PreparedCheck, result: ExpectationValidationResult) -> CheckResult:
        exceptions = _exceptions(result.exception_info)
        if exceptions:
            return _errored(prepared, "; ".join(exceptions))
        detail = result.result
        failing_count, failing = detail.get("unexpected_count"), detail.get("partial_unexpected_index_list") or []
        if prepared.check.failing_rows:
            failing_count, failing = prepared.failing_count, prepared.failing
            observed = f"{failing_count} failing row{'' if failing_count == 1 else 's'}"
        elif failing_count is None:
            observed = text(detail.get("observed_value"))
        else:
            observed = f"{failing_count} failing of {detail['element_count']} rows"
        if result.success:
            return _result(prepared, "passed", observed, failing_count, "")
        failing = failing[:SHOWN_ROWS]
        rows = "; ".join(row_text(without_identifiers(row)) for row in failing)
        message = f"{prepared.check.message} Failing rows: {rows}." if failing else prepared.check.message
        failed = _result(prepared, "failed", observed, failing_count, message)
        causes = causes_of(self._con, failing, has_previous=self._has_previous)
        return replace(failed, behind=causes, digest=prepared.digest)


def _expectation(check: Check) -> Expectation:
    build: Callable[..., Expectation] = get_expectation_impl(check.expectation or NO_FAILING_ROWS)
    kwargs = check.kwargs if check.expectation else {"column": check.check_name, "max_value": 0}
    return build(**kwargs, meta={"check_name": check.check_name})


def _errored(prepared: PreparedCheck, reason: str) -> CheckResult:
    message = f"The check could not run, so its outcome is unknown: {' '.join(reason.split())}"
    return _result(prepared, "errored", None, None, message)


def _result(
    prepared: PreparedCheck, outcome: Outcome, observed: str | None, failing_count: int | None, message: str
) -> CheckResult:
    check = prepared.check
    return CheckResult(
        check.check_name, prepared.table, check.severity, outcome, observed, check.expected, failing_count, message
    )


def _exceptions(info: Mapping[str, Any]) -> list[str]:
    """Return the messages of exceptions inside an expectation: Great Expectations gives one, or one per metric."""
    entries = [info] if "raised_exception" in info else list(info.values())
    return [str(entry["exception_message"]) for entry in entries if entry["raised_exception"]]
