"""A contract as SQL: the typed columns of a row, and a condition with a message for everything that can be wrong.

Belongs here: making SQL text from a contract. Does not belong here: running it (`check.py`).
In this SQL `raw_<column>` is the text of a cell, NULL if blank, and `<column>` its typed value.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from orchestration.core.contract import EXPECTED, Column, Contract, Severity
from orchestration.core.query import quoted
from orchestration.submissions.period import Period
from orchestration.submissions.receipt import INVISIBLE

MAX_VALUE_CHARACTERS = 200
MAX_TEXT_CHARACTERS = 200

_OFFSET = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)? ?[+-][0-9]{2}(:?[0-9]{2})?$"
# What a cast does not read: a moment without seconds, or with a blank before its offset.
_ALSO_READ = [f"%Y-%m-%d{gap}%H:%M{end}" for gap in "T " for end in ("%z", " %z", ":%S %z")]


@dataclass(frozen=True)
class Condition:
    """wrong_when and message are SQL. cross_field: a rule of the contract, for rows whose cells can all be read."""

    column: str
    rule: str
    wrong_when: str
    message: str
    severity: Severity = "error"
    cross_field: bool = False


def typed(column: Column, decimal_comma: bool = False) -> str:
    """SQL: the value of raw_<column>, NULL when blank or not of the type. Never raises; may be infinite."""
    raw = f"raw_{column.name}"
    match column.type:
        case "number" if decimal_comma:
            return f"case when not contains({raw}, '.') then try_cast(replace({raw}, ',', '.') as double) end"
        case "number":
            return f"case when not contains({raw}, '_') then try_cast({raw} as double) end"
        case "integer":
            # What knows only floating-point columns writes 12.0 for 12.
            whole = "[+-]?[0-9]+([.]0+)?"
            return (
                f"case when regexp_full_match({raw}, '{whole}') then try_cast(split_part({raw}, '.', 1) as bigint) end"
            )
        case "boolean":
            return f"case lower({raw}) when 'true' then true when 'false' then false end"
        case "timestamp":
            # Through epoch_us because a cast from TIMESTAMPTZ to TIMESTAMP is many times slower.
            moment = (
                f"coalesce(try_cast({raw} as timestamptz), "
                f"try_strptime(regexp_replace({raw}, 'Z$', '+0000'), {_ALSO_READ}))"
            )
            return f"case when {_has_offset(raw)} then make_timestamp(epoch_us({moment})) end"
        case "date":
            pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
            return f"case when regexp_full_match({raw}, '{pattern}') then try_cast({raw} as date) end"
        case "month":
            # A spreadsheet makes a date of a month.
            month = "[0-9]{4}-[0-9]{2}(-01)?"
            return f"case when regexp_full_match({raw}, '{month}') then try_cast(left({raw}, 7) || '-01' as date) end"
    if column.allowed:
        # One byte a row instead of sixteen, and what is not allowed is NULL.
        return f"try_cast({raw} as enum ({', '.join(map(quoted, column.allowed))}))"
    return raw


def conditions(contract: Contract, period: Period, decimal_comma: bool = False) -> list[Condition]:
    """Everything that one row alone can have wrong, in the order in which its sender is told."""
    found = [_is_the_example(contract)]
    found.extend(condition for column in contract.columns for condition in _column_conditions(column, decimal_comma))
    if contract.row_end:
        found.append(_in_period(contract, contract.row_end, period))
    found.extend(
        Condition(rule.column, rule.name, f"({rule.wrong_when})", _filled(rule.message), rule.severity, True)
        for rule in contract.rules
    )
    return found


def _is_the_example(contract: Contract) -> Condition:
    """The row of the template, filed as it came; whatever format and spreadsheet it has been through."""
    cells = {c.name: f"{c.example}-01" if c.type == "month" else c.example for c in contract.columns}
    same = " and ".join(f"{name} = {quoted(cell)}" if cell else f"{name} is null" for name, cell in cells.items())
    message = "This is the example row of the template. Put your own rows in its place."
    return Condition(contract.columns[0].name, "row_is_not_the_example", same, quoted(message), cross_field=True)


def is_of_one_text(test: Condition, contract: Contract) -> bool:
    """Whether a condition is about a text column alone: equal texts are then equally wrong."""
    column = contract.by_name[test.column]
    return column.type == "text" and not column.allowed and _is_of_one_column(test, contract)


def legible(column: Column, contract: Contract, tests: Iterable[Condition]) -> str:
    """SQL: a cell's typed value; NULL where the cell by itself is wrong, so that nobody can say what was meant."""
    own = [test for test in tests if test.column == column.name and test.severity == "error"]
    wrong = [f"({test.wrong_when})" for test in own if _is_of_one_column(test, contract)]
    return f"case when {' or '.join(wrong) or 'false'} then null else {column.name} end"


def _is_of_one_column(test: Condition, contract: Contract) -> bool:
    named = {name.removeprefix("raw_") for name in re.findall(r"\w+", test.wrong_when)}
    return named & set(contract.by_name) == {test.column}


def _column_conditions(column: Column, decimal_comma: bool) -> list[Condition]:
    name, raw, found = column.name, f"raw_{column.name}", []
    if column.must_be_filled:
        message = f"{name} is blank, and every row needs it."
        found.append(Condition(name, "cell_is_filled", f"{raw} is null", quoted(message)))
    if column.type != "text":
        expected = f"{name} {{{name}}} is not {EXPECTED[column.type]}."
        if decimal_comma and column.type == "number":
            expected = f"{name} {{{name}}} is not a number with a decimal comma, as the others here, such as 1234,5."
        message = f"concat({_filled(expected)}, {_advice(column, decimal_comma)})"
        unreadable = f"{raw} is not null and {name} is null"
        if column.type == "number":
            unreadable = f"coalesce(not isfinite({name}), {raw} is not null)"
        found.append(Condition(name, "value_has_its_type", unreadable, message))
    elif not column.allowed:
        found.extend(_text_conditions(name, raw))
    if column.allowed:
        message = _filled(f"{name} {{{name}}} is not one of: {', '.join(column.allowed)}.")
        found.append(Condition(name, "value_is_allowed", f"{raw} is not null and {name} is null", message))
    for bound, sign, words in (
        (column.minimum, "<", "less than the least"),
        (column.maximum, ">", "more than the most"),
    ):
        if bound is not None:
            message = _filled(f"{name} {{{name}}} is {words} it can be, {bound:g}.")
            found.append(Condition(name, "value_is_in_range", f"{name} {sign} {bound!r}", message))
    return found


def _text_conditions(name: str, raw: str) -> list[Condition]:
    invisible = quoted(
        f"{name} has invisible characters, which text copied from elsewhere can bring. Type it in again."
    )
    long = f"concat('{name} has ', length({raw}), ' characters; the most is {MAX_TEXT_CHARACTERS}.')"
    return [
        Condition(name, "text_is_visible", f"regexp_matches({raw}, '{INVISIBLE}')", invisible),
        Condition(name, "text_is_short", f"length({raw}) > {MAX_TEXT_CHARACTERS}", long),
    ]


def _in_period(contract: Contract, row_end: str, period: Period) -> Condition:
    column = next(name for name in re.findall(r"\w+", row_end) if name in contract.by_name)
    inside = f"{row_end} >= date '{period.start}' and {row_end} < date '{period.next_start}'"
    message = (
        f"concat('The row ends on ', strftime({row_end}, '%Y-%m-%d'), "
        f"', outside {period.text}, the period of the file. Send it in the file of its own period.')"
    )
    return Condition(column, "row_is_in_the_period", f"not ({inside})", message)


def _advice(column: Column, decimal_comma: bool) -> str:
    """SQL: a sentence on how to mend a value of the wrong type, or an empty text."""
    raw = f"raw_{column.name}"
    if column.type in ("number", "integer"):
        return (
            f"case when regexp_full_match({raw}, '[+-]?[0-9]{{1,3}}([,. _''][0-9]{{3}})+([.,][0-9]+)?') "
            f"then ' Take the thousands separators out.' "
            f"when {str(not decimal_comma).lower()} and regexp_full_match({raw}, '[+-]?[0-9]+,[0-9]+') "
            f"then ' Write a point for the decimal comma.' "
            f"when regexp_full_match({raw}, '[+-]?[0-9.,]+ ?[^0-9.,].*') "
            f"then ' Leave out everything but the number.' else '' end"
        )
    if column.type == "timestamp":
        return (
            f"case when regexp_full_match({raw}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}} ?Z?') "
            f"then ' Add the time of day and the offset.' "
            f"when regexp_matches({raw}, '(?i)[0-9] ?(UTC|GMT)$') then ' Write Z in place of the last three letters.' "
            f"when not {_has_offset(raw)} and try_cast({raw} as timestamp) is not null "
            f"then ' Add the offset: Z if it is UTC, else one such as +08:00.' "
            f"when regexp_full_match({raw}, '[34][0-9]{{4}}([.][0-9]+)?') "
            f"then ' This is how a spreadsheet counts days: format the column as text.' else '' end"
        )
    return "''"


def _has_offset(raw: str) -> str:
    # A case, because both sides of an `or` are always evaluated.
    return f"case when ends_with({raw}, 'Z') then true else regexp_matches({raw}, '{_OFFSET}') end"


def _filled(template: str) -> str:
    """SQL for a message in which `{column}` stands for that cell as its sender wrote it."""
    parts = re.split(r"\{(\w+)\}", template)
    pieces = [f"coalesce({shown(part)}, '(blank)')" if i % 2 else quoted(part) for i, part in enumerate(parts) if part]
    return f"concat({', '.join(pieces)})"


def shown(column: str) -> str:
    """SQL: a cell as it may be shown: not too long, and nothing in it that a terminal or a page would obey."""
    return f"regexp_replace(left(raw_{column}, {MAX_VALUE_CHARACTERS}), '{INVISIBLE}', '\ufffd', 'g')"
