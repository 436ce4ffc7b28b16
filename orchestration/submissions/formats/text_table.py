"""What every format module returns: a heading, and SQL that yields the cells below it as text.

Belongs here: the one shape between the formats and the check. Does not belong here: any format.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class TextTable:
    """heading: as its sender wrote it. source: SQL, VARCHAR columns c0, c1, ... in the order of the heading,
    trimmed, NULL where blank.

    numbered: the source also yields source_row, the row as a spreadsheet shows it, and source_cells, the cells found
    in it; else every row is whole and they follow the heading one by one.
    exact: another reading of the same file, for when DuckDB cannot run this one; slower, and it names the fault.
    """

    heading: list[str]
    source: str
    numbered: bool = False
    exact: Callable[[], "TextTable"] | None = None

    def with_exact_reading(self, exact: Callable[[], "TextTable"]) -> Self:
        return replace(self, exact=exact)
