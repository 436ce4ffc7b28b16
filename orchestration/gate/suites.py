"""The suites of the release gate as data: which expectations each table of a candidate has to meet.

Belongs here: the shape of suites.toml and reading it. Does not belong here: any threshold (suites.toml holds what
physics and the contract fix, corridor.toml's [gate] what a corridor sets) or carrying the checks out.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from orchestration.core.errors import CorridorError

SUITES = Path(__file__).with_name("suites.toml")


class Check(BaseModel):
    """One expectation: a Great Expectations type with its arguments, or a query that returns the failing rows.

    kwargs: of the expectation, or the values that the query of failing rows names as $key.
    With `query` the expectation is about that query's rows, else about the suite's table. `expected` may name kwargs
    and the numbers of [gate] in braces; `message` says what a failure means and what to do.
    needs_previous: about the release before; the first release passes. approvable: what it refuses may be right, so a
    person may decide to publish it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    check_name: str
    severity: Literal["block", "warn", "info"]
    expectation: str | None = None
    kwargs: dict[str, Any] = Field(default_factory=dict)
    query: str | None = None
    failing_rows: str | None = None
    needs_previous: bool = False
    approvable: bool = False
    expected: str
    message: str

    @model_validator(mode="after")
    def is_an_expectation_or_a_query_of_failing_rows(self) -> Self:
        """Require exactly one way to find failing rows."""
        if (self.expectation is None) == (self.failing_rows is None):
            raise ValueError(
                "give one of `expectation` (with `query` if it is not about the table), `failing_rows`, `failing_where`"
            )
        if self.failing_rows and self.query:
            raise ValueError("`failing_rows` takes no `query`")
        if (self.approvable or self.needs_previous) and not self.failing_rows:
            raise ValueError("`approvable` and `needs_previous` are for `failing_rows` alone")
        if self.approvable and self.severity != "block":
            raise ValueError("`approvable` is for a check that blocks: nothing else waits for a decision")
        return self

    def resolved(self, gate: Mapping[str, Any]) -> Self:
        """This check with `{ gate = "key" }` replaced by that value, and `expected` filled in.

        Raises CorridorError for a key that [gate] has not and an argument that is not given.
        """
        try:
            kwargs = {k: gate[v["gate"]] if isinstance(v, dict) else v for k, v in self.kwargs.items()}
            words = {k: ", ".join(map(str, v)) if isinstance(v, list) else v for k, v in {**gate, **kwargs}.items()}
            return self.model_copy(update={"kwargs": kwargs, "expected": self.expected.format(**words)})
        except KeyError as error:
            raise CorridorError(
                f"The gate's check {self.check_name} names {error}: expected a key of [gate] in corridor.toml, "
                "or in `expected` one of its kwargs."
            ) from None


class Suite(BaseModel):
    """The checks of one table, named as SQL names it in a candidate. key: the columns by which a row is pointed at.

    A check may give `failing_where`, a condition, and `shown`, more columns than the key: short for the `failing_rows`
    that select these columns of the table's rows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str = Field(pattern=r"^(kpis|warehouse)\.\w+\.\w+$")
    key: list[str] = Field(default_factory=list)
    check: list[Check]

    @model_validator(mode="before")
    @classmethod
    def conditions_are_queries(cls, suite: Any) -> Any:
        """Turn each `failing_where` into a query of failing rows."""
        if not isinstance(suite, dict) or not {"table", "check"} <= suite.keys():
            return suite
        return {**suite, "check": [_with_query(check, suite) for check in suite["check"]]}


class Suites(BaseModel):
    """Every suite of the gate; check names are unique over all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: list[Suite]

    @model_validator(mode="after")
    def names_are_unique(self) -> Self:
        """Require that no table and no check is named twice."""
        for kind, names in (("table", self.tables), ("check_name", self.check_names)):
            doubles = sorted({name for name in names if names.count(name) > 1})
            if doubles:
                raise ValueError(f"{kind} must be unique; used twice: {', '.join(doubles)}")
        return self

    def resolved(self, gate: Mapping[str, Any]) -> "Suites":
        """These suites with the values of a corridor's [gate] in place."""
        return Suites(
            suite=[
                suite.model_copy(update={"check": [check.resolved(gate) for check in suite.check]})
                for suite in self.suite
            ]
        )

    @property
    def check_names(self) -> list[str]:
        """The names of all checks, in the order of the file."""
        return [check.check_name for suite in self.suite for check in suite.check]

    @property
    def tables(self) -> list[str]:
        """The tables that have a suite, in the order of the file."""
        return [suite.table for suite in self.suite]


def _with_query(check: dict[str, Any], suite: Mapping[str, Any]) -> dict[str, Any]:
    if "failing_where" not in check or "failing_rows" in check:
        return check
    columns = ", ".join([*suite.get("key", []), *check.get("shown", [])]) or "*"
    query = f"select {columns} from {suite['table']} where {check['failing_where']}"
    return {k: v for k, v in check.items() if k not in ("failing_where", "shown")} | {"failing_rows": query}


def load_suites(path: Path = SUITES) -> Suites:
    """The suites of a TOML file. Raises CorridorError naming the file and what is wrong with it."""
    try:
        return Suites.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise CorridorError(f"{path}, the gate's suites, cannot be used: {error}") from None
