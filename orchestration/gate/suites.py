"""The suites of the release gate as data: the checks of each table of a candidate.

Belongs here: the structure of suites.toml, and reading it.
Does not belong here: a threshold (`suites.toml` has those of physics and contract, [gate] of corridor.toml those of a
corridor), or running the checks (`expectations.py`).
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from orchestration.core.errors import CorridorError
from orchestration.core.query import quoted

SUITES = Path(__file__).with_name("suites.toml")


class Check(BaseModel):
    """One check: an expectation of Great Expectations with its arguments, or a query that returns the failing rows.

    Attributes:
        check_name: The name of the check.
        severity: What a failure means.
        expectation: The expectation's type.
        kwargs: Arguments of the expectation, or parameters of `failing_rows`, which uses them as $key.
        query: The rows that the expectation is about; the suite's table by default.
        failing_rows: A query that returns the failing rows.
        needs_previous: The check compares with the previous release; it passes if there is none.
        approvable: A failing row may be right, so a person may approve it.
        expected: The expectation as text; kwargs and numbers of [gate] may stand in braces.
        message: The meaning of a failure and the action.
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
        """Require exactly one kind of check, with the options of that kind."""
        if (self.expectation is None) == (self.failing_rows is None):
            raise ValueError(
                "give one of `expectation`, `failing_rows` and `failing_where` (`query` belongs to `expectation`)"
            )
        if self.failing_rows and self.query:
            raise ValueError("`query` belongs to `expectation`; remove it from a check with `failing_rows`")
        if (self.approvable or self.needs_previous) and not self.failing_rows:
            raise ValueError("`approvable` and `needs_previous` need `failing_rows`")
        if self.approvable and self.severity != "block":
            raise ValueError("`approvable` needs severity `block`: a check of another severity refuses no candidate")
        return self

    def resolved(self, gate: Mapping[str, Any]) -> Self:
        """Replace `{ gate = "key" }` by that value, `$key` in `failing_rows`, and the braces of `expected`.

        Raises:
            CorridorError: [gate] lacks the key, or `expected` names an argument that the check lacks.
        """
        try:
            kwargs = {k: gate[v["gate"]] if isinstance(v, dict) else v for k, v in self.kwargs.items()}
            texts = {k: ", ".join(map(str, v)) if isinstance(v, list) else v for k, v in {**gate, **kwargs}.items()}
            update = {"kwargs": kwargs, "expected": self.expected.format(**texts)}
        except KeyError as error:
            raise CorridorError(
                f"Unknown key {error} in the gate's check {self.check_name}. Use a key of [gate] in corridor.toml, or, "
                "in `expected`, one of the check's kwargs."
            ) from None
        if self.failing_rows:
            literals = {key: _literal(value) for key, value in kwargs.items()}
            update["failing_rows"] = Template(self.failing_rows).safe_substitute(literals)
        return self.model_copy(update=update)


class Suite(BaseModel):
    """The checks of one table.

    A check may give `failing_where`, a condition, and `shown`, columns in addition to the key. They are short for a
    query `failing_rows` that selects these columns of the table's rows.

    Attributes:
        table: The table by its name in SQL.
        key: The columns that identify a row in messages.
        check: The checks.
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
    """All suites of the gate; tables and check names are unique."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: list[Suite]

    @model_validator(mode="after")
    def names_are_unique(self) -> Self:
        """Require unique tables and check names."""
        for kind, names in (("table", self.tables), ("check_name", self.check_names)):
            doubles = sorted({name for name in names if names.count(name) > 1})
            if doubles:
                raise ValueError(f"{kind} must be unique; used twice: {', '.join(doubles)}")
        return self

    def resolved(self, gate: Mapping[str, Any]) -> "Suites":
        """Return these suites with the values of a corridor's [gate]."""
        return Suites(
            suite=[
                suite.model_copy(update={"check": [check.resolved(gate) for check in suite.check]})
                for suite in self.suite
            ]
        )

    @property
    def check_names(self) -> list[str]:
        """The names of all checks in the order of the file."""
        return [check.check_name for suite in self.suite for check in suite.check]

    @property
    def tables(self) -> list[str]:
        """The tables that have a suite in the order of the file."""
        return [suite.table for suite in self.suite]


def _literal(value: object) -> str:
    return quoted(value) if isinstance(value, str) else "null" if value is None else repr(value)


def _with_query(check: dict[str, Any], suite: Mapping[str, Any]) -> dict[str, Any]:
    if "failing_where" not in check or "failing_rows" in check:
        return check
    columns = ", ".join([*suite.get("key", []), *check.get("shown", [])]) or "*"
    query = f"select {columns} from {suite['table']} where {check['failing_where']}"
    return {k: v for k, v in check.items() if k not in ("failing_where", "shown")} | {"failing_rows": query}


def load_suites(path: Path = SUITES) -> Suites:
    """Read the suites of a TOML file.

    Raises:
        CorridorError: The file cannot be read or is invalid; the message names the file and the fault.
    """
    try:
        return Suites.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise CorridorError(f"The gate's suites {path} are invalid: {error}") from None
