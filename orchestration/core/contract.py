"""The parts of a contract: the columns and rules of a dataset.

Belongs here: Column, Rule, Contract, and the constructors and rules that several datasets share.
Does not belong here: any one dataset (`submissions/contracts/`), or how a file is checked (`submissions/checks/`).

Rules are SQL predicates over the typed columns of one row, true if the row is wrong (docs/method.md#plausibility). They
must never raise, whatever the cells contain: cast with try_cast, divide by nullif.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self, TypedDict, Unpack

Severity = Literal["error", "warning"]
ColumnType = Literal["text", "number", "integer", "boolean", "timestamp", "date", "month"]

SQL_TYPES: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "month": "DATE",
}

EXPECTED: dict[ColumnType, str] = {
    "text": "text",
    "number": "a number with a decimal point and no thousands separators, such as 1234.5",
    "integer": "a whole number, such as 12",
    "boolean": "true or false",
    "timestamp": "a date and time with its offset from UTC, such as 2025-03-01T14:30:00Z",
    "date": "a date such as 2025-03-01",
    "month": "a month such as 2025-03",
}


# The unit by the ending of a column's name, longer endings first.
UNITS = {
    "_kg_per_kwh": "kg CO2e per kWh",
    "_g_per_mj": "g CO2e per MJ",
    "_mj_per_kg": "MJ per kg",
    "_kwh": "kWh",
    "_hours": "hours",
    "_teu": "TEU",
    "_utc": "date and time, UTC",
    "_nm": "nautical miles",
    "_pct": "% by mass",
    "_cst": "cSt",
    "_t": "tonnes",
}

# The columns that the lake adds to each accepted row, unless the dataset has a column of that name.
LAKE_TYPES = {
    "partner_id": "VARCHAR",
    "submission_id": "VARCHAR",
    "period": "VARCHAR",
    "received_at": "TIMESTAMP",
    "row_number": "BIGINT",
}


@dataclass(frozen=True)
class Column:
    """One column of a file. Its name ends with its unit. A blank cell means unknown, never zero.

    Attributes:
        name: The heading.
        type: The type of its cells.
        description: What it means.
        example: The cell in the example row.
        required: The column must exist, and each of its cells must be filled.
        key: The column is part of the identity of a row.
        blank_key: In this key column, a blank is a value of its own.
        allowed: The allowed values; empty if any is allowed.
        minimum: The smallest value allowed.
        maximum: The largest value allowed.
        since: The version of the contract that introduced the column.
        former_name: Its heading in the previous version.
    """

    name: str
    type: ColumnType
    description: str
    example: str
    required: bool = False
    key: bool = False
    blank_key: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    since: int = 1
    former_name: str | None = None

    @property
    def must_be_filled(self) -> bool:
        """Whether every row needs this column."""
        return self.required or (self.key and not self.blank_key)

    @property
    def unit(self) -> str:
        """The unit at the end of the name, in words; empty if there is none."""
        return next((words for ending, words in UNITS.items() if self.name.endswith(ending)), "")


@dataclass(frozen=True)
class Rule:
    """A rule over the cells of a row.

    Attributes:
        name: The name of the check.
        column: The column that the message is about.
        wrong_when: SQL that is true for a wrong row.
        message: The fault and the action; `{name}` stands for the cell of that column.
        severity: Whether a wrong row is rejected or only reported.
    """

    name: str
    column: str
    wrong_when: str
    message: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Contract:
    """The contract of a dataset.

    Attributes:
        dataset: The dataset.
        filed_by: The roles of the partners that file it.
        row_is: What one row stands for.
        columns: The columns.
        row_end: SQL for the moment or day that must be in the period of the file.
        rules: The rules over a row.
        register: Whether each file contains all rows, so that the newest accepted file replaces the previous one.
        version: Raised with every change that makes a file in use wrong. Files of the previous version are still read.
        elsewhere: The checks that need other files, as sentences for the partner.
    """

    dataset: str
    filed_by: tuple[str, ...]
    row_is: str
    columns: tuple[Column, ...]
    row_end: str | None = None
    rules: tuple[Rule, ...] = ()
    register: bool = False
    version: int = 1
    elsewhere: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def by_former_name(self) -> dict[str, Column]:
        """The columns that had another name in the version before, by that name."""
        return {column.former_name: column for column in self.columns if column.former_name}

    def as_filed(self, names: Collection[str], former_names: bool) -> Self:
        """Return the contract that applies to a file: this version, or the version before.

        The version before applies if the file has former names, or if it lacks only columns that this version
        introduced. The new columns are then unknown, without an error.

        Args:
            names: The columns of the file.
            former_names: Whether the file has columns under their former names.
        """
        missing = [column for column in self.columns if column.must_be_filled and column.name not in names]
        is_new = [column.since == self.version > 1 and not column.key for column in missing]
        if not (former_names or missing) or not all(is_new):
            return self
        columns = tuple(replace(column, required=column.required and column not in missing) for column in self.columns)
        return replace(self, columns=columns, version=self.version - 1)

    @property
    def key(self) -> list[str]:
        """The columns that identify a row."""
        return [column.name for column in self.columns if column.key]

    @property
    def own_types(self) -> dict[str, str]:
        """The SQL types of the columns of the dataset."""
        return {column.name: SQL_TYPES[column.type] for column in self.columns}

    @property
    def accepted_types(self) -> dict[str, str]:
        """The SQL types of accepted rows in the lake: the columns of the dataset, then those that the lake adds."""
        return self.own_types | {name: sql_type for name, sql_type in LAKE_TYPES.items() if name not in self.own_types}


class Options(TypedDict, total=False):
    """The options that the constructors below pass on to a Column."""

    required: bool
    key: bool
    blank_key: bool


def text(name: str, description: str, example: str, allowed: Iterable[str] = (), **options: Unpack[Options]) -> Column:
    """Return a column of text.

    Args:
        name: Its heading.
        description: What it means.
        example: The cell in the example row.
        allowed: The allowed values; empty if any text is allowed.
        options: Options of a Column.
    """
    return Column(name, "text", description, example, allowed=tuple(allowed), **options)


def number(
    name: str,
    description: str,
    example: str,
    minimum: float | None = 0,
    maximum: float | None = None,
    **options: Unpack[Options],
) -> Column:
    """Return a column of numbers.

    Args:
        name: Its heading, with the unit at its end.
        description: What it means.
        example: The cell in the example row.
        minimum: The smallest value allowed.
        maximum: The largest value allowed.
        options: Options of a Column.
    """
    return Column(name, "number", description, example, minimum=minimum, maximum=maximum, **options)


def timestamp(name: str, description: str, example: str = "2025-03-01T14:30:00Z", **options: Unpack[Options]) -> Column:
    """Return a column of moments.

    Args:
        name: Its heading.
        description: What it means.
        example: The cell in the example row.
        options: Options of a Column.
    """
    return Column(name, "timestamp", description, example, **options)


FUEL_TYPES = (
    "HFO", "VLSFO", "ULSFO", "LFO", "MGO", "MDO", "LNG", "BIO_LNG", "METHANOL", "BIO_METHANOL", "E_METHANOL",
    "FAME", "HVO", "NH3", "H2",
)  # fmt: skip
ENGINE_TYPES = ("otto_ms", "otto_ss", "diesel_ss", "lbsi", "steam", "conventional")
LOCODE = r"^[A-Z]{2}[A-Z0-9]{3}$"


def imo_number() -> Column:
    """Return the column that identifies the ship."""
    return text("imo_number", "IMO ship number: seven digits, the last a check digit.", "3000013", key=True)


IMO_IS_VALID = Rule(
    "imo_number_is_valid",
    "imo_number",
    # docs/method.md#plausibility: (7 d1 + 6 d2 + 5 d3 + 4 d4 + 3 d5 + 2 d6) mod 10 = d7
    # The digits are taken by division, which is much faster than by substring.
    "case when regexp_full_match(imo_number, '[0-9]{7}') then ("
    + " + ".join(f"{8 - i} * (try_cast(imo_number as integer) // {10 ** (7 - i)} % 10)" for i in range(1, 7))
    + ") % 10 != try_cast(imo_number as integer) % 10 else imo_number is not null end",
    "{imo_number} is not an IMO number, which has seven digits, the last a check digit. Look it up and correct it.",
)


def is_locode(column: str) -> Rule:
    """Return the rule that a column has a UN/LOCODE."""
    return Rule(
        f"{column}_is_a_locode",
        column,
        f"not regexp_full_match({column}, '{LOCODE}')",
        f"{{{column}}} is not a UN/LOCODE. Write the five characters of the port, such as USLAX.",
    )


def not_before(later: str, earlier: str) -> Rule:
    """Return the rule that one moment is after another."""
    return Rule(
        f"{later}_is_after_{earlier}",
        later,
        f"{later} <= {earlier}",
        f"{{{later}}} is not after {{{earlier}}}, the {earlier}. Correct the wrong one.",
    )
