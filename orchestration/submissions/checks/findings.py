"""What is wrong with a table, as SQL over `checked` and as findings about its heading.

Belongs here: finding texts and the rows they come from. Does not belong here: running it (`check.py`), or what a
single cell may hold (`rules.py`).
"""

from orchestration.core.contract import Contract
from orchestration.core.query import quoted
from orchestration.submissions.checks.rules import Condition, legible, shown
from orchestration.submissions.formats.text_table import Origins
from orchestration.submissions.receipt import Finding, Refusal, file_finding, visible

# States of a row in `checked`: right, to be looked at, without any content.
RIGHT, WRONG, EMPTY = 0, 1, 2


def heading_findings(ignored: list[str], renamed: list[str]) -> list[Finding]:
    unknown = "The column {} is not known and was ignored."
    former = "The column {0} was found under the name it had before. It was read; call it {0} from now on."
    return [
        *(file_finding("column_is_known", "warning", unknown.format(name), name) for name in ignored),
        *(file_finding("column_has_its_name", "warning", former.format(name), name) for name in renamed),
    ]


def columns_missing(missing: list[str], heading: list[str], rows_read: int) -> Refusal:
    return Refusal(
        "required_columns_are_there",
        f"The heading lacks {', '.join(missing)}. It has: {', '.join(visible(name.strip()) for name in heading[:50])}.",
        missing[0],
        rows_read,
    )


def has_key(contract: Contract) -> str:
    filled = [f"{c.name} is not null" for c in contract.columns if c.key and not c.blank_key]
    return " and ".join([f"state < {EMPTY}", "not ragged", *filled])


def row_findings_sql(contract: Contract, cells: int, tests: list[Condition]) -> str:
    """Findings of the rows to be looked at; a ragged row has no other, one with unreadable cells no cross-field one."""
    found = [_finding_sql(place, test) for place, test in enumerate(tests)]
    single = [sql for sql, test in zip(found, tests, strict=True) if not test.cross_field]
    unreadable = [test.wrong_when for test in tests if test.rule == "value_has_its_type"] or ["false"]
    ragged = Condition(
        contract.columns[0].name,
        "row_has_all_its_cells",
        "true",
        f"concat('The row has ', cells_found, ' cells and the heading has {cells}. "
        "Put quotation marks around a cell that holds the delimiter; a row needs none at its end.')",
    )
    raw = ", ".join(f"raw[{i}] as raw_{name}" for i, name in enumerate(contract.by_name, start=1))
    return f"""
        insert into findings by name
        select row_number, f.place, f.column_name, f.value, f.rule, f.severity, f.message
        from (
            select row_number, unnest(case
                when ragged then [{_finding_sql(0, ragged)}]
                when {" or ".join(unreadable)} then [{", ".join(single)}]
                else [{", ".join(found)}] end) as f
            from (select *, {raw} from checked where state = {WRONG})
        )
        where f is not null
    """


def _finding_sql(place: int, test: Condition) -> str:
    fields = {
        "place": str(place),
        "column_name": quoted(test.column),
        "value": shown(test.column),
        "rule": quoted(test.rule),
        "severity": quoted(test.severity),
        "message": test.message,
    }
    return f"case when {test.wrong_when} then {{{', '.join(f'{k!r}: {sql}' for k, sql in fields.items())}}} end"


def repeated_keys_sql(contract: Contract) -> str:
    """A finding for every row whose key stands in another row too: which of them is right nobody can know here."""
    key = ", ".join(contract.key)
    return f"""
        insert into findings by name
        with keyed as (
            select row_number, {key}, hash({key}) as key_hash from checked where {has_key(contract)}
        ),
        suspects as (select key_hash from keyed group by key_hash having count(*) > 1),
        repeated as (
            select min({contract.key[0]}::varchar) as value, list(row_number order by row_number) as numbers
            from keyed where key_hash in (select key_hash from suspects)
            group by {key} having count(*) > 1
        )
        select unnest(numbers) as row_number, {len(contract.columns) * 10} as place,
            '{contract.key[0]}' as column_name, value, 'key_is_unique' as rule, 'error' as severity,
            concat('Rows ', array_to_string(numbers[:5], ', '), case when len(numbers) > 5 then ' and more' else '' end,
                ' have the same {key}. Keep the one that is right.') as message
        from repeated
    """


def rejected_sql(contract: Contract, tests: list[Condition], origins: Origins | None) -> str:
    """`rejected`: the rows of `checked` that have an error, by number, and what can be read of each.

    Of a ragged row nothing can: its cells may stand under other headings than their own.
    """
    of_format = f"union select row_number from ({origins.findings})" if origins and origins.findings else ""
    raw = ", ".join(f"raw[{i}] as raw_{name}" for i, name in enumerate(contract.by_name, start=1))
    cells = (
        f"case when state = {RIGHT} then {c.name} when not ragged then {legible(c, contract, tests)} end as {c.name}"
        for c in contract.columns
    )
    return f"""
        create or replace temp table rejected as
        with wrong as (
            select row_number from findings where severity = 'error' and row_number is not null
            {f"{of_format} where severity = 'error'" if of_format else ""}
        )
        select row_number, {", ".join(cells)} from (
            select *, {raw} from checked where row_number in (select row_number from wrong)
        )
    """


def in_the_file_sql(origins: Origins) -> list[str]:
    """Statements by which findings about made rows point at the rows and columns they were made from."""
    column = f"case column_name {' '.join(f'when {quoted(k)} then {v}' for k, v in origins.columns.items())} end"
    statements = [
        f"delete from findings where rule in ({', '.join(map(quoted, origins.replaced)) or 'null'})",
        f"""
        update findings set made_row = findings.row_number, row_number = made.file_row,
            column_name = coalesce({column}, column_name),
            message = case when starts_with(message, column_name || ' ')
                then concat(coalesce({column}, column_name), substr(message, length(column_name) + 1))
                else message end
        from {origins.rows} as made where findings.row_number = made.row_number and findings.place >= 0
        """,
    ]
    if origins.findings:
        statements.append(f"""
            insert into findings by name
            select row_number as made_row, file_row as row_number, 0 as place, file_column as column_name, value, rule,
                severity, message
            from ({origins.findings})
        """)
    return statements
