"""A contract as SQL: the typed columns of a row, and a condition with a message for everything that can be wrong.

Belongs here: making SQL text from a contract. Does not belong here: running it (`table_check.py`).
In this SQL `raw_<column>` is the text of a cell, or NULL if it is blank, and `<column>` is its typed value.
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
# Notations that a cast does not read: a time without seconds, or with a blank before its offset.
_OTHER_NOTATIONS = [f"%Y-%m-%d{gap}%H:%M{end}" for gap in "T " for end in ("%z", " %z", ":%S %z")]


@dataclass(frozen=True)
class Condition:
    """What is wrong with a row, and how to say so.

    wrong_when and message are SQL. cross_field: a rule over several cells, for rows whose cells can all be read.
    """

    column: str
    rule: str
    wrong_when: str
    message: str
    severity: Severity = "error"
    cross_field: bool = False


def typed(column: Column, decimal_comma: bool = False) -> str:
    """Return SQL for the value of raw_<column>, NULL if blank or of another type. It never raises."""
    raw = f"raw_{column.name}"
    match column.type:
        case "number" if decimal_comma:
            return f"case when not contains({raw}, '.') then try_cast(replace({raw}, ',', '.') as double) end"
        case "number":
            return f"case when not contains({raw}, '_') then try_cast({raw} as double) end"
        case "integer":
            # Programs with only floating-point columns write 12.0 for 12.
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
                f"try_strptime(regexp_replace({raw}, 'Z$', '+0000'), {_OTHER_NOTATIONS}))"
            )
            return f"case when {_has_offset(raw)} then make_timestamp(epoch_us({moment})) end"
        case "date":
            pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
            return f"case when regexp_full_match({raw}, '{pattern}') then try_cast({raw} as date) end"
        case "month":
            # Spreadsheets turn a month into the first day of the month.
            month = "[0-9]{4}-[0-9]{2}(-01)?"
            return f"case when regexp_full_match({raw}, '{month}') then try_cast(left({raw}, 7) || '-01' as date) end"
    if column.allowed:
        # An enum takes one byte per row instead of sixteen. Values that are not allowed become NULL.
        return f"try_cast({raw} as enum ({', '.join(map(quoted, column.allowed))}))"
    return raw


def conditions(contract: Contract, period: Period, decimal_comma: bool = False) -> list[Condition]:
    """Return everything that can be wrong with one row, in the order in which a receipt lists it.

    Args:
        contract: The contract of the dataset.
        period: The period in the file name.
        decimal_comma: Whether numbers are read with a decimal comma.
    """
    tests = [_is_the_example(contract)]
    tests.extend(condition for column in contract.columns for condition in _column_conditions(column, decimal_comma))
    if contract.row_end:
        tests.append(_in_period(contract, contract.row_end, period))
    tests.extend(
        Condition(rule.column, rule.name, f"({rule.wrong_when})", _filled(rule.message), rule.severity, True)
        for rule in contract.rules
    )
    return tests


def _is_the_example(contract: Contract) -> Condition:
    """Return the condition that a row is the example of the template, in whatever format it was filed."""
    cells = {c.name: f"{c.example}-01" if c.type == "month" else c.example for c in contract.columns}
    same = " and ".join(f"{name} = {quoted(cell)}" if cell else f"{name} is null" for name, cell in cells.items())
    message = "This is the example row of the template. Put your own rows in its place."
    return Condition(contract.columns[0].name, "row_is_not_the_example", same, quoted(message), cross_field=True)


def is_of_one_text(test: Condition, contract: Contract) -> bool:
    """Whether a condition needs the cell of one text column only, so that equal texts are equally wrong."""
    column = contract.by_name[test.column]
    return column.type == "text" and not column.allowed and _is_of_one_column(test, contract)


def legible(column: Column, contract: Contract, tests: Iterable[Condition]) -> str:
    """Return SQL for a cell's typed value, or NULL if the cell itself is wrong, so that its meaning is unknown."""
    own = [test for test in tests if test.column == column.name and test.severity == "error"]
    wrong = [f"({test.wrong_when})" for test in own if _is_of_one_column(test, contract)]
    return f"case when {' or '.join(wrong) or 'false'} then null else {column.name} end"


def _is_of_one_column(test: Condition, contract: Contract) -> bool:
    named = {name.removeprefix("raw_") for name in re.findall(r"\w+", test.wrong_when)}
    return named & set(contract.by_name) == {test.column}


def _column_conditions(column: Column, decimal_comma: bool) -> list[Condition]:
    name, raw = column.name, f"raw_{column.name}"
    tests: list[Condition] = []
    if column.must_be_filled:
        message = f"The cell is blank, but every row needs {name}. Fill it in."
        tests.append(Condition(name, "cell_is_filled", f"{raw} is null", quoted(message)))
    if column.type != "text":
        expected = f"{{{name}}} is not {EXPECTED[column.type]}."
        if decimal_comma and column.type == "number":
            expected = f"{{{name}}} is not a number with a decimal comma, such as 1234,5, as in the rest of the file."
        message = f"concat({_filled(expected)}, {_advice(column, decimal_comma)})"
        unreadable = f"{raw} is not null and {name} is null"
        if column.type == "number":
            unreadable = f"coalesce(not isfinite({name}), {raw} is not null)"
        tests.append(Condition(name, "value_has_its_type", unreadable, message))
    elif not column.allowed:
        tests.extend(_text_conditions(name, raw))
    if column.allowed:
        message = _filled(f"{{{name}}} is not allowed here. Write one of: {', '.join(column.allowed)}.")
        tests.append(Condition(name, "value_is_allowed", f"{raw} is not null and {name} is null", message))
    for bound, sign, words in (
        (column.minimum, "<", "less than {:g}, the smallest value allowed"),
        (column.maximum, ">", "more than {:g}, the largest value allowed"),
    ):
        if bound is not None:
            message = _filled(f"{{{name}}} is {words.format(bound)}. Check the number and its unit.")
            tests.append(Condition(name, "value_is_in_range", f"{name} {sign} {bound!r}", message))
    return tests


def _text_conditions(name: str, raw: str) -> list[Condition]:
    invisible = quoted(
        "The text contains invisible characters, which can come along when text is copied. Type it in again."
    )
    allowed = f"more than the {MAX_TEXT_CHARACTERS} allowed. Shorten it."
    long = f"concat('The text has ', length({raw}), ' characters, {allowed}')"
    return [
        Condition(name, "text_is_visible", f"regexp_matches({raw}, '{INVISIBLE}')", invisible),
        Condition(name, "text_is_short", f"length({raw}) > {MAX_TEXT_CHARACTERS}", long),
    ]


def _in_period(contract: Contract, row_end: str, period: Period) -> Condition:
    column = next(name for name in re.findall(r"\w+", row_end) if name in contract.by_name)
    inside = f"{row_end} >= date '{period.start}' and {row_end} < date '{period.next_start}'"
    message = (
        f"concat('The row ends on ', strftime({row_end}, '%Y-%m-%d'), "
        f"', outside {period.text}, the period in the file name. Send it in the file of its own period.')"
    )
    return Condition(column, "row_is_in_the_period", f"not ({inside})", message)


def _advice(column: Column, decimal_comma: bool) -> str:
    """Return SQL for a sentence on how to correct a value of the wrong type, or for an empty text."""
    raw = f"raw_{column.name}"
    if column.type in ("number", "integer"):
        return (
            f"case when regexp_full_match({raw}, '[+-]?[0-9]{{1,3}}([,. _''][0-9]{{3}})+([.,][0-9]+)?') "
            f"then ' Remove the thousands separators.' "
            f"when {str(not decimal_comma).lower()} and regexp_full_match({raw}, '[+-]?[0-9]+,[0-9]+') "
            f"then ' Replace the decimal comma by a point.' "
            f"when regexp_full_match({raw}, '[+-]?[0-9.,]+ ?[^0-9.,].*') "
            f"then ' Leave only the number in the cell.' else '' end"
        )
    if column.type == "timestamp":
        return (
            f"case when regexp_full_match({raw}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}} ?Z?') "
            f"then ' Add the time of day and the offset.' "
            f"when regexp_matches({raw}, '(?i)[0-9] ?(UTC|GMT)$') then ' Replace the last three letters by Z.' "
            f"when not {_has_offset(raw)} and try_cast({raw} as timestamp) is not null "
            f"then ' Add the offset: Z for UTC, otherwise one such as +08:00.' "
            f"when regexp_full_match({raw}, '[34][0-9]{{4}}([.][0-9]+)?') "
            f"then ' It is the number that a spreadsheet stores for a date. Format the column as text.' else '' end"
        )
    return "''"


def _has_offset(raw: str) -> str:
    # A case, because DuckDB always evaluates both sides of an `or`.
    return f"case when ends_with({raw}, 'Z') then true else regexp_matches({raw}, '{_OFFSET}') end"


def _filled(template: str) -> str:
    """Return SQL for a message in which `{column}` is replaced by that cell as its sender wrote it."""
    parts = re.split(r"\{(\w+)\}", template)
    pieces = [f"coalesce({shown(part)}, '(blank)')" if i % 2 else quoted(part) for i, part in enumerate(parts) if part]
    return f"concat({', '.join(pieces)})"


def shown(column: str) -> str:
    """Return SQL for a cell that is safe to show: shortened, and without control characters."""
    return f"regexp_replace(left(raw_{column}, {MAX_VALUE_CHARACTERS}), '{INVISIBLE}', '\ufffd', 'g')"
