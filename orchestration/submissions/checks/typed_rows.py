"""Load a table of text as typed rows, each marked as right, wrong or empty.

Belongs here: the temporary table `cells` and the view `checked` over it, with one row per row of the file.
Does not belong here: which conditions there are (`rules.py`); messages about wrong rows (`failed_checks.py`).
"""

from dataclasses import dataclass

import duckdb

from orchestration.core.contract import Contract
from orchestration.submissions.checks.heading import Heading
from orchestration.submissions.checks.rules import Condition, is_of_one_text, typed
from orchestration.submissions.formats.text_table import TextTable

# States of a row. A wrong row meets at least one condition; an empty row has no content.
RIGHT, WRONG, EMPTY = 0, 1, 2

# From here on it is faster to test each different text once than to test the text of every row.
MANY_ROWS = 50_000


@dataclass(frozen=True)
class RowCounts:
    """Rows with content, wrong rows, rows with a complete key, and different keys."""

    filled: int
    wrong: int
    keyed: int
    keys: int


@dataclass(frozen=True)
class TypedRows:
    """What the typed rows of a file are made from."""

    contract: Contract
    table: TextTable
    heading: Heading

    def load(self, con: duckdb.DuckDBPyConnection, tests: list[Condition], decimal_comma: bool = False) -> None:
        """Create `cells` and `checked`.

        Of a long file, conditions on one text column are tested once per different text after the load. If one of them
        is met, the file is loaded again with all conditions tested row by row.
        """
        many = (self.table.rows_expected or 0) > MANY_ROWS
        of_texts = [test for test in tests if many and is_of_one_text(test, self.contract)]
        self._load(con, [test for test in tests if test not in of_texts], decimal_comma)
        if _some_text_is_wrong(con, of_texts):
            self._load(con, tests, decimal_comma)

    def _load(self, con: duckdb.DuckDBPyConnection, tests: list[Condition], decimal_comma: bool) -> None:
        contract, numbered = self.contract, self.table.numbered
        names, width = ", ".join(contract.by_name), len(self.heading.written)
        wrong = [test.wrong_when for test in tests] + [f"source_cells <> {width}"] * numbered
        content = [f"raw_{name}" for name in self.heading.places] + (["other_content"] if self._other_cells() else [])
        con.execute(f"""
            create or replace temp table cells as
            with lines as ({self._lines_sql()}),
            typed as (
                select *, {", ".join(f"{typed(c, decimal_comma)} as {c.name}" for c in contract.columns)} from lines
            ),
            marked as (
                select *, case when coalesce({", ".join(content)}, null) is null then {EMPTY}
                    when {" or ".join(wrong) or "false"} then {WRONG} else {RIGHT} end::utinyint as state
                from typed
            )
            select {names}, state,
                case when state = {WRONG} then [{", ".join(f"raw_{name}" for name in contract.by_name)}] end as raw
                {", source_row, source_cells" if numbered else ""}
            from marked
        """)
        numbering = (
            f"source_row as row_number, source_cells as cells_found, source_cells <> {width} as ragged"
            if numbered
            else f"rowid + 2 as row_number, {width} as cells_found, false as ragged"
        )
        con.execute(f"create or replace temp view checked as select {names}, state, raw, {numbering} from cells")

    def _lines_sql(self) -> str:
        """Return SQL for the cells of the file as raw_<column>, with the content of all other columns."""
        places, others = self.heading.places, self._other_cells()
        raw = [f"{f'c{places[n]}' if n in places else 'null::varchar'} as raw_{n}" for n in self.contract.by_name]
        other_content = f"coalesce({', '.join(others)}, null)" if others else "null"
        numbers = "source_row, source_cells" if self.table.numbered else "null as source_row, null as source_cells"
        return f"select {', '.join(raw)}, {other_content} as other_content, {numbers} from ({self.table.source})"

    def _other_cells(self) -> list[str]:
        used = set(self.heading.places.values())
        return [f"c{place}" for place in range(len(self.heading.written)) if place not in used]


def some_row_is_wrong(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a row of the loaded file is wrong."""
    return bool(con.execute(f"select bool_or(state = {WRONG}) from checked").fetchall()[0][0])


def count_lines(con: duckdb.DuckDBPyConnection) -> int:
    """Count the rows of the loaded file, empty ones included."""
    return int(con.execute("select count(*) from cells").fetchall()[0][0])


def count_rows(con: duckdb.DuckDBPyConnection, contract: Contract) -> RowCounts:
    """Count the rows of the loaded file by their state and key."""
    key_hash = f"case when {has_key(contract)} then hash({', '.join(contract.key)}) end"
    counts = con.execute(f"""
        select count(*) filter (state < {EMPTY}), count(*) filter (state = {WRONG}), count(key), count(distinct key)
        from (select state, {key_hash} as key from checked)
    """).fetchall()[0]
    return RowCounts(*counts)


def has_key(contract: Contract) -> str:
    """Return SQL that is true for a row with content whose key is complete."""
    filled = [f"{c.name} is not null" for c in contract.columns if c.key and not c.blank_key]
    return " and ".join([f"state < {EMPTY}", "not ragged", *filled])


def _some_text_is_wrong(con: duckdb.DuckDBPyConnection, tests: list[Condition]) -> bool:
    """Whether a text in a row that is right so far meets one of these conditions, each of which needs one text only."""
    for column in dict.fromkeys(test.column for test in tests):
        wrong = " or ".join(test.wrong_when for test in tests if test.column == column)
        texts = f"select distinct {column}, {column} as raw_{column} from cells where state = {RIGHT}"
        if con.execute(f"select bool_or({wrong}) from ({texts})").fetchall()[0][0]:
            return True
    return False
