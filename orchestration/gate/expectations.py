"""Carries the suites out on one candidate with Great Expectations, and says what came of each check.

Belongs here: handing Great Expectations small frames that SQL made, and reading its results into check rows.
Does not belong here: which checks there are (suites.toml), or whether a candidate is published (gate).
Great Expectations takes 8 to 14 s to import, so only the worker's process imports this module.
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
from orchestration.gate.causes import Rows, behind, named, text, without_identifiers
from orchestration.gate.suites import Check, Suite, Suites

SHOWN_ROWS = 3
NO_FAILING_ROWS = "expect_column_max_to_be_between"
# How much Great Expectations is asked to tell of a result.
YES_OR_NO = {"result_format": "BOOLEAN_ONLY"}
WITH_FAILING_ROWS = {"result_format": "SUMMARY", "partial_unexpected_count": SHOWN_ROWS}
NO_PREVIOUS = "no earlier release"
# Of the text of every failing row, so that it tells the same values in any version of DuckDB.
DIGEST = """
    select sha256(string_agg(failing_row, chr(10) order by failing_row))
    from (select cast(failing as varchar) as failing_row from ({query}) as failing)
"""


@dataclass(frozen=True)
class Asked:
    """A check, the table it is about, and of a query of failing rows their number, the first and a digest of all."""

    table: str
    check: Check
    failing_count: int | None = None
    failing: Rows = ()
    digest: str | None = None


class Inspection:
    """One look at one candidate. con: its files, attached as `kpis` and `warehouse`, with their background."""

    def __init__(self, con: duckdb.DuckDBPyConnection, *, has_previous: bool) -> None:
        self._con = con
        self._has_previous = has_previous
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        frames = context.data_sources.add_pandas("candidate").add_dataframe_asset("frames")
        self._frames = frames.add_batch_definition_whole_dataframe("frame")

    def run(self, suites: Suites) -> list[CheckResult]:
        """One row for every check of every suite."""
        rows = [row for suite in suites.suite for row in self._of_frames(suite)]
        return [*rows, *self._of_failing_rows(suites)]

    def _of_frames(self, suite: Suite) -> Iterator[CheckResult]:
        """The checks of a suite that are about its table, or about the rows of a query."""
        by_query: dict[str, list[Check]] = {}
        for check in suite.check:
            if not check.failing_rows:
                by_query.setdefault(check.query or f"from {suite.table}", []).append(check)
        for query, checks in by_query.items():
            asked = [Asked(suite.table, check) for check in checks]
            try:
                frame = self._con.sql(query).df()
            except duckdb.Error as error:
                yield from (_errored(one, str(error)) for one in asked)
            else:
                key = [name for name in suite.key if name in frame.columns]
                told = WITH_FAILING_ROWS | ({"unexpected_index_column_names": key} if key else {})
                yield from self._validate(frame, asked, told)

    def _of_failing_rows(self, suites: Suites) -> Iterator[CheckResult]:
        """The checks that are a query: one frame of one row for all, a column each with the number of failing rows."""
        counts: dict[str, int] = {}
        asked = []
        for suite in suites.suite:
            for check in suite.check:
                if not check.failing_rows:
                    continue
                if check.needs_previous and not self._has_previous:
                    yield _check_row(Asked(suite.table, check), "passed", NO_PREVIOUS, None, "")
                    continue
                try:
                    one = self._ask(suite.table, check, check.failing_rows)
                except duckdb.Error as error:
                    yield _errored(Asked(suite.table, check), str(error))
                else:
                    counts[check.check_name] = one.failing_count or 0
                    asked.append(one)
        yield from self._validate(pd.DataFrame([counts]), asked, YES_OR_NO)

    def _ask(self, table: str, check: Check, query: str) -> Asked:
        values = check.kwargs or None
        found = self._con.sql(query, params=values)
        count = len(found)
        if not count:
            return Asked(table, check, count)
        failing = found.limit(SHOWN_ROWS).df().to_dict("records")
        told = self._con.execute(DIGEST.format(query=query), values).fetchall() if check.approvable else [(None,)]
        return Asked(table, check, count, failing, digest=told[0][0])

    def _validate(self, frame: pd.DataFrame, asked: Sequence[Asked], told: Mapping[str, Any]) -> Iterator[CheckResult]:
        wanted: dict[str, Asked] = {}
        expectations = []
        for one in asked:
            try:
                expectations.append(_expectation(one.check))
            except Exception as error:  # whatever Great Expectations makes of wrong arguments
                yield _errored(one, repr(error))
            else:
                wanted[one.check.check_name] = one
        if not wanted:
            return
        batch = self._frames.get_batch({"dataframe": frame})
        suite = gx.ExpectationSuite(", ".join(wanted), expectations=expectations)
        results = batch.validate(suite, result_format=dict(told))
        for result in results.results:
            meta: dict[str, str] = result.expectation_config["meta"] if result.expectation_config else {}
            yield self._row(wanted[meta["check_name"]], result)

    def _row(self, asked: Asked, result: ExpectationValidationResult) -> CheckResult:
        raised = _exceptions(result.exception_info)
        if raised:
            return _errored(asked, "; ".join(raised))
        found = result.result
        failing_count, shown = found.get("unexpected_count"), found.get("partial_unexpected_index_list") or []
        if asked.check.failing_rows:
            failing_count, shown = asked.failing_count, asked.failing
            observed = f"{failing_count} failing row{'' if failing_count == 1 else 's'}"
        elif failing_count is None:
            observed = text(found.get("observed_value"))
        else:
            observed = f"{failing_count} failing of {found['element_count']} rows"
        if result.success:
            return _check_row(asked, "passed", observed, failing_count, "")
        shown = shown[:SHOWN_ROWS]
        look_at = f" Look at: {'; '.join(named(without_identifiers(row)) for row in shown)}." if shown else ""
        row = _check_row(asked, "failed", observed, failing_count, asked.check.message + look_at)
        causes = behind(self._con, shown, has_previous=self._has_previous)
        return replace(row, behind=causes, digest=asked.digest)


def _expectation(check: Check) -> Expectation:
    build: Callable[..., Expectation] = get_expectation_impl(check.expectation or NO_FAILING_ROWS)
    kwargs = check.kwargs if check.expectation else {"column": check.check_name, "max_value": 0}
    return build(**kwargs, meta={"check_name": check.check_name})


def _errored(asked: Asked, reason: str) -> CheckResult:
    message = f"The check could not be carried out, so nothing is known: {' '.join(reason.split())}"
    return _check_row(asked, "errored", None, None, message)


def _check_row(
    asked: Asked, verdict: Outcome, observed: str | None, failing_count: int | None, message: str
) -> CheckResult:
    check = asked.check
    return CheckResult(
        check.check_name, asked.table, check.severity, verdict, observed, check.expected, failing_count, message
    )


def _exceptions(info: Mapping[str, Any]) -> list[str]:
    """What an expectation raised: Great Expectations tells it either at once or by the metric that raised."""
    told = [info] if "raised_exception" in info else list(info.values())
    return [str(one["exception_message"]) for one in told if one["raised_exception"]]
